// SPDX-License-Identifier: Apache-2.0
// UDP-Lite datagrams to this host (RFC 3828; Linux net/ipv4/udp.c, __udp4_lib_rcv). The checksum is mandatory and
// covers as much of the datagram as its header says. There are no sockets, so that all ports are closed.
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/udp.h"
#include "sw/wire/checksum.h"
#include "sw/wire/udp.h"

namespace fw {
namespace {

void drop(sk_buff* skb, Fate fate) {
    snmp_inc(Snmp::UdpLiteInErrors);
    kfree_skb_reason(skb, fate);
}

void drop_bad_checksum(sk_buff* skb) {
    snmp_inc(Snmp::UdpLiteInCsumErrors);
    drop(skb, Fate::bad_checksum);
}

/// RFC 3828 3.1: the pseudo-header has the length of the whole datagram.
bool checksum_ok(const sk_buff* skb, u32 coverage) {
    const u64 pseudo = wire::csum_pseudo(ip_hdr(skb), static_cast<u16>(skb->len));
    return wire::csum_fold(skb_checksum(skb, 0, coverage, pseudo)) == 0xFFFF;
}

}  // namespace

STAGE void udplite_rcv(sk_buff* skb) {
    if (!pskb_may_pull(skb, wire::kUdpHeaderBytes)) return drop(skb, Fate::bad_transport);
    const wire::Udp udp(skb->data);
    const u32 coverage = udp.len() != 0 ? udp.len() : skb->len;  // in the place of UDP's length; 0: all
    if (coverage > skb->len) return drop(skb, Fate::bad_transport);
    if (udp.check() == 0 || coverage < wire::kUdpHeaderBytes) return drop_bad_checksum(skb);
    if (skb->dst->type != regs::config::RTN_LOCAL) {
        snmp_inc(Snmp::UdpLiteIgnoredMulti);
        return inet_no_listener(skb);
    }
    if (!checksum_ok(skb, coverage)) return drop_bad_checksum(skb);
    snmp_inc(Snmp::UdpLiteNoPorts);
    icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
    inet_no_listener(skb);
}

/// An error about a datagram of no socket.
void udplite_err(sk_buff*, u32) { snmp_inc(Snmp::IcmpInErrors); }

}  // namespace fw
