// SPDX-License-Identifier: Apache-2.0
// TCP sockets (Linux net/ipv4/tcp.c): the calls of RFC 9293 3.10 that a service needs.
#include "sw/net/tcp_sock.h"

#include "sw/kernel/error.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/uaccess.h"
#include "sw/net/ip.h"
#include "sw/net/port_table.h"

namespace fw {

namespace {

constexpr u32 kMostBacklog = 64;

constinit sock* bound[kMaxSockets] = {};  ///< sockets that hold a port without being connections
constinit spinlock bound_lock = {LockClass::sockets};
constinit u16 last_given = 0;

bool is_taken(const sock* wanted, u16 port) {
    for (const sock* sk : bound) {
        if (sk && sk != wanted && sk->num == port && ports_conflict(sk, wanted)) return true;
    }
    return false;
}

void set_bound(sock* from, sock* to) {
    for (sock*& place : bound) {
        if (place != from) continue;
        place = to;
        return;
    }
}

int tcp_init_sock(sock* sk) { return tcp_sock_alloc(sk) ? 0 : -err::nobufs; }

int tcp_get_port(sock* sk, u16 port) {
    spin_lock_bh(bound_lock);
    if (port == 0) {
        const auto first = static_cast<u16>(sysctl(SysctlId::ip_local_port_first));
        port = find_free_port(&last_given, first, [sk](u16 candidate) { return is_taken(sk, candidate); });
    } else if (is_taken(sk, port)) {
        port = 0;
    }
    if (port != 0) {
        sk->num = port;
        set_bound(nullptr, sk);
    }
    spin_unlock_bh(bound_lock);
    return port != 0 ? 0 : -err::addrinuse;
}

/// This TCP is for services: there is no active open.
int tcp_connect(sock*, u32, u16) { return -err::opnotsupp; }

int tcp_listen(sock* sk, u32 backlog) {
    tcp_sock* tp = tcp_sk(sk);
    if (tp->state != TCP_CLOSE && tp->state != TCP_LISTEN) return -err::inval;
    if (sk->num == 0) {
        if (const int error = tcp_get_port(sk, 0)) return error;
    }
    lock_sock(sk);
    tp->backlog = backlog == 0 ? 1 : backlog < kMostBacklog ? backlog : kMostBacklog;
    const bool is_new = tp->state != TCP_LISTEN;
    tp->state = TCP_LISTEN;
    release_sock(sk);
    if (is_new) tcp_hash(sk);
    return 0;
}

sock* pop_accepted(tcp_sock* listener) {
    sock* sk = listener->accept_first;
    if (!sk) return nullptr;
    listener->accept_first = tcp_sk(sk)->accept_next;
    if (!listener->accept_first) listener->accept_last = nullptr;
    __atomic_sub_fetch(&listener->waiting, 1, __ATOMIC_RELAXED);
    return sk;
}

sock* tcp_accept(sock* sk) {
    lock_sock(sk);
    sock* child = tcp_sk(sk)->state == TCP_LISTEN ? pop_accepted(tcp_sk(sk)) : nullptr;
    release_sock(sk);
    return child;
}

/// Copies what fits into the ring behind what waits there; -EFAULT where the user's memory is not his.
i64 fill_ring(tcp_sock* tp, const u8* from, u32 bytes) {
    const u32 room = kTcpSendBytes - tp->send_bytes;
    u32 taken = bytes < room ? bytes : room;
    const u32 end = (tp->send_start + tp->send_bytes) % kTcpSendBytes;
    const u32 first = taken < kTcpSendBytes - end ? taken : kTcpSendBytes - end;
    if (copy_from_user(tp->send_data + end, from, first) != 0) return -err::fault;
    if (copy_from_user(tp->send_data, from + first, taken - first) != 0) return -err::fault;
    tp->send_bytes += taken;
    return taken;
}

bool may_send(const tcp_sock* tp) {
    return (tp->state == TCP_ESTABLISHED || tp->state == TCP_CLOSE_WAIT) && !tp->fin_wanted;
}

i64 tcp_sendmsg(sock* sk, msghdr* msg) {
    lock_sock(sk);
    tcp_sock* tp = tcp_sk(sk);
    i64 result = sock_error(sk);
    if (result == 0 && !may_send(tp)) result = -err::pipe;
    if (result == 0 && msg->bytes != 0) {
        result = tp->send_bytes == kTcpSendBytes ? -err::again : fill_ring(tp, msg->data, msg->bytes);
        if (result > 0) tcp_push(sk);
    }
    release_sock(sk);
    return result;
}

/// Bytes to the reader, from as many segments as there are.
i64 read_queue(sock* sk, u8* to, u32 wanted) {
    tcp_sock* tp = tcp_sk(sk);
    u32 copied = 0;
    while (copied < wanted) {
        sk_buff* skb = sk->receive_queue.next;
        if (!skb) break;
        const u32 bytes = skb->len < wanted - copied ? skb->len : wanted - copied;
        if (skb_copy_datagram(skb, 0, to + copied, bytes) != 0) return copied != 0 ? i64{copied} : -err::fault;
        copied += bytes;
        tp->received -= bytes;
        if (bytes < skb->len) {
            skb_pull(skb, bytes);
        } else {
            kfree_skb_reason(sock_dequeue(sk), Fate::delivered);
        }
    }
    return copied;
}

/// The window has opened by two segments or half of it (RFC 9293 3.8.6.2.2): the peer is told.
void tell_window(sock* sk) {
    const tcp_sock* tp = tcp_sk(sk);
    if (tp->state < TCP_ESTABLISHED || tp->state == TCP_TIME_WAIT || tp->fin_received) return;
    const u32 offered = tp->rcv_adv - tp->rcv_nxt;
    const u32 room = kTcpReceiveBytes - tp->received;
    if (room >= offered + 2 * tp->mss || (offered < kTcpReceiveBytes / 2 && room >= offered + kTcpReceiveBytes / 2)) {
        tcp_send_ack(sk);
    }
}

i64 tcp_recvmsg(sock* sk, msghdr* msg) {
    lock_sock(sk);
    tcp_sock* tp = tcp_sk(sk);
    i64 result = 0;
    if (tp->state == TCP_LISTEN) {
        result = -err::inval;
    } else if (sk->receive_queue.qlen != 0) {
        result = read_queue(sk, msg->data, msg->bytes);
        if (result > 0) tell_window(sk);
    } else if (const int error = sock_error(sk)) {
        result = error;
    } else if (!tp->fin_received && tp->state != TCP_CLOSE) {
        result = -err::again;
    }
    msg->addr = sk->daddr;
    msg->port = sk->dport;
    release_sock(sk);
    return result;
}

u32 tcp_poll(const sock* sk) {
    const tcp_sock* tp = sk->tcp;
    if (tp->state == TCP_LISTEN) return tp->accept_first ? u32{poll_bit::in} : 0;
    u32 events = 0;
    if (sk->receive_queue.qlen != 0 || tp->fin_received || tp->state == TCP_CLOSE) events |= poll_bit::in;
    if (may_send(tp) && tp->send_bytes < kTcpSendBytes) events |= poll_bit::out;
    if (sk->err != 0) events |= poll_bit::err;
    if (tp->state == TCP_CLOSE) events |= poll_bit::hup;
    return events;
}

/// Whoever waits to be accepted will not be.
void close_listener(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    tcp_unhash(sk);
    tp->state = TCP_CLOSE;
    while (sock* child = pop_accepted(tp)) {
        sock_lock(child);
        if (tcp_sk(child)->state != TCP_CLOSE) {
            tcp_send_active_reset(child);
            tcp_done(child, 0);
        }
        sock_unlock(child);
        sock_put(child);
    }
}

/// RFC 9293 3.10.4, and 3.6.1 for data that nobody has read.
void close_connection(sock* sk) {
    tcp_sock* tp = tcp_sk(sk);
    tp->orphan = true;
    if (sk->receive_queue.qlen != 0 && tp->state != TCP_CLOSE) {
        tcp_send_active_reset(sk);
        return tcp_done(sk, 0);
    }
    switch (tp->state) {
        case TCP_ESTABLISHED:
            tp->state = TCP_FIN_WAIT1;
            break;
        case TCP_CLOSE_WAIT:
            tp->state = TCP_LAST_ACK;
            break;
        default:
            return;
    }
    snmp_inc(Snmp::TcpCurrEstab, ~u64{0});  // a gauge: one less
    tp->fin_wanted = true;
    tcp_push(sk);
}

void tcp_close(sock* sk) {
    spin_lock_bh(bound_lock);
    set_bound(sk, nullptr);
    spin_unlock_bh(bound_lock);
    lock_sock(sk);
    if (tcp_sk(sk)->state == TCP_LISTEN) {
        close_listener(sk);
    } else {
        close_connection(sk);
    }
    release_sock(sk);
}

}  // namespace

constinit const proto tcp_prot = {
    .type = SOCK_STREAM,
    .protocol = wire::IPPROTO_TCP,
    .init = tcp_init_sock,
    .close = tcp_close,
    .get_port = tcp_get_port,
    .connect = tcp_connect,
    .sendmsg = tcp_sendmsg,
    .recvmsg = tcp_recvmsg,
    .poll = tcp_poll,
    .listen = tcp_listen,
    .accept = tcp_accept,
};

void tcp_ports_init() {
    for (sock*& place : bound) place = nullptr;
    last_given = 0;
}

}  // namespace fw
