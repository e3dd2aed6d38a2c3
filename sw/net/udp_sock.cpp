// SPDX-License-Identifier: Apache-2.0
// UDP sockets (Linux net/ipv4/udp.c): ports, sending and receiving.
#include "sw/kernel/error.h"
#include "sw/kernel/random.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/uaccess.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/ip.h"
#include "sw/net/port_table.h"
#include "sw/net/udp.h"
#include "sw/wire/checksum.h"
#include "sw/wire/udp.h"

namespace fw {

using namespace regs::config;

namespace {

constexpr unsigned kBuckets = 64;
constexpr u32 kMostBytes = 0xFFFF;  ///< longer ones are refused before anything else (Linux udp_sendmsg)
constinit sock* table[kBuckets] = {};
constinit spinlock table_lock = {LockClass::sockets};
constinit u16 last_given = 0;

sock*& chain_of(u16 port) { return table[port % kBuckets]; }

bool is_taken(const sock* wanted, u16 port) {
    for (const sock* sk = chain_of(port); sk; sk = sk->next) {
        if (sk != wanted && sk->num == port && ports_conflict(sk, wanted)) return true;
    }
    return false;
}

int udp_get_port(sock* sk, u16 port) {
    spin_lock_bh(table_lock);
    if (port == 0) {
        const auto first = static_cast<u16>(sysctl(SysctlId::ip_local_port_first));
        port = find_free_port(&last_given, first, [sk](u16 candidate) { return is_taken(sk, candidate); });
    } else if (is_taken(sk, port)) {
        port = 0;
    }
    if (port != 0) {
        sk->num = port;
        sk->next = chain_of(port);
        chain_of(port) = sk;
        sk->hashed = true;
        sock_hold(sk);
    }
    spin_unlock_bh(table_lock);
    return port != 0 ? 0 : -err::addrinuse;
}

void udp_close(sock* sk) {
    if (!sk->hashed) return;
    spin_lock_bh(table_lock);
    sock** link = &chain_of(sk->num);
    while (*link != sk) link = &(*link)->next;
    *link = sk->next;
    sk->hashed = false;
    spin_unlock_bh(table_lock);
    sock_put(sk);
}

/// -1: the socket is not for such a packet; else how well it fits (Linux compute_score).
int score(const sock* sk, const udp_key& key) {
    if (sk->num != key.dport) return -1;
    int fit = 0;
    if (sk->rcv_saddr != 0) {
        if (sk->rcv_saddr != key.daddr) return -1;
        fit += 2;
    }
    if (sk->daddr != 0) {
        if (sk->daddr != key.saddr || sk->dport != key.sport) return -1;
        fit += 4;
    }
    if (sk->bound_dev != 0) {
        if (sk->bound_dev != key.iif) return -1;
        fit += 1;
    }
    return fit;
}

/// What is being sent, for ip_make_skb: the header is made here, the data is the user's.
struct datagram {
    u8 header[wire::kUdpHeaderBytes];
    const u8* data;
    bool fault;
};

void udp_getfrag(const void* from, u32 offset, u8* to, u32 bytes) {
    auto* what = static_cast<datagram*>(const_cast<void*>(from));
    for (; offset < wire::kUdpHeaderBytes && bytes != 0; ++offset, --bytes) *to++ = what->header[offset];
    if (bytes == 0) return;
    if (copy_from_user(to, what->data + (offset - wire::kUdpHeaderBytes), bytes) != 0) what->fault = true;
}

/// Over header, data and pseudo-header. The device makes it where it can, but not of several pieces, nor where copies
/// come back to this host.
void set_checksum(sk_buff* skb) {
    constexpr u8 kCheck = 6;  // RFC 768
    const auto bytes = static_cast<u16>(skb->len - (skb->transport_header - skb_headroom(skb)));
    skb_partial_checksum(skb, kCheck, wire::csum_fold(wire::csum_pseudo(ip_hdr(skb), bytes)));
    const bool device = (skb->dst->dev->features & NETIF_F_IP_CSUM) && skb->dst->type == RTN_UNICAST;
    if (!device || skb->frag_list != nullptr) skb_checksum_help(skb);
}

bool may_send_to(const sock* sk, const rtable* rt) { return rt->type != RTN_BROADCAST || sk->broadcast; }

i64 send_on(sock* sk, rtable* rt, const flowi4& flow, const msghdr* msg) {
    datagram what = {{}, msg->data, false};
    const u32 bytes = msg->bytes + wire::kUdpHeaderBytes;
    wire::put16(what.header, sk->num);
    wire::put16(what.header + 2, flow.dport);
    wire::put16(what.header + 4, static_cast<u16>(bytes));
    int error = sock_error(sk);  // what came of an earlier datagram
    if (error != 0) return sk_append_failed(sk, rt, flow, error);
    sk_buff* skb = ip_make_skb(rt, flow, sk_cookie(sk), udp_getfrag, &what, bytes, &error);
    if (!skb) {
        if (error == -err::nobufs) snmp_inc(Snmp::UdpSndbufErrors);
        return sk_append_failed(sk, rt, flow, error);
    }
    if (what.fault) {
        consume_skb(skb);
        return -err::fault;
    }
    set_checksum(skb);
    snmp_inc(Snmp::UdpOutDatagrams);
    ip_local_out(skb);
    return msg->bytes;
}

i64 udp_sendmsg(sock* sk, msghdr* msg) {
    if (msg->bytes > kMostBytes) return -err::msgsize;
    const u32 daddr = msg->has_addr ? msg->addr : sk->daddr;
    const u16 dport = msg->has_addr ? msg->port : sk->dport;
    if (!msg->has_addr && sk->daddr == 0) return -err::destaddrreq;
    if (dport == 0) return -err::inval;
    if (!sk->hashed) {
        if (const int error = udp_get_port(sk, 0)) return error;
    }
    flowi4 flow = sk_flow(sk, daddr, dport);
    sk_flow_to_group(sk, &flow);
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt) {
        if (error == -err::netunreach) snmp_inc(Snmp::IpOutNoRoutes);
        return error;
    }
    return may_send_to(sk, rt) ? send_on(sk, rt, flow, msg) : -err::acces;
}

i64 udp_recvmsg(sock* sk, msghdr* msg) {
    lock_sock(sk);
    if (const int error = sock_error(sk)) {
        release_sock(sk);
        return error;
    }
    sk_buff* skb = msg->peek ? sk->receive_queue.next : sock_dequeue(sk);
    if (!skb) {
        release_sock(sk);
        return -err::again;
    }
    const u32 bytes = skb->len - wire::kUdpHeaderBytes;
    const u32 copied = bytes < msg->bytes ? bytes : msg->bytes;
    msg->truncated = copied < bytes;
    msg->addr = ip_hdr(skb).saddr();
    msg->port = wire::Udp(skb->data).source();
    const int error = skb_copy_datagram(skb, wire::kUdpHeaderBytes, msg->data, copied);
    release_sock(sk);
    if (!msg->peek) {
        snmp_inc(Snmp::UdpInDatagrams);
        kfree_skb_reason(skb, Fate::delivered);
    }
    return error ? error : static_cast<i64>(copied);
}

int udp_connect(sock* sk, u32 addr, u16 port) {
    flowi4 flow = sk_flow(sk, addr, port);
    sk_flow_to_group(sk, &flow);
    int error = 0;
    const rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt) return error;
    if (!may_send_to(sk, rt)) return -err::acces;
    if (sk->saddr == 0) sk->saddr = flow.saddr;
    if (sk->rcv_saddr == 0) sk->rcv_saddr = flow.saddr;
    sk->daddr = addr;
    sk->ident = static_cast<u16>(random_below(1U << 16, 0));
    sk->dport = port;
    return sk->hashed ? 0 : udp_get_port(sk, 0);
}

}  // namespace

