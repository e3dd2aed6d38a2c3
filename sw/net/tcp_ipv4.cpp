// SPDX-License-Identifier: Apache-2.0
// TCP segments on their way in (Linux net/ipv4/tcp_ipv4.c, tcp_v4_rcv). Every port is closed.
#include "sw/net/ip.h"
#include "sw/net/tcp.h"
#include "sw/wire/checksum.h"
#include "sw/wire/tcp.h"

namespace fw {
namespace {

bool checksum_ok(const sk_buff* skb) {
    const u64 pseudo = wire::csum_pseudo(ip_hdr(skb), static_cast<u16>(skb->len));
    return wire::csum_fold(skb_checksum(skb, 0, skb->len, pseudo)) == 0xFFFF;
}

void drop_bad(sk_buff* skb, Fate fate) {
    snmp_inc(Snmp::TcpInErrs);
    kfree_skb_reason(skb, fate);
}

}  // namespace

STAGE void tcp_v4_rcv(sk_buff* skb) {
    if (skb->pkt_type != PACKET_HOST) {
        kfree_skb_reason(skb, Fate::link_broadcast);
        return;
    }
    snmp_inc(Snmp::TcpInSegs);
    if (!pskb_may_pull(skb, wire::kTcpHeaderBytes)) return kfree_skb_reason(skb, Fate::bad_transport);
    const u32 header = wire::Tcp(skb->data).header_bytes();
    if (header < wire::kTcpHeaderBytes) return drop_bad(skb, Fate::bad_transport);
    if (!pskb_may_pull(skb, header)) return kfree_skb_reason(skb, Fate::bad_transport);
    if (!checksum_ok(skb)) {
        snmp_inc(Snmp::TcpInCsumErrors);
        return drop_bad(skb, Fate::bad_checksum);
    }
    tcp_v4_send_reset(skb);
    inet_no_listener(skb);
}

/// No connection is there to be told.
void tcp_v4_err(sk_buff*, u32) { snmp_inc(Snmp::IcmpInErrors); }

}  // namespace fw
