// SPDX-License-Identifier: Apache-2.0
// UDP datagrams to this host (Linux net/ipv4/udp.c, __udp4_lib_rcv): checks, and the socket they are for.
#include "sw/net/udp.h"

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

/// A socket is told when it asked for it (IP_RECVERR), and of hard errors when it is connected: another may have sent
/// to many (udp(7)).
void tell(sock* sk, const sk_buff* skb, wire::Icmp icmph, u32 info) {
    const icmp_error what = icmp_error_of(icmph.type(), icmph.code());
    if (what.error == 0) return;
    if (sk->recverr) {
        const u8* udp = skb->data + wire::Ipv4(skb->data).header_bytes();
        ip_icmp_error(sk, skb, what.error, wire::get16(udp + 2), info, udp + wire::kUdpHeaderBytes);
    } else if (!what.fatal || sk->daddr == 0) {
        return;
    }
    sk->err = what.error;
    sk_wake(sk);
}

void socket_err(sock* sk, sk_buff* skb, u32 info) {
    const wire::Icmp icmph(skb->head + skb->transport_header);
    if (icmph.type() == ICMP_REDIRECT) return ip_do_redirect(skb, info, sk->bound_dev, sk->protocol);
    if (icmph.type() == ICMP_DEST_UNREACH && icmph.code() == ICMP_FRAG_NEEDED) {
        if (ip_accept_pmtu(sk->pmtudisc)) ipv4_update_pmtu(skb, info, sk->bound_dev, sk->protocol);
        if (sk->pmtudisc == IP_PMTUDISC_DONT) return;
    }
    tell(sk, skb, icmph, info);
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

void udp_err(sk_buff* skb, u32 info) {
    const wire::Ipv4 inner(skb->data);
    const wire::Udp udp(skb->data + inner.header_bytes());
    sock* sk = udp_lookup({inner.daddr(), inner.saddr(), udp.dest(), udp.source(), skb->skb_iif});
    if (!sk) {
        snmp_inc(Snmp::IcmpInErrors);
        return;
    }
    socket_err(sk, skb, info);
    sock_put(sk);
}

}  // namespace fw
