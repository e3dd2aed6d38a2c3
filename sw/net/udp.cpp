// SPDX-License-Identifier: Apache-2.0
// UDP to a host without sockets (Linux net/ipv4/udp.c, __udp4_lib_rcv).
#include "sw/wire/udp.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"

namespace fw {
namespace {

bool checksum_ok(const sk_buff* skb, const wire::Udp& udp, u32 bytes) {
    if (udp.check() == 0) return true;
    const u64 pseudo = wire::csum_pseudo(ip_hdr(skb), static_cast<u16>(bytes));
    return wire::csum_fold(skb_checksum(skb, 0, bytes, pseudo)) == 0xFFFF;
}

void drop_bad_datagram(sk_buff* skb) {
    snmp_inc(Snmp::UdpInErrors);
    inet_no_listener(skb);
}

}  // namespace

void udp_rcv(sk_buff* skb) {
    if (!pskb_may_pull(skb, wire::kUdpHeaderBytes)) return drop_bad_datagram(skb);
    const wire::Udp udp(skb->data);
    const u32 bytes = udp.len();
    if (bytes > skb->len || bytes < wire::kUdpHeaderBytes) return drop_bad_datagram(skb);
    pskb_trim(skb, bytes);
    if (skb->dst->type != regs::config::RTN_LOCAL) {
        snmp_inc(Snmp::UdpIgnoredMulti);
    } else if (checksum_ok(skb, udp, bytes)) {
        snmp_inc(Snmp::UdpNoPorts);
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
    } else {
        snmp_inc(Snmp::UdpInCsumErrors);
        snmp_inc(Snmp::UdpInErrors);
    }
    inet_no_listener(skb);
}

}  // namespace fw
