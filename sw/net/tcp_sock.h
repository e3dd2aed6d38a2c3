// SPDX-License-Identifier: Apache-2.0
// A small TCP (RFC 9293) for services that listen: passive open, data both ways, all ways to close. Segments that come
// out of order are dropped and asked for again; of the options only MSS is used.
#pragma once
#include "sw/kernel/timer.h"
#include "sw/net/sock.h"
#include "sw/wire/tcp.h"

namespace fw {

inline constexpr unsigned kMaxTcpConnections = 128;
inline constexpr u32 kTcpSendBytes = 16384;     ///< data that waits for its acknowledgement (Linux: tcp_wmem[1])
inline constexpr u32 kTcpReceiveBytes = 32768;  ///< largest window that is offered
inline constexpr u16 kTcpDefaultMss = 536;      ///< RFC 9293 3.7.1: where the peer names none

enum TcpState : u8 {
    TCP_CLOSE,
    TCP_LISTEN,
    TCP_SYN_RECV,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT1,
    TCP_FIN_WAIT2,
    TCP_CLOSING,
    TCP_TIME_WAIT,
    TCP_CLOSE_WAIT,
    TCP_LAST_ACK
};

/// The part of a connection (or a listener) that TCP keeps; names are RFC 9293 3.3.1's.
struct tcp_sock {
    timer_list timer;  ///< retransmission, probing, TIME-WAIT, the end of FIN-WAIT-2: never two at a time
    sock* sk;          ///< nullptr: free
    tcp_sock* next_free;
    TcpState state;
    bool orphan;  ///< no descriptor is left
    bool fin_sent;
    bool fin_wanted;  ///< behind the data that waits
    u8 retries;
    u8 dupacks;
    u16 mss;
    u32 iss, snd_una, snd_nxt, snd_wnd, snd_wl1, snd_wl2;
    u32 irs, rcv_nxt, rcv_adv;  ///< rcv_adv: right edge of the window that was last offered
    u32 cwnd, ssthresh;         ///< bytes, RFC 5681
    u32 received;               ///< bytes in the receive queue
    bool fin_received;
    // RFC 6298, us.
    u64 srtt, rttvar, rto;
    u64 rtt_start;
    u32 rtt_seq;
    bool rtt_running;
    // Of a listener.
    u32 backlog, waiting;  ///< connections not yet accepted
    sock *accept_first, *accept_last;
    sock* accept_next;  ///< of a connection in its listener's queue
    sock* listener;
    // Data from snd_una on, a ring.
    u32 send_start, send_bytes;
    u8 send_data[kTcpSendBytes];
};

inline tcp_sock* tcp_sk(sock* sk) { return sk->tcp; }

// tcp_ipv4.cpp
void tcp_v4_rcv(sk_buff* skb);
void tcp_v4_err(sk_buff* skb, u32 info);
/// The connection of a segment, or a listener for it; a reference is taken. nullptr: none.
sock* tcp_lookup(u32 saddr, u16 sport, u32 daddr, u16 dport, u32 iif);
void tcp_hash(sock* sk);
void tcp_unhash(sock* sk);
/// A connection with a send buffer, in the pool's accounts; nullptr: none is left.
tcp_sock* tcp_sock_alloc(sock* sk);
void tcp_sock_free(tcp_sock* tp);
// tcp.cpp
void tcp_ports_init();
// tcp_input.cpp: with the socket's lock held; the segment is theirs.
void tcp_rcv_state_process(sock* sk, sk_buff* skb);
// tcp_passive.cpp
void tcp_rcv_listen(sock* listener, sk_buff* skb);
/// Third segment of the handshake: the connection may be accepted.
void tcp_established(sock* sk);
/// A new connection's first sequence number (RFC 9293 3.4.1).
u32 tcp_initial_seq(const sock* sk);
// tcp_output.cpp
void tcp_send_segment(sock* sk, u32 seq, u32 bytes, u8 flags);
void tcp_send_ack(sock* sk);
void tcp_send_synack(sock* sk);
/// An active reset (RFC 9293 3.5.1), as after data that nobody will read.
void tcp_send_active_reset(sock* sk);
/// What the windows allow.
void tcp_push(sock* sk);
void tcp_retransmit_first(sock* sk);
u16 tcp_select_window(tcp_sock* tp);
/// Bytes to be sent and not yet sent.
u32 tcp_unsent(const tcp_sock* tp);
// tcp_timer.cpp
void tcp_timer(timer_list* timer);
void tcp_reset_timer(sock* sk);
void tcp_rtt_sample(tcp_sock* tp);
/// The connection is over: leaves the tables, tells its reader, lets go of the tables' reference.
void tcp_done(sock* sk, int err);
void tcp_time_wait(sock* sk);

}  // namespace fw
