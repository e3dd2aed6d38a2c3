// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/tcp_peers.h"

#include <set>
#include <tuple>

#include "sw/kernel/error.h"
#include "sw/net/tcp_sock.h"
#include "sw/wire/bytes.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/ipv4.h"

namespace fw::fuzz {

namespace {

constexpr u32 kIpHeader = 20, kTcpHeader = 20;  ///< without options

struct Segment {
    u32 saddr, daddr;
    u16 sport, dport;
    auto operator<=>(const Segment&) const = default;
};

Segment last;
u32 last_ack, last_end;  ///< sequence numbers: what the router expects next, and what it will send next

std::set<Segment>& connections() {
    static std::set<Segment> all;
    return all;
}

}  // namespace

void note_sent(const Bytes& frame) {
    constexpr u32 kHeaders = wire::kEthHeaderBytes + kIpHeader + kTcpHeader;
    const u8* ip = frame.data() + wire::kEthHeaderBytes;
    if (frame.size() < kHeaders || wire::get16(ip - 2) != wire::ETH_P_IP || ip[0] != 0x45) return;
    if (ip[9] != wire::IPPROTO_TCP) return;
    const u8* tcp = ip + kIpHeader;
    last = {wire::get32(ip + 12), wire::get32(ip + 16), wire::get16(tcp), wire::get16(tcp + 2)};
    const u32 header = (tcp[12] >> 4) * 4U;
    const u32 flags = ((tcp[13] & wire::TCP_SYN) ? 1 : 0) + ((tcp[13] & wire::TCP_FIN) ? 1 : 0);
    last_end = wire::get32(tcp + 4) + wire::get16(ip + 2) - kIpHeader - header + flags;
    last_ack = wire::get32(tcp + 8);
    connections().insert(last);
}

void answer_tcp(Bytes& packet) {
    if (packet.size() < kIpHeader + kTcpHeader || last.saddr == 0) return;
    packet[0] = 0x45;
    packet[9] = wire::IPPROTO_TCP;
    u8* tcp = packet.data() + kIpHeader;
    wire::put32(&packet[12], last.daddr);
    wire::put32(&packet[16], last.saddr);
    wire::put16(tcp, last.dport);
    wire::put16(tcp + 2, last.sport);
    wire::put32(tcp + 4, last_ack);
    wire::put32(tcp + 8, last_end);
}

void end_connections() {
    for (const Segment& segment : connections()) {
        constexpr u32 kAnyPort = 0;
        sock* sk = tcp_lookup(segment.daddr, segment.dport, segment.saddr, segment.sport, kAnyPort);
        if (!sk) continue;
        if (tcp_sk(sk)->state != TCP_LISTEN) {
            lock_sock(sk);
            tcp_done(sk, err::connreset);
            release_sock(sk);
        }
        sock_put(sk);
    }
    connections().clear();
    last = {};
}

}  // namespace fw::fuzz
