// SPDX-License-Identifier: Apache-2.0
// What arrives (Linux net/ipv4/arp.c: arp_rcv, arp_process), checks in its order.
#include "sw/net/arp.h"

#include "sw/kernel/time.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/ip.h"
#include "sw/net/pneigh.h"

namespace fw {

using namespace regs::config;
using namespace wire;

namespace {

/// The fields of a message that all checks ask for.
struct message {
    net_device* dev;
    u16 op;
    u32 sip;
    u32 tip;
    const u8* sha;
    const u8* tha;
};

bool is_request(const message& arp) { return arp.op == ARPOP_REQUEST; }

/// The checks that look at the message alone.
bool is_sane(const net_device* dev, Arp arp) {
    if (arp.hardware_type() != ARPHRD_ETHER && arp.hardware_type() != ARPHRD_IEEE802) return false;
    if (arp.protocol_type() != ETH_P_IP) return false;
    if (arp.op() != ARPOP_REPLY && arp.op() != ARPOP_REQUEST) return false;
    if (ipv4_is_multicast(arp.target_ip())) return false;
    if (ipv4_is_loopback(arp.target_ip()) && !in_dev_route_localnet(dev)) return false;
    return arp.sender_ip() != arp.target_ip() || !in_dev_drop_gratuitous_arp(dev);
}

/// arp_ignore: nobody is told that this host has the address.
bool arp_ignore(const net_device* dev, u32 sip, u32 tip) {
    switch (in_dev_arp_ignore(dev)) {
        case 1:  // only addresses of this device
            return !inet_confirm_addr(dev, 0, tip, RT_SCOPE_HOST);
        case 2:  // … and only to its subnet
            return !inet_confirm_addr(dev, sip, tip, RT_SCOPE_HOST);
        case 3:  // no addresses of scope host
            return !inet_confirm_addr(nullptr, 0, tip, RT_SCOPE_LINK);
        case 8:
            return true;
        default:
            return false;
    }
}

/// arp_filter: only the device that packets to the asker leave by answers.
bool arp_filter(const net_device* dev, u32 sip, u32 tip) {
    flowi4 flow = {};
    flow.daddr = sip;
    flow.saddr = tip;
    int error = 0;
    const rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt) return true;
    if (rt->dev == dev) return false;
    snmp_inc(Snmp::TcpExtArpFilter);
    return true;
}

/// arp_accept: news of a host that was not asked for makes an entry.
bool arp_accept(const net_device* dev, u32 sip) {
    switch (in_dev_arp_accept(dev)) {
        case 1:
            return true;
        case 2:  // … if it is of a subnet of this device
            return inet_confirm_addr(dev, sip, 0, RT_SCOPE_LINK) != 0;
        default:
            return false;
    }
}

void reply(const message& arp, const sk_buff* skb) {
    arp_send(ARPOP_REPLY, arp.sip, arp.dev, arp.tip, arp.sha, arp.sha, skb);
}

/// RFC 5227 2.1.1: somebody without an address asks whether it is taken.
void answer_probe(const message& arp, const sk_buff* skb) {
    if (is_request(arp) && inet_addr_type(arp.tip) == RTN_LOCAL && !arp_ignore(arp.dev, 0, arp.tip)) reply(arp, skb);
}

void answer_for_this_host(const message& arp, const sk_buff* skb) {
    if (arp_ignore(arp.dev, arp.sip, arp.tip)) return;
    if (in_dev_arpfilter(arp.dev) && arp_filter(arp.dev, arp.sip, arp.tip)) return;
    if (neigh_event_ns(arp.sha, arp.sip, arp.dev)) reply(arp, skb);
}

/// arp_fwd_proxy: links of one medium hear each other, so that nobody need answer for the other's hosts; -1: for
/// nobody.
bool is_other_medium(const net_device* dev, const net_device* out) {
    const i64 own = in_dev_medium_id(dev), other = in_dev_medium_id(out);
    if (own == 0) return true;
    return own != -1 && other != own && other != -1;
}

/// The way to the target leads elsewhere and this host may say that it is there; or, for private VLANs (RFC 3069), back
/// to the same link.
bool is_proxy_for(const message& arp, const rtable* rt) {
    if (rt->dev == arp.dev) return arp.sip != arp.tip && in_dev_proxy_arp_pvlan(arp.dev);
    return (in_dev_proxy_arp(arp.dev) && is_other_medium(arp.dev, rt->dev)) || pneigh_lookup(arp.tip, arp.dev);
}

/// A proxy lets the host itself answer first, unless it was asked by its own address. True: the skb waits.
bool answer_for_another(const message& arp, sk_buff* skb) {
    neigh_event_ns(arp.sha, arp.sip, arp.dev);
    if (pneigh_has_waited(skb) || skb->pkt_type == PACKET_HOST ||
        neigh_parm(arp.dev, SysctlId::neigh_proxy_delay) == 0) {
        reply(arp, skb);
        return false;
    }
    pneigh_enqueue(skb);
    return true;
}

/// A host tells its address to all. A reply that does so names itself as the target, too.
bool is_gratuitous(const message& arp) {
    if (arp.sip != arp.tip) return false;
    if (!is_request(arp) && __builtin_memcmp(arp.tha, arp.sha, ETH_ALEN) != 0) return false;
    return inet_addr_type(arp.sip) == RTN_UNICAST;
}

/// What the message says of its sender, if that is known or to be learnt unasked. Of several replies the first counts
/// (locktime); a broadcast or a request proves nothing of the way there.
void update_entry(const message& arp, const sk_buff* skb) {
    neighbour* neigh = neigh_lookup(arp.sip, arp.dev);
    const bool accept = arp_accept(arp.dev, arp.sip);
    if (!neigh && !accept) return;
    const bool gratuitous = is_gratuitous(arp);
    if (!neigh) {
        if (!gratuitous && (is_request(arp) || inet_addr_type(arp.sip) != RTN_UNICAST)) return;
        neigh = neigh_create(arp.sip, arp.dev);
        if (!neigh) return;
    }
    const i64 locked = neigh_parm(arp.dev, SysctlId::neigh_locktime) * static_cast<i64>(kSec / 100);
    const bool override = gratuitous || static_cast<i64>(uptime_us()) > neigh->updated + locked;
    const u16 state = !is_request(arp) && skb->pkt_type == PACKET_HOST ? NUD_REACHABLE : NUD_STALE;
    neigh_update(neigh, arp.sha, state, override ? NEIGH_UPDATE_F_OVERRIDE : 0);
}

/// True: the skb waits to be looked at again.
bool process(const message& arp, sk_buff* skb) {
    if (arp.sip == 0) {
        answer_probe(arp, skb);
        return false;
    }
    bool translated = false;
    const rtable* rt = is_request(arp) ? ip_route_input_noref(skb, arp.tip, arp.sip, 0, arp.dev, &translated) : nullptr;
    if (rt && rt->type == RTN_LOCAL) {
        answer_for_this_host(arp, skb);
        return false;
    }
    if (rt && in_dev_forward(arp.dev) && rt->type == RTN_UNICAST && (translated || is_proxy_for(arp, rt))) {
        return answer_for_another(arp, skb);
    }
    update_entry(arp, skb);
    return false;
}

constinit packet_type arp_packet_type = {swap16(ETH_P_ARP), arp_rcv, nullptr};

}  // namespace

void arp_process(sk_buff* skb) {
    Arp header(skb->data);
    const message arp = {skb->dev,           header.op(),         header.sender_ip(),
                         header.target_ip(), header.sender_mac(), header.target_mac()};
    if (is_sane(skb->dev, header) && process(arp, skb)) return;
    kfree_skb_reason(skb, Fate::arp);
}

STAGE void arp_rcv(sk_buff* skb, net_device* dev, packet_type*) {
    if (skb->pkt_type == PACKET_OTHERHOST) return kfree_skb_reason(skb, Fate::other_host);
    const bool wanted = !(dev->flags & kIffNoarp) && skb->pkt_type != PACKET_LOOPBACK && skb->len >= kArpBytes &&
                        Arp(skb->data).hardware_bytes() == ETH_ALEN && Arp(skb->data).protocol_bytes() == 4;
    if (!wanted) return kfree_skb_reason(skb, Fate::arp);
    pneigh_begin(skb);
    arp_process(skb);
}

void arp_init() { dev_add_pack(&arp_packet_type); }

}  // namespace fw
