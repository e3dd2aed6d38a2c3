// SPDX-License-Identifier: Apache-2.0
// Passive open: from SYN to a connection that can be accepted (Linux tcp_conn_request, tcp_check_req; RFC
// 9293 3.10.7.2).
#include "sw/kernel/random.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/net/ip.h"
#include "sw/net/tcp.h"
#include "sw/net/tcp_sock.h"

namespace fw {

using wire::Tcp;

namespace {

constexpr u64 kInitialRto = kSec;           ///< RFC 6298 2.1
constexpr u32 kInitialWindowSegments = 10;  ///< RFC 6928 2

/// The peer's MSS option (RFC 9293 3.7.1), or the default.
u16 parse_mss(const Tcp& tcp) {
    const u8* at = tcp.options();
    const u8* const end = tcp.bytes() + tcp.header_bytes();
    while (at < end && *at != wire::TCPOPT_EOL) {
        if (*at == wire::TCPOPT_NOP) {
            ++at;
            continue;
        }
        if (end - at < 2 || at[1] < 2 || at[1] > end - at) break;
        if (*at == wire::TCPOPT_MSS && at[1] == wire::kTcpMssOptionBytes) return wire::get16(at + 2);
        at += at[1];
    }
    return kTcpDefaultMss;
}

/// Own packets must fit the way, too; and the least that makes sense (Linux TCP_MIN_MSS).
u16 usable_mss(u16 offered, const sk_buff* skb) {
    constexpr u32 kHeaders = wire::kIpv4HeaderBytes + wire::kTcpHeaderBytes;
    constexpr u16 kLeast = 88;
    const u32 own = ip_dst_mtu(skb) - kHeaders;
    const u16 mss = offered < own ? offered : static_cast<u16>(own);
    return mss < kLeast ? kLeast : mss;
}

void fill_child(sock* child, const sock* listener, const sk_buff* skb, const Tcp& tcp) {
    const wire::Ipv4 ip = ip_hdr(skb);
    child->num = tcp.dest();
    child->dport = tcp.source();
    child->rcv_saddr = child->saddr = ip.daddr();
    child->daddr = ip.saddr();
    child->bound_dev = listener->bound_dev;
    child->tos = listener->tos;
    child->ttl = listener->ttl;
    const bool as_packet = listener->mark == 0 && sysctl(SysctlId::tcp_fwmark_accept) != 0;
    child->mark = as_packet ? skb->mark : listener->mark;  // inet_request_mark
}

void open_connection(sock* child, sock* listener, sk_buff* skb, const Tcp& tcp) {
    fill_child(child, listener, skb, tcp);
    tcp_sock* tp = tcp_sk(child);
    tp->state = TCP_SYN_RECV;
    tp->listener = listener;
    sock_hold(listener);
    tp->mss = usable_mss(parse_mss(tcp), skb);
    tp->irs = tcp.seq();
    tp->rcv_nxt = tp->rcv_adv = tp->irs + 1;
    tp->iss = tcp_initial_seq(child);
    tp->snd_una = tp->iss;
    tp->snd_nxt = tp->iss + 1;
    tp->snd_wnd = tcp.window();
    tp->snd_wl1 = tcp.seq();
    tp->cwnd = kInitialWindowSegments * tp->mss;
    tp->ssthresh = ~u32{0};
    tp->rto = kInitialRto;
    __atomic_add_fetch(&tcp_sk(listener)->waiting, 1, __ATOMIC_RELAXED);  // connections that end take one off
    tcp_hash(child);
    tcp_send_synack(child);
    tcp_reset_timer(child);
}

void drop_request(sk_buff* skb) {
    snmp_inc(Snmp::TcpExtListenDrops);
    kfree_skb_reason(skb, Fate::socket_full);
}

}  // namespace

u32 tcp_initial_seq(const sock* sk) {
    // RFC 9293 3.4.1: a clock of 4 us and a hash of the connection; nobody guesses here, so any mixing will do.
    u32 hash = sk->daddr ^ sk->rcv_saddr * 0x85EBCA6BU ^ (u32{sk->dport} << 16 | sk->num);
    hash ^= static_cast<u32>(random_key(RandomKey::sequence));
    hash = (hash ^ hash >> 15) * 0x9E3779B1U;
    return static_cast<u32>(uptime_us() / 4) + (hash ^ hash >> 13);
}

void tcp_rcv_listen(sock* listener, sk_buff* skb) {
    const Tcp tcp(skb->data);
    if (tcp.has(wire::TCP_RST)) return kfree_skb_reason(skb, Fate::tcp_unacceptable);
    if (tcp.has(wire::TCP_ACK)) {
        tcp_v4_send_reset(skb);
        return kfree_skb_reason(skb, Fate::proto_unreachable);
    }
    if (!tcp.has(wire::TCP_SYN) || tcp.has(wire::TCP_FIN)) {
        return kfree_skb_reason(skb, Fate::tcp_unacceptable);
    }
    if (tcp_sk(listener)->waiting >= tcp_sk(listener)->backlog) {
        snmp_inc(Snmp::TcpExtListenOverflows);
        return drop_request(skb);
    }
    sock* child = sk_alloc(&tcp_prot, wire::IPPROTO_TCP);
    if (!child) return drop_request(skb);
    if (child->tcp) open_connection(child, listener, skb, tcp);
    const bool opened = child->tcp != nullptr;
    sock_put(child);  // the table has a reference of its own
    if (!opened) return drop_request(skb);
    kfree_skb_reason(skb, Fate::delivered);
}

void tcp_established(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    sock* listener = tp->listener;
    tp->state = TCP_ESTABLISHED;
    snmp_inc(Snmp::TcpPassiveOpens);
    snmp_inc(Snmp::TcpCurrEstab);
    sock_lock(listener);
    tcp_sock* of_listener = tcp_sk(listener);
    if (of_listener->state != TCP_LISTEN) {
        sock_unlock(listener);
        tcp_send_active_reset(sk);
        tcp_done(sk, 0);
        return;
    }
    sock_hold(sk);  // the queue's
    tp->accept_next = nullptr;
    if (of_listener->accept_last) {
        tcp_sk(of_listener->accept_last)->accept_next = sk;
    } else {
        of_listener->accept_first = sk;
    }
    of_listener->accept_last = sk;
    sock_unlock(listener);
    sk_wake(listener);
}

}  // namespace fw
