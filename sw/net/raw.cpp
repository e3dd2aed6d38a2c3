// SPDX-License-Identifier: Apache-2.0
// Raw sockets (Linux net/ipv4/raw.c): each gets a copy of every packet of its protocol, IP header and all, before the
// protocol itself.
#include "sw/net/raw.h"

#include "sw/kernel/error.h"
#include "sw/kernel/random.h"
#include "sw/kernel/uaccess.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"
#include "sw/wire/checksum.h"
#include "sw/wire/icmp.h"

namespace fw {

using wire::Ipv4;

namespace {

constexpr u8 IPPROTO_RAW = 255;
constexpr u32 kMostBytes = 0xFFFF;

constinit sock* table = nullptr;
constinit spinlock table_lock = {LockClass::sockets};

/// A raw socket's "port" is its protocol, given when it is made.
int raw_init_sock(sock* sk) {
    sk->num = sk->protocol;
    sk->hdrincl = sk->protocol == IPPROTO_RAW;
    spin_lock_bh(table_lock);
    sk->next = table;
    table = sk;
    sk->hashed = true;
    sock_hold(sk);
    spin_unlock_bh(table_lock);
    return 0;
}

void raw_close(sock* sk) {
    if (!sk->hashed) return;
    spin_lock_bh(table_lock);
    sock** link = &table;
    while (*link != sk) link = &(*link)->next;
    *link = sk->next;
    sk->hashed = false;
    spin_unlock_bh(table_lock);
    sock_put(sk);
}

bool is_for(const sock* sk, u32 saddr, u32 daddr, u8 protocol, u32 iif) {
    return sk->protocol == protocol && (sk->daddr == 0 || sk->daddr == saddr) &&
           (sk->rcv_saddr == 0 || sk->rcv_saddr == daddr) && (sk->bound_dev == 0 || sk->bound_dev == iif);
}

void raw_rcv(sock* sk, const sk_buff* skb) {
    sk_buff* copy = skb_clone(skb);
    if (!copy) return;
    skb_push(copy, static_cast<u32>(copy->data - (copy->head + copy->network_header)));
    sock_lock(sk);
    const bool queued = sock_queue_rcv_skb(sk, copy);
    sock_unlock(sk);
    if (queued) {
        sk_wake(sk);
    } else {
        consume_skb(copy);  // the packet itself goes on, and ends where it will
    }
}

struct payload {
    const u8* data;
    bool fault;
};

void raw_getfrag(const void* from, u32 offset, u8* to, u32 bytes) {
    auto* what = static_cast<payload*>(const_cast<void*>(from));
    if (copy_from_user(to, what->data + offset, bytes) != 0) what->fault = true;
}

/// The user's own header (IP_HDRINCL): the kernel fills in length, checksum, and source and identification where they
/// are 0 (raw(7)).
i64 raw_send_hdrinc(sock* sk, rtable* rt, const flowi4& flow, const msghdr* msg) {
    if (msg->bytes > rt->dev->mtu) {
        ip_local_error(sk, err::msgsize, flow.daddr, sk->dport, rt->dev->mtu);
        return -err::msgsize;
    }
    if (const int error = sock_error(sk)) return sk_append_failed(sk, rt, flow, error);
    if (msg->bytes < wire::kIpv4HeaderBytes) return -err::inval;
    sk_buff* skb = alloc_skb();
    if (!skb) return -err::nobufs;
    u8* at = skb_put(skb, msg->bytes);
    if (copy_from_user(at, msg->data, msg->bytes) != 0) {
        consume_skb(skb);
        return -err::fault;
    }
    Ipv4 ip(at);
    if (ip.header_bytes() < wire::kIpv4HeaderBytes || ip.header_bytes() > msg->bytes) {
        consume_skb(skb);
        return -err::inval;
    }
    skb->network_header = skb_headroom(skb);
    skb->transport_header = skb->network_header + ip.header_bytes();
    if (ip.saddr() == 0) ip.set_saddr(flow.saddr);
    if (ip.id() == 0) ip_select_ident(ip, false);
    skb->dst = rt;
    skb->mark = sk->mark;
    skb->priority = sk->priority;
    IPCB(skb)->flags =
        static_cast<u16>((sk->mc_loop ? 0 : IPSKB_NO_MC_LOOP) | (ip_use_pmtu(sk->pmtudisc) ? 0 : IPSKB_DEVICE_MTU));
    ip_local_out(skb);
    return msg->bytes;
}

i64 raw_send_payload(sock* sk, rtable* rt, const flowi4& flow, const msghdr* msg) {
    payload what = {msg->data, false};
    int error = 0;
    sk_buff* skb = ip_make_skb(rt, flow, sk_cookie(sk), raw_getfrag, &what, msg->bytes, &error);
    if (!skb) return sk_append_failed(sk, rt, flow, error);
    if (what.fault) {
        consume_skb(skb);
        return -err::fault;
    }
    ip_local_out(skb);
    return msg->bytes;
}

i64 raw_sendmsg(sock* sk, msghdr* msg) {
    if (msg->bytes > kMostBytes) return -err::msgsize;
    if (!msg->has_addr && sk->daddr == 0) return -err::destaddrreq;
    flowi4 flow = sk_flow(sk, msg->has_addr ? msg->addr : sk->daddr, 0);
    flow.sport = 0;
    sk_flow_to_group(sk, &flow);
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt) return error;
    if (rt->type == regs::config::RTN_BROADCAST && !sk->broadcast) return -err::acces;
    return sk->hdrincl ? raw_send_hdrinc(sk, rt, flow, msg) : raw_send_payload(sk, rt, flow, msg);
}

i64 raw_recvmsg(sock* sk, msghdr* msg) {
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
    const u32 copied = skb->len < msg->bytes ? skb->len : msg->bytes;
    msg->truncated = copied < skb->len;
    msg->addr = ip_hdr(skb).saddr();
    msg->port = 0;
    const int error = skb_copy_datagram(skb, 0, msg->data, copied);
    release_sock(sk);
    if (!msg->peek) consume_skb(skb);
    return error ? error : static_cast<i64>(copied);
}

int raw_connect(sock* sk, u32 addr, u16 port) {
    flowi4 flow = sk_flow(sk, addr, 0);
    flow.sport = 0;
    sk_flow_to_group(sk, &flow);
    int error = 0;
    if (!ip_route_output_key(&flow, &error)) return error;
    if (sk->saddr == 0) sk->saddr = flow.saddr;
    if (sk->rcv_saddr == 0) sk->rcv_saddr = flow.saddr;
    sk->daddr = addr;
    sk->ident = static_cast<u16>(random_below(1U << 16, 0));
    sk->dport = port;
    return 0;
}

/// What the message says of the path, and who is told: sockets that asked for it (IP_RECVERR), and of hard errors
/// connected ones.
void raw_err(sock* sk, sk_buff* skb, u32 info) {
    const wire::Icmp icmph(skb->head + skb->transport_header);
    const bool frag_needed = icmph.type() == ICMP_DEST_UNREACH && icmph.code() == ICMP_FRAG_NEEDED;
    if (icmph.type() == ICMP_REDIRECT) return ip_do_redirect(skb, info, sk->bound_dev, sk->protocol);
    if (frag_needed && ip_accept_pmtu(sk->pmtudisc)) ipv4_update_pmtu(skb, info, sk->bound_dev, sk->protocol);
    const icmp_error what = icmp_error_of(icmph.type(), icmph.code());
    if (what.error == 0) return;
    const bool fatal = what.fatal && !(frag_needed && sk->pmtudisc == IP_PMTUDISC_DONT);
    if (!sk->recverr && !(fatal && sk->daddr != 0)) return;
    const u32 header = sk->hdrincl ? 0 : Ipv4(skb->data).header_bytes();
    if (sk->recverr) ip_icmp_error(sk, skb, what.error, 0, info, skb->data + header);
    sk->err = what.error;
    sk_wake(sk);
}

/// Copies for all raw sockets of the protocol (ip.h, raw_local_deliver).
bool raw_v4_deliver(sk_buff* skb, u8 protocol) {
    if (likely(!table)) return false;
    const Ipv4 ip = ip_hdr(skb);
    bool taken = false;
    spin_lock(table_lock);
    for (sock* sk = table; sk; sk = sk->next) {
        if (!is_for(sk, ip.saddr(), ip.daddr(), protocol, skb->skb_iif)) continue;
        raw_rcv(sk, skb);
        taken = true;
    }
    spin_unlock(table_lock);
    return taken;
}

}  // namespace

void raw_icmp_error(sk_buff* skb, u8 protocol, u32 info) {
    if (likely(!table)) return;
    const Ipv4 inner(skb->data);
    spin_lock(table_lock);
    for (sock* sk = table; sk; sk = sk->next) {
        if (is_for(sk, inner.daddr(), inner.saddr(), protocol, skb->skb_iif)) raw_err(sk, skb, info);
    }
    spin_unlock(table_lock);
}

constinit const proto raw_prot = {
    .type = SOCK_RAW,
    .protocol = 0,
    .init = raw_init_sock,
    .close = raw_close,
    .get_port = nullptr,
    .connect = raw_connect,
    .sendmsg = raw_sendmsg,
    .recvmsg = raw_recvmsg,
    .poll = datagram_poll,
    .listen = nullptr,
    .accept = nullptr,
};

void raw_init() {
    table = nullptr;
    raw_local_deliver = raw_v4_deliver;
}

}  // namespace fw
