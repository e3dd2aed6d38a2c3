// SPDX-License-Identifier: Apache-2.0
// UDP datagrams to this host (Linux net/ipv4/udp.c, __udp4_lib_rcv): checks, and the socket they are for.
#include "sw/net/udp.h"

#include "sw/kernel/error.h"
#include "sw/net/icmp.h"
#include "sw/net/icmp_msg.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"
#include "sw/wire/udp.h"

namespace fw {
namespace {

/// CHECKSUM_BREAK: datagrams up to this long are summed before anybody is looked for.
constexpr u32 kChecksumBreak = 76;

/// The skb holds the datagram and nothing else.
bool checksum_ok(const sk_buff* skb) {
    if (skb_csum_unnecessary(skb)) return true;
    if (wire::Udp(skb->data).check() == 0) return true;  // RFC 768: the sender made none
    const u64 pseudo = wire::csum_pseudo(ip_hdr(skb), static_cast<u16>(skb->len));
    return wire::csum_fold(skb_checksum(skb, 0, skb->len, pseudo)) == 0xFFFF;
}

/// Shorter ones have been summed before.
bool late_checksum_ok(const sk_buff* skb) { return skb->len <= kChecksumBreak || checksum_ok(skb); }

void drop(sk_buff* skb, Fate fate) {
    snmp_inc(Snmp::UdpInErrors);
    kfree_skb_reason(skb, fate);
}

void drop_bad_checksum(sk_buff* skb) {
    snmp_inc(Snmp::UdpInCsumErrors);
    drop(skb, Fate::bad_checksum);
}

/// Into the socket's queue, which wakes its reader. The reference is given back.
void queue_to(sock* sk, sk_buff* skb) {
    sock_lock(sk);
    const bool queued = sock_queue_rcv_skb(sk, skb);
    sock_unlock(sk);
    if (queued) {
        sk_wake(sk);
    } else {
        snmp_inc(Snmp::UdpRcvbufErrors);
        drop(skb, Fate::socket_full);
    }
    sock_put(sk);
}

/// Groups and broadcasts: a copy for each socket, the packet itself for the last; nobody is told when there is none.
void deliver_to_all(sk_buff* skb, const udp_key& key) {
    sock* found[kMaxUdpCopies];
    const unsigned count = udp_lookup_all(key, found, kMaxUdpCopies);
    if (count == 0) {
        snmp_inc(Snmp::UdpIgnoredMulti);
        return inet_no_listener(skb);
    }
    if (!late_checksum_ok(skb)) {
        for (unsigned n = 0; n < count; ++n) sock_put(found[n]);
        return drop_bad_checksum(skb);
    }
    for (unsigned n = 0; n + 1 < count; ++n) {
        sk_buff* copy = skb_clone(skb);
        if (copy) {
            queue_to(found[n], copy);
            continue;
        }
        snmp_inc(Snmp::UdpInErrors);
        sock_put(found[n]);
    }
    queue_to(found[count - 1], skb);
}

void deliver_to_one(sk_buff* skb, const udp_key& key) {
    if (!late_checksum_ok(skb)) return drop_bad_checksum(skb);
    if (sock* sk = udp_lookup(key)) return queue_to(sk, skb);
    snmp_inc(Snmp::UdpNoPorts);
    icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
    inet_no_listener(skb);
}

/// What an ICMP error means to a program, by code of "unreachable" (Linux icmp_err_convert[]).
int error_of(u8 type, u8 code) {
    if (type == ICMP_PARAMETERPROB) return err::proto;
    if (type != ICMP_DEST_UNREACH) return err::hostunreach;
    switch (code) {
        case ICMP_NET_UNREACH:
        case ICMP_NET_ANO:
        case ICMP_NET_UNR_TOS:
            return err::netunreach;
        case ICMP_PROT_UNREACH:
            return err::noprotoopt;
        case ICMP_PORT_UNREACH:
            return err::connrefused;
        case ICMP_FRAG_NEEDED:
            return err::msgsize;
        default:
            return err::hostunreach;
    }
}

}  // namespace

STAGE void udp_rcv(sk_buff* skb) {
    if (!pskb_may_pull(skb, wire::kUdpHeaderBytes)) return drop(skb, Fate::bad_transport);
    const u32 bytes = wire::Udp(skb->data).len();
    if (bytes > skb->len || bytes < wire::kUdpHeaderBytes) return drop(skb, Fate::bad_transport);
    pskb_trim(skb, bytes);
    if (bytes <= kChecksumBreak && !checksum_ok(skb)) return drop_bad_checksum(skb);
    const wire::Udp udp(skb->data);
    const wire::Ipv4 ip = ip_hdr(skb);
    const udp_key key = {ip.saddr(), ip.daddr(), udp.source(), udp.dest(), skb->skb_iif};
    if (unlikely(skb->dst->type != regs::config::RTN_LOCAL)) return deliver_to_all(skb, key);
    deliver_to_one(skb, key);
}

/// Only a connected socket is told (udp(7)): another may have sent to many.
void udp_err(sk_buff* skb, u32) {
    const wire::Ipv4 inner(skb->data);
    const wire::Udp udp(skb->data + inner.header_bytes());
    sock* sk = udp_lookup({inner.daddr(), inner.saddr(), udp.dest(), udp.source(), skb->skb_iif});
    if (!sk) {
        snmp_inc(Snmp::IcmpInErrors);
        return;
    }
    if (sk->daddr != 0) {
        const wire::Icmp icmp(skb->head + skb->transport_header);
        sk->err = error_of(icmp.type(), icmp.code());
        sk_wake(sk);
    }
    sock_put(sk);
}

}  // namespace fw