sock* udp_lookup(const udp_key& key) {
    spin_lock(table_lock);
    sock* best = nullptr;
    int best_score = -1;
    for (sock* sk = chain_of(key.dport); sk; sk = sk->next) {
        const int fit = score(sk, key);
        if (fit <= best_score) continue;
        best = sk;
        best_score = fit;
    }
    if (best) sock_hold(best);
    spin_unlock(table_lock);
    return best;
}

unsigned udp_lookup_all(const udp_key& key, sock** found, unsigned most) {
    unsigned count = 0;
    spin_lock(table_lock);
    for (sock* sk = chain_of(key.dport); sk && count < most; sk = sk->next) {
        if (score(sk, key) < 0) continue;
        sock_hold(sk);
        found[count++] = sk;
    }
    spin_unlock(table_lock);
    return count;
}

constinit const proto udp_prot = {
    .type = SOCK_DGRAM,
    .protocol = wire::IPPROTO_UDP,
    .init = nullptr,
    .close = udp_close,
    .get_port = udp_get_port,
    .connect = udp_connect,
    .sendmsg = udp_sendmsg,
    .recvmsg = udp_recvmsg,
    .poll = datagram_poll,
    .listen = nullptr,
    .accept = nullptr,
};

void udp_init() {
    for (sock*& chain : table) chain = nullptr;
    last_given = 0;
}

}  // namespace fw
