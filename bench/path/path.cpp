// SPDX-License-Identifier: Apache-2.0
#include "bench/path/path.h"

#include "sw/app/boot.h"
#include "sw/hal/task.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/skbuff.h"
#include "sw/net/net.h"
#include "sw/wire/checksum.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/udp.h"

namespace fw {

// What the machine answers where there is none.
namespace hal {
unsigned machine_cpus() { return 1; }
void start_other_cpus() {}
void init_cpu(unsigned) {}
void panic(const char*) { __builtin_trap(); }
// There are no tasks.
void task_prepare(task_struct*) {}
bool task_set_argument(task_struct*, const void*, u64) { return false; }
void switch_to(task_context&, const task_context&, const task_struct*) {}
void enter_user(const task_struct*) { __builtin_trap(); }
bool user_range(const task_struct*, u64, u64, bool) { return false; }
}  // namespace hal

namespace {

namespace rc = regs::config;

constexpr u32 kEth0 = 2, kEth1 = 3;
constexpr u32 kNeighbours = 4, kRoutes = 16;
constexpr u32 kFrameBytes = 60;  // the least on the wire, without FCS
constexpr u32 kPayload = kFrameBytes - wire::kEthHeaderBytes - wire::kIpv4HeaderBytes - wire::kUdpHeaderBytes;

constexpr u32 ip4(u32 a, u32 b, u32 c, u32 d) { return a << 24 | b << 16 | c << 8 | d; }

constinit net_device ports[2] = {};
constinit sk_buff* arrived[PATH_MOST_PACKETS] = {};
constinit u32 batch = 0;
constinit sk_buff_head departed = {};
constinit u64 forwarded = 0, digest = 0;

NetdevTx take(sk_buff* skb, net_device*) {
    skb_queue_tail(&departed, skb);
    return NETDEV_TX_OK;
}
constexpr net_device_ops kOps = {nullptr, nullptr, take, nullptr};

int make_port(u32 n) {
    net_device* dev = &ports[n];
    const char name[] = {'e', 't', 'h', static_cast<char>('0' + n), 0};
    __builtin_memcpy(dev->name, name, sizeof name);
    const u8 mac[ETH_ALEN] = {2, 0, 0, 0, static_cast<u8>(n), 1};
    __builtin_memcpy(dev->dev_addr, mac, sizeof mac);
    dev->ifindex = kEth0 + n;
    dev->mtu = dev->max_mtu = 1500;
    dev->hard_header_len = wire::kEthHeaderBytes;
    dev->ops = &kOps;
    if (const int error = register_netdevice(dev)) return error;
    msg::LinkSet up;
    up.ifindex = dev->ifindex;
    up.flags = up.change = rc::IFF_UP;
    if (const int error = inet_link_set(up)) return error;
    msg::AddrAdd address;
    address.ifindex = dev->ifindex;
    address.address = ip4(10, 0, n, 1);
    address.prefixlen = 24;
    return inet_addr_add(address);
}

int add_neighbour(u32 number) {
    msg::NeighAdd neighbour;
    neighbour.ifindex = kEth1;
    neighbour.address = ip4(10, 0, 1, 2 + number);
    const u8 mac[ETH_ALEN] = {2, 0, 0, 0xB, 1, static_cast<u8>(number)};
    __builtin_memcpy(neighbour.mac, mac, sizeof mac);
    neighbour.state = rc::NUD_PERMANENT;
    neighbour.create = neighbour.has_mac = 1;
    return inet_neigh_add(neighbour);
}

int add_route(u32 number) {
    msg::RouteAdd route;
    route.destination = ip4(172, 16, number, 0);
    route.prefixlen = 24;
    route.table = rc::RT_TABLE_MAIN;
    route.type = rc::RTN_UNICAST;
    route.gateway = ip4(10, 0, 1, 2 + number % kNeighbours);
    return inet_route_add(route);
}

void fill(u8* frame, u32 number) {
    __builtin_memcpy(frame + wire::kEthDestination, ports[0].dev_addr, ETH_ALEN);
    const u8 from[ETH_ALEN] = {2, 0, 0, 0xA, 0, 2};
    __builtin_memcpy(frame + wire::kEthSource, from, ETH_ALEN);
    wire::put16(frame + wire::kEthType, wire::ETH_P_IP);
    u8* at = frame + wire::kEthHeaderBytes;
    __builtin_memset(at, 0, kFrameBytes - wire::kEthHeaderBytes);
    at[0] = 0x45;
    wire::put16(at + 2, kFrameBytes - wire::kEthHeaderBytes);
    wire::put16(at + 4, static_cast<u16>(number));
    at[8] = 64;
    at[9] = wire::IPPROTO_UDP;
    wire::put32(at + 12, ip4(10, 0, 0, 2 + number % 32));
    wire::put32(at + 16, ip4(172, 16, number % kRoutes, number));
    wire::ip_send_check(wire::Ipv4(at));
    u8* udp = at + wire::kIpv4HeaderBytes;
    wire::put16(udp, static_cast<u16>(1024 + number));
    wire::put16(udp + 2, 9);
    wire::put16(udp + 4, wire::kUdpHeaderBytes + kPayload);
}

constexpr u64 kFnvBasis = 0xCBF29CE484222325, kFnvPrime = 0x100000001B3;  // FNV-1a, 64 bits

void take_back() {
    if (departed.qlen != 0) digest = kFnvBasis;
    while (sk_buff* skb = skb_dequeue(&departed)) {
        for (u32 i = 0; i < skb->len; ++i) digest = (digest ^ skb->data[i]) * kFnvPrime;
        ++forwarded;
        consume_skb(skb);
    }
}

}  // namespace
}  // namespace fw

extern "C" {

constinit uint32_t path_cpu_number = 0;

int path_init(void) {
    using namespace fw;
    kernel_init();
    for (u32 n = 0; n < 2; ++n) {
        if (make_port(n) != 0) return 1;
    }
    for (u32 n = 0; n < kNeighbours; ++n) {
        if (add_neighbour(n) != 0) return 2;
    }
    for (u32 n = 0; n < kRoutes; ++n) {
        if (add_route(n) != 0) return 3;
    }
    msg::Sysctl forward;
    forward.id = static_cast<u32>(rc::SysctlId::ip_forward);
    forward.value = 1;
    return inet_sysctl(forward) != 0 ? 4 : 0;
}

void path_prepare(uint32_t packets) {
    using namespace fw;
    take_back();
    for (u32 n = 0; n < packets; ++n) {
        sk_buff* skb = alloc_skb();
        if (!skb) __builtin_trap();
        fill(skb_put(skb, kFrameBytes), n);
        eth_type_trans(skb, &ports[0]);
        arrived[n] = skb;
    }
    batch = packets;
}

void path_run(void) {
    for (fw::u32 n = 0; n < fw::batch; ++n) fw::netif_receive_skb(fw::arrived[n]);
}

uint64_t path_forwarded(void) {
    fw::take_back();
    return fw::forwarded;
}

uint64_t path_digest(void) {
    fw::take_back();
    return fw::digest;
}

}  // extern "C"
