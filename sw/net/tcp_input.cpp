// SPDX-License-Identifier: Apache-2.0
// A segment of a connection (RFC 9293 3.10.7.4, step by step; Linux net/ipv4/tcp_input.c).
#include "sw/kernel/error.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/net/ip.h"
#include "sw/net/tcp.h"
#include "sw/net/tcp_sock.h"

namespace fw {

using wire::Tcp;
using wire::tcp_after;
using wire::tcp_before;

namespace {

constexpr u8 kDupacksForLoss = 3;  ///< RFC 5681 3.2

struct segment {
    u32 seq;
    u32 bytes;  ///< of data
    u32 ack;
    u32 window;
    u8 flags;

    bool has(u8 flag) const { return (flags & flag) != 0; }
    /// What it takes of the sequence space.
    u32 length() const { return bytes + (has(wire::TCP_SYN) ? 1 : 0) + (has(wire::TCP_FIN) ? 1 : 0); }
};

segment segment_of(const sk_buff* skb) {
    const Tcp tcp(skb->data);
    return {tcp.seq(), skb->len - tcp.header_bytes(), tcp.ack_seq(), tcp.window(), tcp.flags()};
}

/// First step: something of the segment lies in the window.
bool is_acceptable(const tcp_sock* tp, const segment& seg) {
    const u32 end = seg.seq + seg.length();
    const u32 window_end = tcp_after(tp->rcv_adv, tp->rcv_nxt) ? tp->rcv_adv : tp->rcv_nxt;
    if (seg.length() == 0) {
        return !tcp_before(seg.seq, tp->rcv_nxt) && (seg.seq == tp->rcv_nxt || tcp_before(seg.seq, window_end));
    }
    return tcp_before(seg.seq, window_end) && tcp_after(end, tp->rcv_nxt);
}

void drop(sk_buff* skb) { kfree_skb_reason(skb, Fate::tcp_unacceptable); }

void unacceptable(sock* sk, sk_buff* skb, const segment& seg) {
    tcp_sock* tp = tcp_sk(sk);
    if (!seg.has(wire::TCP_RST)) {
        // The peer has not got our SYN,ACK, or not the last acknowledgement.
        if (tp->state == TCP_SYN_RECV && seg.has(wire::TCP_SYN) && seg.seq == tp->irs) {
            tcp_send_synack(sk);
        } else {
            tcp_send_ack(sk);
        }
        if (tp->state == TCP_TIME_WAIT) tcp_time_wait(sk);  // a FIN again: 2 MSL anew
    }
    drop(skb);
}

/// Second step: only the reset that hits the edge of the window is believed (RFC 5961 3.2).
void reset(sock* sk, sk_buff* skb, const segment& seg) {
    tcp_sock* tp = tcp_sk(sk);
    if (seg.seq != tp->rcv_nxt) {
        tcp_send_ack(sk);
        return drop(skb);
    }
    if (tp->state == TCP_SYN_RECV) {
        snmp_inc(Snmp::TcpAttemptFails);
    } else if (tp->state == TCP_ESTABLISHED || tp->state == TCP_CLOSE_WAIT) {
        snmp_inc(Snmp::TcpEstabResets);
    }
    tcp_done(sk, tp->state == TCP_TIME_WAIT ? 0 : err::connreset);
    kfree_skb_reason(skb, Fate::delivered);
}

/// RFC 5681 3.1: by a segment for each acknowledgement, or by one in a round trip.
void open_window(tcp_sock* tp, u32 acked) {
    const u32 step = acked < tp->mss ? acked : tp->mss;
    if (tp->cwnd < tp->ssthresh) {
        tp->cwnd += step;
    } else {
        const u32 growth = u32{tp->mss} * tp->mss / tp->cwnd;
        tp->cwnd += growth == 0 ? 1 : growth;
    }
    if (tp->cwnd > kTcpSendBytes) tp->cwnd = kTcpSendBytes;
}

void take_from_ring(tcp_sock* tp, u32 bytes) {
    tp->send_start = (tp->send_start + bytes) % kTcpSendBytes;
    tp->send_bytes -= bytes;
}

void acked_new(sock* sk, u32 ack) {
    tcp_sock* tp = tcp_sk(sk);
    u32 acked = ack - tp->snd_una;
    if (tp->rtt_running && tcp_after(ack, tp->rtt_seq)) tcp_rtt_sample(tp);
    tp->snd_una = ack;
    if (tcp_before(tp->snd_nxt, ack)) tp->snd_nxt = ack;
    tp->retries = tp->dupacks = 0;
    const u32 data = acked < tp->send_bytes ? acked : tp->send_bytes;
    take_from_ring(tp, data);
    open_window(tp, acked);
    tcp_reset_timer(sk);
    sk_wake(sk);
}

/// RFC 5681 3.2, fast retransmit; what follows waits for the next acknowledgement.
void duplicate_ack(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    if (++tp->dupacks != kDupacksForLoss) return;
    const u32 flight = tp->snd_nxt - tp->snd_una;
    const u32 least = 2 * u32{tp->mss};
    tp->ssthresh = flight / 2 > least ? flight / 2 : least;
    tp->cwnd = tp->ssthresh;
    tcp_retransmit_first(sk);
}

/// Fifth step; false: the segment is dropped.
bool acknowledge(sock* sk, const segment& seg) {
    tcp_sock* tp = tcp_sk(sk);
    // Behind a retransmission time-out snd_nxt has gone back; the peer may acknowledge what was sent before.
    const u32 sent_end = tp->snd_una + tp->send_bytes + (tp->fin_wanted ? 1 : 0);
    if (tcp_after(seg.ack, tp->snd_nxt) && tcp_after(seg.ack, sent_end)) {
        tcp_send_ack(sk);
        return false;
    }
    if (tcp_after(seg.ack, tp->snd_una)) {
        acked_new(sk, seg.ack);
    } else if (seg.ack == tp->snd_una && seg.bytes == 0 && seg.window == tp->snd_wnd && tp->snd_nxt != tp->snd_una) {
        duplicate_ack(sk);
    }
    if (!tcp_before(seg.ack, tp->snd_una) && !tcp_before(seg.seq, tp->snd_wl1)) {
        if (tp->snd_wnd == 0 && seg.window != 0) tp->retries = 0;
        tp->snd_wnd = seg.window;
        tp->snd_wl1 = seg.seq;
        tp->snd_wl2 = seg.ack;
    }
    return true;
}

bool is_fin_acked(const tcp_sock* tp) { return tp->fin_sent && tp->send_bytes == 0 && tp->snd_una == tp->snd_nxt; }

/// What the acknowledgement of our FIN leads to; false: the connection is gone.
bool after_fin(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    if (!is_fin_acked(tp)) return true;
    switch (tp->state) {
        case TCP_FIN_WAIT1:
            tp->state = TCP_FIN_WAIT2;
            tcp_reset_timer(sk);
            return true;
        case TCP_CLOSING:
            tcp_time_wait(sk);
            return true;
        case TCP_LAST_ACK:
            tcp_done(sk, 0);
            return false;
        default:
            return true;
    }
}

bool takes_data(const tcp_sock* tp) {
    return tp->state == TCP_ESTABLISHED || tp->state == TCP_FIN_WAIT1 || tp->state == TCP_FIN_WAIT2;
}

/// Seventh step: data in order goes to the reader. The segment is gone afterwards.
void receive_data(sock* sk, sk_buff* skb, const segment& seg) {
    tcp_sock* tp = tcp_sk(sk);
    const u32 known = tp->rcv_nxt - seg.seq;  // acceptable, so not more than there is
    skb_pull(skb, Tcp(skb->data).header_bytes() + known);
    const u32 window = tp->rcv_adv - tp->rcv_nxt;
    if (skb->len > window) skb_trim(skb, window);
    const u32 bytes = skb->len;
    if (bytes == 0 || tp->orphan || !sock_queue_rcv_skb(sk, skb)) {
        drop(skb);
        return;
    }
    tp->rcv_nxt += bytes;
    tp->received += bytes;
    sk_wake(sk);
}

/// Eighth step.
void receive_fin(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    ++tp->rcv_nxt;
    tp->rcv_adv = tcp_after(tp->rcv_nxt, tp->rcv_adv) ? tp->rcv_nxt : tp->rcv_adv;
    tp->fin_received = true;
    switch (tp->state) {
        case TCP_ESTABLISHED:
            tp->state = TCP_CLOSE_WAIT;
            break;
        case TCP_FIN_WAIT1:
            tp->state = TCP_CLOSING;
            break;
        case TCP_FIN_WAIT2:
            tcp_time_wait(sk);
            break;
        default:
            break;
    }
    sk_wake(sk);
}

void text_and_fin(sock* sk, sk_buff* skb, const segment& seg) {
    tcp_sock* tp = tcp_sk(sk);
    if (seg.bytes == 0 && !seg.has(wire::TCP_FIN)) {
        kfree_skb_reason(skb, Fate::delivered);
        return;
    }
    const u32 fin_seq = seg.seq + seg.bytes;
    if (tcp_after(seg.seq, tp->rcv_nxt) || !takes_data(tp)) {
        drop(skb);  // a gap, which the acknowledgement below shows to the peer
    } else if (tp->orphan && seg.bytes != 0 && tcp_after(fin_seq, tp->rcv_nxt)) {
        // RFC 9293 3.6.1: nobody will ever read it.
        tcp_send_active_reset(sk);
        tcp_done(sk, 0);
        drop(skb);
        return;
    } else if (seg.bytes != 0 && tcp_after(fin_seq, tp->rcv_nxt)) {
        receive_data(sk, skb, seg);
    } else {
        kfree_skb_reason(skb, Fate::delivered);
    }
    if (seg.has(wire::TCP_FIN) && tp->rcv_nxt == fin_seq && !tp->fin_received) receive_fin(sk);
    tcp_send_ack(sk);
}

/// In SYN-RECEIVED the acknowledgement opens the connection; false: the segment is gone.
bool finish_handshake(sock* sk, sk_buff* skb, const segment& seg) {
    tcp_sock* tp = tcp_sk(sk);
    if (seg.ack != tp->snd_nxt) {
        tcp_v4_send_reset(skb);
        drop(skb);
        return false;
    }
    tp->snd_una = seg.ack;
    tp->snd_wnd = seg.window;
    tp->snd_wl1 = seg.seq;
    tp->snd_wl2 = seg.ack;
    tp->retries = 0;
    tcp_established(sk);
    if (tp->state != TCP_ESTABLISHED) {
        drop(skb);
        return false;
    }
    tcp_reset_timer(sk);
    return true;
}

}  // namespace

void tcp_rcv_state_process(sock* sk, sk_buff* skb) {
    tcp_sock* tp = tcp_sk(sk);
    const segment seg = segment_of(skb);
    if (tp->state == TCP_CLOSE) return drop(skb);
    if (!is_acceptable(tp, seg)) return unacceptable(sk, skb, seg);
    if (seg.has(wire::TCP_RST)) return reset(sk, skb, seg);
    if (seg.has(wire::TCP_SYN)) {  // RFC 5961 4.2: challenged, whatever the number
        tcp_send_ack(sk);
        return drop(skb);
    }
    if (!seg.has(wire::TCP_ACK)) return drop(skb);
    if (tp->state == TCP_SYN_RECV && !finish_handshake(sk, skb, seg)) return;
    if (!acknowledge(sk, seg)) return drop(skb);
    if (!after_fin(sk)) return kfree_skb_reason(skb, Fate::delivered);
    text_and_fin(sk, skb, seg);
    if (tp->state != TCP_CLOSE) tcp_push(sk);
}

}  // namespace fw
