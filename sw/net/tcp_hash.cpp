// SPDX-License-Identifier: Apache-2.0
// Tables of connections and listeners, and their memory (Linux net/ipv4/inet_hashtables.c).
#include "sw/net/tcp_sock.h"

namespace fw {

namespace {

constexpr unsigned kBuckets = 128;
constinit sock* connections[kBuckets] = {};
constinit sock* listeners = nullptr;
constinit spinlock table_lock = {LockClass::sockets};

constinit tcp_sock pool[kMaxTcpConnections] = {};
constinit tcp_sock* free_list = nullptr;

unsigned bucket_of(u32 daddr, u16 dport, u16 num) {
    u32 mixed = daddr ^ (u32{dport} << 16 | num);
    mixed *= 0x9E3779B1U;  // Knuth, TAOCP 6.4
    return mixed >> 25;
}
static_assert(kBuckets == 1U << (32 - 25));

sock** chain_of(const sock* sk) {
    return tcp_sk(const_cast<sock*>(sk))->state == TCP_LISTEN ? &listeners
                                                              : &connections[bucket_of(sk->daddr, sk->dport, sk->num)];
}

sock* find_connection(u32 saddr, u16 sport, u32 daddr, u16 dport) {
    for (sock* sk = connections[bucket_of(saddr, sport, dport)]; sk; sk = sk->next) {
        if (sk->daddr == saddr && sk->dport == sport && sk->num == dport && sk->rcv_saddr == daddr) return sk;
    }
    return nullptr;
}

/// A listener for just this address comes before one for any.
sock* find_listener(u32 daddr, u16 dport, u32 iif) {
    sock* any = nullptr;
    for (sock* sk = listeners; sk; sk = sk->next) {
        if (sk->num != dport || (sk->bound_dev != 0 && sk->bound_dev != iif)) continue;
        if (sk->rcv_saddr == daddr) return sk;
        if (sk->rcv_saddr == 0) any = sk;
    }
    return any;
}

}  // namespace

void tcp_hash(sock* sk) {
    spin_lock(table_lock);
    sock** chain = chain_of(sk);
    sk->next = *chain;
    *chain = sk;
    sk->hashed = true;
    sock_hold(sk);
    spin_unlock(table_lock);
}

void tcp_unhash(sock* sk) {
    spin_lock(table_lock);
    const bool was = sk->hashed;
    if (was) {
        sock** link = chain_of(sk);
        while (*link != sk) link = &(*link)->next;
        *link = sk->next;
        sk->hashed = false;
    }
    spin_unlock(table_lock);
    if (was) sock_put(sk);
}

sock* tcp_lookup(u32 saddr, u16 sport, u32 daddr, u16 dport, u32 iif) {
    spin_lock(table_lock);
    sock* sk = find_connection(saddr, sport, daddr, dport);
    if (!sk) sk = find_listener(daddr, dport, iif);
    if (sk) sock_hold(sk);
    spin_unlock(table_lock);
    return sk;
}

tcp_sock* tcp_sock_alloc(sock* sk) {
    spin_lock(table_lock);
    tcp_sock* tp = free_list;
    if (tp) free_list = tp->next_free;
    spin_unlock(table_lock);
    if (!tp) return nullptr;
    // Not the ring: what nobody wrote nobody reads.
    __builtin_memset(static_cast<void*>(tp), 0, offsetof(tcp_sock, send_data));
    timer_setup(&tp->timer, tcp_timer);
    tp->sk = sk;
    sk->tcp = tp;
    return tp;
}

void tcp_sock_free(tcp_sock* tp) {
    del_timer(&tp->timer);
    spin_lock(table_lock);
    tp->sk = nullptr;
    tp->next_free = free_list;
    free_list = tp;
    spin_unlock(table_lock);
}

void tcp_init() {
    tcp_ports_init();
    for (sock*& chain : connections) chain = nullptr;
    listeners = nullptr;
    free_list = nullptr;
    for (unsigned n = kMaxTcpConnections; n-- > 0;) {
        if (timer_pending(&pool[n].timer)) del_timer(&pool[n].timer);
        pool[n].sk = nullptr;
        pool[n].next_free = free_list;
        free_list = &pool[n];
    }
}

}  // namespace fw
