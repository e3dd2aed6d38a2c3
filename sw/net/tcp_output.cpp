// SPDX-License-Identifier: Apache-2.0
// Segments of a connection on their way out (Linux net/ipv4/tcp_output.c).
#include "sw/kernel/time.h"
#include "sw/net/ip.h"
#include "sw/net/tcp_sock.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Tcp;

namespace {

void copy_from_ring(const tcp_sock* tp, u32 offset, u8* to, u32 bytes) {
    const u32 start = (tp->send_start + offset) % kTcpSendBytes;
    const u32 first = bytes < kTcpSendBytes - start ? bytes : kTcpSendBytes - start;
    __builtin_memcpy(to, tp->send_data + start, first);
    __builtin_memcpy(to + first, tp->send_data, bytes - first);
}

/// The device makes it, or ip_queue_xmit where the route's has no such thing.
void set_checksum(const sock* sk, sk_buff* skb) {
    constexpr u8 kCheck = 16;  // RFC 9293 3.1
    u8 pseudo[12] = {};
    wire::put32(pseudo, sk->saddr);
    wire::put32(pseudo + 4, sk->daddr);
    pseudo[9] = wire::IPPROTO_TCP;
    wire::put16(pseudo + 10, static_cast<u16>(skb->len));
    skb->transport_header = skb_headroom(skb);
    skb_partial_checksum(skb, kCheck, wire::csum_fold(wire::csum_partial(pseudo, sizeof pseudo)));
}

sk_buff* alloc_segment(u32 bytes) {
    sk_buff* skb = alloc_skb();
    if (!skb) return nullptr;
    static_assert(kSkbHeadroom >= kLocalHeadroom);
    skb_put(skb, bytes);
    return skb;
}

}  // namespace

u16 tcp_select_window(tcp_sock* tp) {
    const u32 room = tp->received < kTcpReceiveBytes ? kTcpReceiveBytes - tp->received : 0;
    u32 window = room < tp->mss ? 0 : room;  // RFC 9293 3.8.6.2.2: no small windows
    // Never to the left (RFC 9293 3.8.6).
    const u32 offered = tp->rcv_adv - tp->rcv_nxt;
    if (window < offered) window = offered;
    tp->rcv_adv = tp->rcv_nxt + window;
    return static_cast<u16>(window);
}

u32 tcp_unsent(const tcp_sock* tp) {
    const u32 in_flight = tp->snd_nxt - tp->snd_una;
    return in_flight < tp->send_bytes ? tp->send_bytes - in_flight : 0;
}

void tcp_send_segment(sock* sk, u32 seq, u32 bytes, u8 flags) {
    tcp_sock* tp = tcp_sk(sk);
    const unsigned options = (flags & wire::TCP_SYN) ? wire::kTcpMssOptionBytes : 0;
    sk_buff* skb = alloc_segment(wire::kTcpHeaderBytes + options + bytes);
    if (!skb) return;  // as lost on the wire
    Tcp tcp(skb->data);
    __builtin_memset(skb->data, 0, wire::kTcpHeaderBytes);
    tcp.set_ports(sk->num, sk->dport);
    tcp.set_seq(seq);
    if (flags & wire::TCP_ACK) tcp.set_ack_seq(tp->rcv_nxt);
    tcp.set_header_bytes(wire::kTcpHeaderBytes + options);
    tcp.set_flags(flags);
    tcp.set_window(tcp_select_window(tp));
    if (options != 0) {
        u8* at = tcp.options();
        at[0] = wire::TCPOPT_MSS;
        at[1] = wire::kTcpMssOptionBytes;
        wire::put16(at + 2, tp->mss);
    }
    if (bytes != 0) copy_from_ring(tp, seq - tp->snd_una, skb->data + wire::kTcpHeaderBytes + options, bytes);
    set_checksum(sk, skb);
    // Without a route it is lost as on the wire, and comes again by the timer.
    if (ip_queue_xmit(sk, skb)) snmp_inc(Snmp::TcpOutSegs);
}

void tcp_send_ack(sock* sk) {
    const tcp_sock* tp = tcp_sk(sk);
    tcp_send_segment(sk, tp->snd_nxt, 0, wire::TCP_ACK);
}

void tcp_send_synack(sock* sk) { tcp_send_segment(sk, tcp_sk(sk)->iss, 0, wire::TCP_SYN | wire::TCP_ACK); }

void tcp_send_active_reset(sock* sk) {
    snmp_inc(Snmp::TcpOutRsts);
    tcp_send_segment(sk, tcp_sk(sk)->snd_nxt, 0, wire::TCP_RST | wire::TCP_ACK);
}

namespace {

/// The next segment's data bytes; `fin` when the FIN goes with it.
u32 next_bytes(const tcp_sock* tp, bool* fin) {
    const u32 window = tp->snd_wnd < tp->cwnd ? tp->snd_wnd : tp->cwnd;
    const u32 in_flight = tp->snd_nxt - tp->snd_una;
    const u32 room = in_flight < window ? window - in_flight : 0;
    const u32 unsent = tcp_unsent(tp);
    u32 bytes = unsent < room ? unsent : room;
    if (bytes > tp->mss) bytes = tp->mss;
    *fin = tp->fin_wanted && !tp->fin_sent && bytes == unsent && (room > bytes || in_flight == 0);
    return bytes;
}

}  // namespace

void tcp_push(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    bool sent = false;
    for (;;) {
        bool fin = false;
        const u32 bytes = next_bytes(tp, &fin);
        if (bytes == 0 && !fin) break;
        const bool last = bytes == tcp_unsent(tp);
        const u32 seq = tp->snd_nxt;
        if (!tp->rtt_running) {
            tp->rtt_running = true;
            tp->rtt_seq = seq;
            tp->rtt_start = uptime_us();
        }
        u8 flags = wire::TCP_ACK;
        if (last && bytes != 0) flags |= wire::TCP_PSH;
        if (fin) flags |= wire::TCP_FIN;
        tcp_send_segment(sk, seq, bytes, flags);
        tp->snd_nxt += bytes + (fin ? 1 : 0);
        tp->fin_sent = tp->fin_sent || fin;
        sent = true;
        if (fin) break;
    }
    if (sent || (tp->snd_wnd == 0 && tcp_unsent(tp) != 0)) {
        if (!timer_pending(&tp->timer)) tcp_reset_timer(sk);
    }
}

void tcp_retransmit_first(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    tp->rtt_running = false;  // RFC 6298 3 (Karn): no samples of what was sent twice
    snmp_inc(Snmp::TcpRetransSegs);
    if (tp->state == TCP_SYN_RECV) return tcp_send_synack(sk);
    const u32 bytes = tp->send_bytes < tp->mss ? tp->send_bytes : tp->mss;
    const bool fin = tp->fin_sent && bytes == tp->send_bytes;
    u8 flags = wire::TCP_ACK;
    if (bytes != 0) flags |= wire::TCP_PSH;
    if (fin) flags |= wire::TCP_FIN;
    tcp_send_segment(sk, tp->snd_una, bytes, flags);
}

}  // namespace fw
