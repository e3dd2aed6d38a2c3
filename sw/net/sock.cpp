// SPDX-License-Identifier: Apache-2.0
#include "sw/net/sock.h"

#include "sw/kernel/sysctl.h"
#include "sw/kernel/uaccess.h"
#include "sw/net/ip.h"
#include "sw/net/tcp_sock.h"

namespace fw {
namespace {

constinit sock pool[kMaxSockets] = {};
constinit sock* free_list = nullptr;
constinit spinlock pool_lock = {LockClass::sockets};

/// Bytes of the pool's slots that the packet takes (Linux: truesize).
u32 truesize(const sk_buff* skb) {
    u32 slots = 1;
    for (const sk_buff* piece = skb->frag_list; piece; piece = piece->next) ++slots;
    return slots * static_cast<u32>(sizeof(sk_buff) + kSkbDataBytes);
}

sock* take_free() {
    const u64 flags = spin_lock_irqsave(pool_lock);
    sock* sk = free_list;
    if (sk) free_list = sk->next;
    spin_unlock_irqrestore(pool_lock, flags);
    return sk;
}

void give_back(sock* sk) {
    const u64 flags = spin_lock_irqsave(pool_lock);
    sk->ops = nullptr;
    sk->next = free_list;
    free_list = sk;
    spin_unlock_irqrestore(pool_lock, flags);
}

void destruct(sock* sk) {
    sock_purge_errors(sk);
    while (sk_buff* skb = skb_dequeue(&sk->receive_queue)) kfree_skb_reason(skb, Fate::socket_closed);
    sock* listener = nullptr;
    if (sk->tcp) {
        listener = sk->tcp->listener;
        tcp_sock_free(sk->tcp);
    }
    give_back(sk);
    if (listener) sock_put(listener);
}

}  // namespace

void sock_init() {
    free_list = nullptr;
    for (unsigned n = kMaxSockets; n-- > 0;) {
        pool[n] = {};
        pool[n].next = free_list;
        free_list = &pool[n];
    }
    ip_mc_sockets_init();
}

sock* sk_alloc(const proto* ops, u8 protocol) {
    sock* sk = take_free();
    if (!sk) return nullptr;
    *sk = {};
    sk->ops = ops;
    sk->users = 1;
    sk->lock.counted_as = LockClass::sockets;
    sk->protocol = protocol;
    sk->mc_ttl = 1;  // RFC 1112 6.1
    sk->mc_loop = true;
    sk->rcvbuf = static_cast<u32>(sysctl(SysctlId::rmem_default));
    skb_queue_head_init(&sk->receive_queue);
    skb_queue_head_init(&sk->error_queue);
    sk->pmtudisc = sysctl(SysctlId::ip_no_pmtu_disc) != 0 ? IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;
    if (ops->init && ops->init(sk) != 0) {
        give_back(sk);
        return nullptr;
    }
    return sk;
}

bool sock_hold_if_used(sock* sk) {
    u32 users = __atomic_load_n(&sk->users, __ATOMIC_RELAXED);
    while (users != 0) {
        if (__atomic_compare_exchange_n(&sk->users, &users, users + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

void sock_put(sock* sk) {
    if (__atomic_sub_fetch(&sk->users, 1, __ATOMIC_ACQ_REL) == 0) destruct(sk);
}

bool sock_queue_rcv_skb(sock* sk, sk_buff* skb) {
    const u32 bytes = truesize(skb);
    // One more is taken as long as the limit is not reached (Linux sock_queue_rcv_skb).
    if (sk->rmem_alloc >= sk->rcvbuf) return false;
    sk->rmem_alloc += bytes;
    skb->dst = nullptr;  // routes may go while it waits
    skb_queue_tail(&sk->receive_queue, skb);
    return true;
}

sk_buff* sock_dequeue(sock* sk) {
    sk_buff* skb = skb_dequeue(&sk->receive_queue);
    if (skb) sk->rmem_alloc -= truesize(skb);
    return skb;
}

bool sock_queue_err_skb(sock* sk, sk_buff* skb) {
    const u32 bytes = truesize(skb);
    if (sk->rmem_alloc + bytes >= sk->rcvbuf) return false;
    sk->rmem_alloc += bytes;
    skb->dst = nullptr;
    skb_queue_tail(&sk->error_queue, skb);
    return true;
}

sk_buff* sock_dequeue_err_skb(sock* sk) {
    sk_buff* skb = skb_dequeue(&sk->error_queue);
    if (!skb) return nullptr;
    sk->rmem_alloc -= truesize(skb);
    const auto is_icmp = [](sk_buff* one) { return SKB_EXT_ERR(one)->ee.origin == SO_EE_ORIGIN_ICMP; };
    sk_buff* next = sk->error_queue.next;
    if (next && is_icmp(next)) {
        sk->err = static_cast<int>(SKB_EXT_ERR(next)->ee.error);
    } else if (is_icmp(skb)) {
        sk->err = 0;
    }
    return skb;
}

void sock_purge_errors(sock* sk) {
    while (sk_buff* skb = skb_dequeue(&sk->error_queue)) {
        sk->rmem_alloc -= truesize(skb);
        consume_skb(skb);
    }
}

u32 datagram_poll(const sock* sk) {
    u32 events = poll_bit::out;
    if (sk->receive_queue.qlen != 0) events |= poll_bit::in;
    if (sk->err != 0 || sk->error_queue.qlen != 0) events |= poll_bit::err;
    return events;
}

int skb_copy_datagram(const sk_buff* skb, u32 offset, u8* to, u32 bytes) {
    const u32 head = skb_headlen(skb);
    const sk_buff* piece = skb;
    u32 left_here = head;
    while (bytes != 0) {
        if (offset < left_here) {
            const u32 here = left_here - offset < bytes ? left_here - offset : bytes;
            if (const int error = copy_to_user(to, piece->data + offset, here)) return error;
            to += here;
            bytes -= here;
            offset = 0;
        } else {
            offset -= left_here;
        }
        piece = piece == skb ? skb->frag_list : piece->next;
        if (!piece) break;
        left_here = piece->len;
    }
    return 0;
}

int sock_error(sock* sk) { return -__atomic_exchange_n(&sk->err, 0, __ATOMIC_RELAXED); }

void sk_wake(sock* sk) { wake_up(sk->wait); }

flowi4 sk_flow(const sock* sk, u32 daddr, u16 dport) {
    flowi4 flow = {};
    flow.daddr = daddr;
    flow.saddr = sk->saddr;
    flow.oif = sk->bound_dev;
    flow.mark = sk->mark;
    flow.tos = sk->tos;
    flow.proto = sk->protocol;
    flow.sport = sk->num;
    flow.dport = dport;
    return flow;
}

}  // namespace fw
