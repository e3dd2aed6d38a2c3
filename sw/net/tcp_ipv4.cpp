// SPDX-License-Identifier: Apache-2.0
// TCP segments to this host: checks, and whose they are (Linux net/ipv4/tcp_ipv4.c).
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/tcp.h"
#include "sw/net/tcp_reset.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Tcp;

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

bool checksum_ok(const sk_buff* skb) {
    const u64 pseudo = wire::csum_pseudo(ip_hdr(skb), static_cast<u16>(skb->len));
    return wire::csum_fold(skb_checksum(skb, 0, skb->len, pseudo)) == 0xFFFF;
}

void bad_segment(sk_buff* skb, Fate fate) {
    snmp_inc(Snmp::TcpInErrs);
    kfree_skb_reason(skb, fate);
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

STAGE void tcp_v4_rcv(sk_buff* skb) {
    // Only what is addressed to this host alone is a segment of a connection (RFC 9293 3.9.2.3).
    if (skb->pkt_type != PACKET_HOST) {
        kfree_skb_reason(skb, Fate::bad_transport);
        return;
    }
    snmp_inc(Snmp::TcpInSegs);
    if (!pskb_may_pull(skb, wire::kTcpHeaderBytes)) return bad_segment(skb, Fate::bad_transport);
    const unsigned header = Tcp(skb->data).header_bytes();
    if (header < wire::kTcpHeaderBytes || !pskb_may_pull(skb, header)) return bad_segment(skb, Fate::bad_transport);
    if (!checksum_ok(skb)) {
        snmp_inc(Snmp::TcpInCsumErrors);
        return bad_segment(skb, Fate::bad_checksum);
    }
    const Tcp tcp(skb->data);
    const wire::Ipv4 ip = ip_hdr(skb);
    sock* sk = tcp_lookup(ip.saddr(), tcp.source(), ip.daddr(), tcp.dest(), skb->skb_iif);
    if (!sk) {
        tcp_v4_send_reset(skb);
        kfree_skb_reason(skb, Fate::proto_unreachable);
        return;
    }
    sock_lock(sk);
    if (tcp_sk(sk)->state == TCP_LISTEN) {
        tcp_rcv_listen(sk, skb);
    } else {
        tcp_rcv_state_process(sk, skb);
    }
    sock_unlock(sk);
    sock_put(sk);
}

/// Errors about a connection are soft (RFC 9293 3.9.2.2): retransmission goes on, and gives up by itself. Only before
/// the handshake is done they end it.
void tcp_v4_err(sk_buff* skb, u32 info) {
    (void)info;
    wire::Ipv4 inner(skb->data);
    const u8* header = skb->data + inner.header_bytes();
    sock* sk = tcp_lookup(inner.daddr(), wire::get16(header + 2), inner.saddr(), wire::get16(header), skb->skb_iif);
    if (!sk) {
        snmp_inc(Snmp::IcmpInErrors);
        return;
    }
    sock_lock(sk);
    tcp_sock* tp = tcp_sk(sk);
    const u32 seq = wire::get32(header + 4);
    if (tp->state == TCP_SYN_RECV && seq == tp->iss) tcp_done(sk, 0);
    sock_unlock(sk);
    sock_put(sk);
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
