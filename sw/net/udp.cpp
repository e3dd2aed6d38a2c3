// SPDX-License-Identifier: Apache-2.0
// UDP to a host without sockets (Linux net/ipv4/udp.c, __udp4_lib_rcv).
#include "sw/wire/udp.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"

namespace fw {
namespace {

/// CHECKSUM_BREAK: datagrams up to this long are summed before anybody is looked for.
constexpr u32 kChecksumBreak = 76;

/// The skb holds the datagram and nothing else.
bool checksum_ok(const sk_buff* skb) {
    if (wire::Udp(skb->data).check() == 0) return true;  // RFC 768: the sender made none
    const u64 pseudo = wire::csum_pseudo(ip_hdr(skb), static_cast<u16>(skb->len));
    return wire::csum_fold(skb_checksum(skb, 0, skb->len, pseudo)) == 0xFFFF;
}

void drop_bad_datagram(sk_buff* skb, Fate fate) {
    snmp_inc(Snmp::UdpInErrors);
    kfree_skb_reason(skb, fate);
}

void drop_bad_checksum(sk_buff* skb) {
    snmp_inc(Snmp::UdpInCsumErrors);
    drop_bad_datagram(skb, Fate::bad_checksum);
}

}  // namespace

STAGE void udp_rcv(sk_buff* skb) {
    if (!pskb_may_pull(skb, wire::kUdpHeaderBytes)) return drop_bad_datagram(skb, Fate::bad_transport);
    const u32 bytes = wire::Udp(skb->data).len();
    if (bytes > skb->len || bytes < wire::kUdpHeaderBytes) return drop_bad_datagram(skb, Fate::bad_transport);
    pskb_trim(skb, bytes);
    if (bytes <= kChecksumBreak && !checksum_ok(skb)) return drop_bad_checksum(skb);
    if (skb->dst->type != regs::config::RTN_LOCAL) {
        snmp_inc(Snmp::UdpIgnoredMulti);
        return inet_no_listener(skb);
    }
    if (bytes > kChecksumBreak && !checksum_ok(skb)) return drop_bad_checksum(skb);
    snmp_inc(Snmp::UdpNoPorts);
    icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
    inet_no_listener(skb);
}

/// No socket is there to be told.
void udp_err(sk_buff*, u32) { snmp_inc(Snmp::IcmpInErrors); }

}  // namespace fw
