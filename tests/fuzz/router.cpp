// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/router.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "config/router_script.h"
#include "sw/hal/native/test_machine.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/net.h"
#include "sw/user/programs.h"
#include "sw/user/socket.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/ipv4.h"
#include "tests/fuzz/mailbox.h"
#include "tests/fuzz/settings.h"
#include "tests/fuzz/tcp_peers.h"

namespace fw::fuzz {

namespace {

namespace rc = regs::config;

constexpr u32 kFirstPort = 2;
constexpr u8 kExperiments = 253;        ///< RFC 3692
constexpr u64 kSettleUs = 200'000'000;  ///< longer than any reassembly timer here (30 s) and a neighbour's retries

NetdevTx swallow(sk_buff* skb, net_device*) {
    note_sent(Bytes(skb->data, skb->data + skb->len));
    consume_skb(skb);
    return NETDEV_TX_OK;
}
constexpr net_device_ops kSwallow = {nullptr, nullptr, swallow, nullptr};

net_device* port(u32 number) {
    static net_device devices[kPorts];
    return &devices[number % kPorts];
}

void set_address(u32 number) {
    const u8 mac[] = {2, 0, 0, 0, 0, static_cast<u8>(number + 1)};
    std::memcpy(port(number)->dev_addr, mac, sizeof mac);
}

void make_port(u32 number) {
    net_device* dev = port(number);
    std::memcpy(dev->name, "eth0", 5);
    dev->name[3] = static_cast<char>('0' + number);
    dev->ifindex = kFirstPort + number;
    dev->mtu = dev->max_mtu = kMostPacket;
    dev->hard_header_len = wire::kEthHeaderBytes;
    dev->ops = &kSwallow;
    set_address(number);
    register_netdevice(dev);
}

/// Commands to the firmware, as the run gives them; a line that cannot be obeyed changes nothing.
void configure(const char* text) {
    static std::map<const char*, std::vector<turnpike::config::Message>> parsed;
    const auto [at, is_new] = parsed.try_emplace(text);
    if (is_new) {
        const auto script = turnpike::config::parse_router_script("settings.h", text, {"eth0", "eth1", "eth2"});
        for (const auto& command : script.commands)
            at->second.insert(at->second.end(), command.messages.begin(), command.messages.end());
    }
    post(at->second);
}

void start_service(u8 program, u8 protocol, u16 number) {
    rc::LocalTask task;
    task.program = program;
    task.protocol = protocol;
    task.port = number;
    post({turnpike::config::encode(task)});
}

/// Takes what no other socket of the router does.
void read_experiments() {
    const int fd = user::socket(user::SOCK_RAW, kExperiments);
    u8 buffer[2048];
    user::sockaddr_in from;
    while (user::recvfrom(fd, buffer, sizeof buffer, from) >= 0) {
    }
}

/// Two datagrams, longer than a link takes, and an echo request.
void send_something() {
    rc::LocalTask task;
    task.program = rc::LOCAL_SENDER;
    task.protocol = wire::IPPROTO_UDP;
    task.remote = 0x0A000063;  // 10.0.0.99, which nobody has
    task.remote_port = 9;
    task.count = 2;
    task.bytes = 3000;
    post({turnpike::config::encode(task)});
    task.program = rc::LOCAL_PING;
    task.protocol = wire::IPPROTO_ICMP;
    task.remote = 0x0A000102;
    task.count = 1;
    post({turnpike::config::encode(task)});
}

/// What is free when nothing is on its way.
u32& free_slots() {
    static u32 slots = 0;
    return slots;
}

void boot_once() {
    static bool booted = false;
    if (booted) return;
    booted = true;
    native::boot();
    open_mailbox();
    for (u32 n = 0; n < kPorts; ++n) make_port(n);
    start_service(rc::LOCAL_ECHO, wire::IPPROTO_UDP, 7);
    start_service(rc::LOCAL_DISCARD, wire::IPPROTO_UDP, 9);
    start_service(rc::LOCAL_ECHO, wire::IPPROTO_TCP, 7);
    start_service(rc::LOCAL_DISCARD, wire::IPPROTO_TCP, 9);
    native::run_program(read_experiments);
    native::advance(0);
    free_slots() = skb_free_slots();
}

}  // namespace

void receive(u32 number, u16 ethertype, To to, const Bytes& payload) {
    constexpr u8 kFrom[6] = {2, 0, 0, 0, 9, 9}, kOther[6] = {2, 0, 0, 0, 8, 8};
    constexpr u8 kAll[6] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, kGroup[6] = {1, 0, 0x5E, 1, 1, 1};
    sk_buff* skb = alloc_skb();
    if (!skb) std::abort();
    net_device* dev = port(number);
    const u8* destinations[] = {dev->dev_addr, kAll, kGroup, kOther};
    u8* header = skb_put(skb, wire::kEthHeaderBytes);
    std::memcpy(header, destinations[static_cast<u8>(to)], 6);
    std::memcpy(header + 6, kFrom, 6);
    header[12] = static_cast<u8>(ethertype >> 8);
    header[13] = static_cast<u8>(ethertype);
    const u32 bytes = std::min(static_cast<u32>(payload.size()), kMostPacket);
    if (bytes != 0) std::memcpy(skb_put(skb, bytes), payload.data(), bytes);
    eth_type_trans(skb, dev);
    netif_receive_skb(skb);
    native::advance(0);
}

void happen(u8 what) {
    constexpr u64 kUs[] = {0, 1'000, 1'100'000, 31'000'000};
    const u32 change = what >> 2;
    const u32 place = change < kSending ? change : change - 1;
    if (change == kSending) {
        send_something();
    } else if (place >= 1 && place <= std::size(kChanges)) {
        configure(kChanges[place - 1]);
    }
    if (kUs[what & 3] != 0) native::advance(kUs[what & 3]);
}

void begin(u32 settings) {
    boot_once();
    native::machine().console.clear();
    sysctl_init();
    configure(kReset);
    for (u32 n = 0; n < kPorts; ++n) set_address(n);
    configure(kBase);
    for (u32 n = 0; n < std::size(kChoices); ++n)
        if (settings >> n & 1) configure(kChoices[n]);
}

void finish() {
    native::advance(kSettleUs);
    end_connections();
    native::advance(kSettleUs);
    if (skb_free_slots() != free_slots()) std::abort();
}

}  // namespace fw::fuzz
