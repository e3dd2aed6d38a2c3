// SPDX-License-Identifier: Apache-2.0
// From the packet-type handler to the protocol above IP (Linux net/ipv4/ip_input.c).
#include "sw/kernel/printk.h"
#include "sw/net/icmp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/ip.h"
#include "sw/net/ip_defrag.h"
#include "sw/net/net.h"

namespace fw {

using wire::Ipv4;

bool (*raw_local_deliver)(sk_buff* skb, u8 protocol) = nullptr;

namespace {

/// The four ECN counters lie in the order of the ECN field's values (RFC 3168 5).
void count_ecn(u8 tos) {
    static_assert(static_cast<unsigned>(Snmp::IpExtInCEPkts) == static_cast<unsigned>(Snmp::IpExtInNoECTPkts) + 3);
    snmp_inc(static_cast<Snmp>(static_cast<unsigned>(Snmp::IpExtInNoECTPkts) + (tos & 3)));
}

void drop_bad_header(sk_buff* skb, Fate fate) {
    snmp_inc(Snmp::IpInHdrErrors);
    kfree_skb_reason(skb, fate);
}

/// accept_source_route, and a word for the log where martians are logged.
bool source_route_allowed(const sk_buff* skb) {
    if (in_dev_andconf(skb->dev, SysctlId::accept_source_route)) return true;
    if (in_dev_orconf(skb->dev, SysctlId::log_martians)) {
        const u32 saddr = ip_hdr(skb).saddr();
        const u32 daddr = ip_hdr(skb).daddr();
        printk(6, "source route option %pI4 -> %pI4\n", &saddr, &daddr);
    }
    return false;
}

/// Options are looked at after routing, as in Linux; false: dropped.
bool ip_rcv_options(sk_buff** skb) {
    if (!skb_cow(skb, skb_headroom(*skb))) {
        snmp_inc(Snmp::IpInDiscards);
        kfree_skb_reason(*skb, Fate::no_memory);
        return false;
    }
    if (ip_options_compile(*skb) != 0) {
        drop_bad_header(*skb, Fate::ip_options);
        return false;
    }
    if (likely(IPCB(*skb)->opt.srr == 0)) return true;
    if (!source_route_allowed(*skb)) {
        kfree_skb_reason(*skb, Fate::ip_options);
        return false;
    }
    return ip_options_rcv_srr(*skb);
}

/// Counts groups and broadcasts. False: a packet to one host that came to many of the link (RFC 1122 3.3.6), which
/// drop_unicast_in_l2_multicast refuses; dropped.
bool count_or_refuse_group(sk_buff* skb) {
    if (skb->dst->type == regs::config::RTN_MULTICAST) {
        snmp_inc(Snmp::IpExtInMcastPkts);
        snmp_inc(Snmp::IpExtInMcastOctets, skb->len);
    } else if (skb->dst->type == regs::config::RTN_BROADCAST) {
        snmp_inc(Snmp::IpExtInBcastPkts);
        snmp_inc(Snmp::IpExtInBcastOctets, skb->len);
    } else if ((skb->pkt_type == PACKET_BROADCAST || skb->pkt_type == PACKET_MULTICAST) &&
               in_dev_orconf(skb->dev, SysctlId::drop_unicast_in_l2_multicast)) {
        kfree_skb_reason(skb, Fate::link_broadcast);
        return false;
    }
    return true;
}

}  // namespace

STAGE void ip_rcv(sk_buff* skb, net_device* dev, packet_type*) {
    if (unlikely(skb->pkt_type == PACKET_OTHERHOST)) {
        kfree_skb_reason(skb, Fate::other_host);
        return;
    }
    snmp_inc(Snmp::IpInReceives);
    snmp_inc(Snmp::IpExtInOctets, skb->len);
    // skb_share_check: what others hold as well is copied.
    if (unlikely(!skb_cow(&skb, skb_headroom(skb)))) {
        snmp_inc(Snmp::IpInDiscards);
        kfree_skb_reason(skb, Fate::no_memory);
        return;
    }

    if (unlikely(skb->len < wire::kIpv4HeaderBytes)) return drop_bad_header(skb, Fate::ip_header);
    const Ipv4 ip(skb->data);
    if (unlikely(ip.ihl() < 5 || ip.version() != 4)) return drop_bad_header(skb, Fate::ip_header);
    count_ecn(ip.tos());
    if (unlikely(skb->len < ip.header_bytes())) return drop_bad_header(skb, Fate::ip_header);
    if (unlikely(!ip_checksum_ok(skb->data, ip.ihl()))) {
        snmp_inc(Snmp::IpExtInCsumErrors);
        return drop_bad_header(skb, Fate::ip_checksum);
    }
    const u32 len = ip.tot_len();
    if (unlikely(skb->len < len)) {
        snmp_inc(Snmp::IpExtInTruncatedPkts);
        kfree_skb_reason(skb, Fate::ip_truncated);
        return;
    }
    if (unlikely(len < ip.header_bytes())) return drop_bad_header(skb, Fate::ip_header);
    pskb_trim(skb, len);  // the medium may have padded

    skb->network_header = skb_headroom(skb);
    skb->transport_header = skb->network_header + ip.header_bytes();
    NF_HOOK(NF_INET_PRE_ROUTING, skb, dev, nullptr, ip_rcv_finish);
}

STAGE void ip_rcv_finish(sk_buff* skb) {
    // What came back by the loopback device has its route already.
    if (likely(!skb->dst) && !ip_route_input(skb, skb->dev)) return;
    if (unlikely(ip_hdr(skb).ihl() > 5) && !ip_rcv_options(&skb)) return;
    const bool usual = skb->dst->type == regs::config::RTN_UNICAST && skb->pkt_type == PACKET_HOST;
    if (unlikely(!usual) && !count_or_refuse_group(skb)) return;
    skb->dst->input(skb);
}

STAGE void ip_local_deliver(sk_buff* skb) {
    if (unlikely(ip_hdr(skb).is_fragment())) {
        skb = ip_defrag(skb, IP_DEFRAG_LOCAL_DELIVER);
        if (!skb) return;
    }
    NF_HOOK(NF_INET_LOCAL_IN, skb, skb->dev, nullptr, ip_local_deliver_finish);
}

STAGE void ip_local_deliver_finish(sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    skb_pull(skb, ip.header_bytes());
    const bool raw = raw_local_deliver && raw_local_deliver(skb, ip.protocol());
    const inet_protocol* ipprot = inet_protocol_of(ip.protocol());
    if (!ipprot && raw) {
        snmp_inc(Snmp::IpInDelivers);
        kfree_skb_reason(skb, Fate::delivered);
        return;
    }
    if (!ipprot) {
        snmp_inc(Snmp::IpInUnknownProtos);
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
        inet_no_listener(skb);
        return;
    }
    snmp_inc(Snmp::IpInDelivers);
    for (; ipprot->copy; ipprot = inet_protocol_next(ipprot)) {
        sk_buff* copy = skb_clone(skb);
        if (copy) ipprot->handler(copy);
    }
    ipprot->handler(skb);
}

}  // namespace fw
