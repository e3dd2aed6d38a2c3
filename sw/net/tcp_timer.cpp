// SPDX-License-Identifier: Apache-2.0
// Retransmission, probing of closed windows, and how connections end (Linux net/ipv4/tcp_timer.c; RFC 6298).
#include "sw/kernel/error.h"
#include "sw/kernel/time.h"
#include "sw/net/ip.h"
#include "sw/net/tcp_sock.h"

namespace fw {

namespace {

constexpr u64 kRtoMin = 200 * kMsec;  ///< Linux include/net/tcp.h, TCP_RTO_MIN
constexpr u64 kRtoMax = 120 * kSec;   ///< … TCP_RTO_MAX
constexpr u8 kRetries = 15;           ///< ip-sysctl.rst, tcp_retries2
constexpr u8 kSynAckRetries = 5;      ///< … tcp_synack_retries
constexpr u64 kTimeWait = 60 * kSec;  ///< … TCP_TIMEWAIT_LEN, and tcp_fin_timeout

u64 backed_off(const tcp_sock* tp) {
    u64 rto = tp->rto;
    for (u8 n = 0; n < tp->retries && rto < kRtoMax; ++n) rto *= 2;
    return rto < kRtoMax ? rto : kRtoMax;
}

bool is_established_or_closing(const tcp_sock* tp) {
    return tp->state >= TCP_ESTABLISHED && tp->state != TCP_TIME_WAIT;
}

/// RFC 5681 3.1: after a time-out one segment, and the threshold at half of what was out.
void shrink(tcp_sock* tp) {
    const u32 flight = tp->snd_nxt - tp->snd_una;
    const u32 least = 2 * u32{tp->mss};
    tp->ssthresh = flight / 2 > least ? flight / 2 : least;
    tp->cwnd = tp->mss;
    tp->dupacks = 0;
}

/// RFC 9293 3.8.6.1: one byte beyond a closed window.
void probe(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    tcp_send_segment(sk, tp->snd_una, 1, wire::TCP_ACK);
    if (tp->snd_nxt == tp->snd_una) ++tp->snd_nxt;
}

void retransmit(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    const u8 limit = tp->state == TCP_SYN_RECV ? kSynAckRetries : kRetries;
    if (tp->retries >= limit) {
        if (tp->state == TCP_SYN_RECV) snmp_inc(Snmp::TcpAttemptFails);
        return tcp_done(sk, err::timedout);
    }
    ++tp->retries;
    if (is_established_or_closing(tp) && tp->snd_wnd == 0 && tp->send_bytes != 0) {
        probe(sk);
    } else {
        shrink(tp);
        tcp_retransmit_first(sk);
    }
    mod_timer(&tp->timer, uptime_us() + backed_off(tp));
}

void expire(sock* sk) {
    switch (tcp_sk(sk)->state) {
        case TCP_CLOSE:
        case TCP_LISTEN:
            return;
        case TCP_TIME_WAIT:
        case TCP_FIN_WAIT2:
            return tcp_done(sk, 0);
        default:
            retransmit(sk);
    }
}

}  // namespace

void tcp_timer(timer_list* timer) {
    auto* tp = reinterpret_cast<tcp_sock*>(timer);
    static_assert(offsetof(tcp_sock, timer) == 0);
    sock* sk = __atomic_load_n(&tp->sk, __ATOMIC_ACQUIRE);
    if (!sk || !sock_hold_if_used(sk)) return;
    sock_lock(sk);
    // Another CPU may have set the timer anew since it ran out, or ended the connection and begun another here.
    if (sk->tcp == tp && !timer_pending(timer)) expire(sk);
    sock_unlock(sk);
    sock_put(sk);
}

void tcp_reset_timer(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    if (tp->state == TCP_FIN_WAIT2) {
        // Without an owner nobody would ever end it.
        if (tp->orphan) mod_timer(&tp->timer, uptime_us() + kTimeWait);
        return;
    }
    const bool waits = tp->snd_nxt != tp->snd_una || tcp_unsent(tp) != 0;
    if (waits) {
        mod_timer(&tp->timer, uptime_us() + backed_off(tp));
    } else {
        del_timer(&tp->timer);
    }
}

void tcp_rtt_sample(tcp_sock* tp) {
    const u64 rtt = elapsed(tp->rtt_start, uptime_us());
    tp->rtt_running = false;
    if (tp->srtt == 0) {  // RFC 6298 2.2
        tp->srtt = rtt;
        tp->rttvar = rtt / 2;
    } else {  // 2.3, alpha 1/8 and beta 1/4
        const u64 off = rtt > tp->srtt ? rtt - tp->srtt : tp->srtt - rtt;
        tp->rttvar = (3 * tp->rttvar + off) / 4;
        tp->srtt = (7 * tp->srtt + rtt) / 8;
    }
    const u64 rto = tp->srtt + 4 * tp->rttvar;
    tp->rto = rto < kRtoMin ? kRtoMin : rto > kRtoMax ? kRtoMax : rto;
}

void tcp_done(sock* sk, int err) {
    tcp_sock* tp = tcp_sk(sk);
    if (tp->state == TCP_CLOSE) return;
    const bool was_open = tp->state == TCP_ESTABLISHED || tp->state == TCP_CLOSE_WAIT;
    if (was_open) snmp_inc(Snmp::TcpCurrEstab, ~u64{0});  // a gauge: one less
    if (sock* listener = tp->listener) {
        if (tp->state == TCP_SYN_RECV) __atomic_sub_fetch(&tcp_sk(listener)->waiting, 1, __ATOMIC_RELAXED);
    }
    del_timer(&tp->timer);
    tcp_unhash(sk);
    tp->state = TCP_CLOSE;
    sk->err = err;
    sk_wake(sk);
}

void tcp_time_wait(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    tp->state = TCP_TIME_WAIT;
    mod_timer(&tp->timer, uptime_us() + kTimeWait);
}

}  // namespace fw
