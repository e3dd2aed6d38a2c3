// SPDX-License-Identifier: Apache-2.0
// Packets of this host on their way to the device (Linux net/ipv4/ip_output.c, net/ipv4/netfilter.c).
#include "sw/kernel/random.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Ipv4;

namespace {

/// Counters of identifications; which one a packet takes its own from depends on its addresses and protocol (Linux
/// ip_idents). The numbers begin where the hash says and go on by one.
constexpr unsigned kIdents = 2048;
constinit u16 idents[kIdents] = {};

/// Mixes well enough that neighbouring addresses don't share a counter (multiplier: 2^64 over the golden ratio).
u64 mix(u64 value) { return (value ^ value >> 29) * 0x9E3779B97F4A7C15; }

/// What the output route depends on, as it was before LOCAL_OUT.
struct route_inputs {
    u32 saddr;
    u32 daddr;
    u32 mark;
    u8 tos;
    bool operator==(const route_inputs&) const = default;
};

/// Packets on their way through LOCAL_OUT carry it.
struct local_out_parm {
    inet_skb_parm parm;
    route_inputs before;
};
static_assert(sizeof(local_out_parm) <= sizeof(sk_buff::cb));

route_inputs* before_hooks(sk_buff* skb) { return &reinterpret_cast<local_out_parm*>(skb->cb)->before; }

route_inputs inputs_of(const sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    return {ip.saddr(), ip.daddr(), skb->mark, ip.tos()};
}

}  // namespace

// What Linux leaves to the tables that change packets (ip_route_me_harder in iptable_mangle and nat) is seen to here,
// once for all of them. ip_finish_output2 makes the room for the link header, ip_finish_output looks at the length.
STAGE void ip_queue_xmit2(sk_buff* skb) {
    if (unlikely(inputs_of(skb) != *before_hooks(skb)) && !ip_route_me_harder(skb)) {
        kfree_skb_reason(skb, Fate::no_route);
        return;
    }
    skb->dst->output(skb);
}

void ip_fill_header(Ipv4 ip, const flowi4& flow, u8 tos, u8 ttl, bool dont_fragment) {
    ip.set_version_ihl(wire::kIpv4HeaderBytes / 4);
    ip.set_tos(tos);
    ip.set_frag_off(dont_fragment ? wire::IP_DF : 0);
    ip.set_ttl(ttl);
    ip.set_protocol(flow.proto);
    ip.set_saddr(flow.saddr);
    ip.set_daddr(flow.daddr);
}

void ip_select_ident(Ipv4 ip, bool ignore_df) {
    if ((ip.frag_off() & wire::IP_DF) && !ignore_df) {
        ip.set_id(0);
        return;
    }
    const u64 hash =
        mix(mix(u64{ip.daddr()} << 32 | ip.saddr()) + ip.protocol() + random_key(RandomKey::identification));
    u16& next = idents[hash >> 53];
    static_assert(kIdents == 1 << (64 - 53));
    const u16 taken = __atomic_fetch_add(&next, u16{1}, __ATOMIC_RELAXED);
    ip.set_id(static_cast<u16>(taken + hash));
}

bool ip_route_me_harder(sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    flowi4 flow = {};
    flow.daddr = ip.daddr();
    flow.saddr = ip.saddr();
    flow.mark = skb->mark;
    flow.tos = ip.tos();
    flow.proto = ip.protocol();
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt) return false;
    skb->dst = rt;
    return true;
}

STAGE void ip_local_out(sk_buff* skb) {
    snmp_inc(Snmp::IpOutRequests);
    Ipv4 ip = ip_hdr(skb);
    ip.set_tot_len(static_cast<u16>(skb->len));
    wire::ip_send_check(ip);
    skb->protocol = wire::swap16(wire::ETH_P_IP);
    skb->dev = nullptr;  // it came in nowhere
    if (likely(nf_hooks[NF_INET_LOCAL_OUT].count == 0)) {
        skb->dst->output(skb);
        return;
    }
    *before_hooks(skb) = inputs_of(skb);
    NF_HOOK(NF_INET_LOCAL_OUT, skb, nullptr, skb->dst->dev, ip_queue_xmit2);
}

void ip_build_and_send_pkt(sk_buff* skb, rtable* rt, const flowi4& flow, u8 ttl, bool dont_fragment) {
    skb->transport_header = skb_headroom(skb);
    const Ipv4 ip(skb_push(skb, wire::kIpv4HeaderBytes));
    skb->network_header = skb_headroom(skb);
    ip_fill_header(ip, flow, flow.tos, ttl, dont_fragment);
    ip_select_ident(ip, false);
    skb->dst = rt;
    ip_local_out(skb);
}

void ip_local_out_init() {
    for (u16& next : idents) next = 0;
}

}  // namespace fw
