// SPDX-License-Identifier: Apache-2.0
// What ICMP tells this host about its routes: redirects (RFC 1122 3.2.2.2; Linux __ip_do_redirect) and the MTU of a
// path (RFC 1191; Linux __ip_rt_update_pmtu).
#include "sw/kernel/printk.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/fib.h"
#include "sw/net/inetdevice.h"
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"
#include "sw/net/net_ratelimit.h"
#include "sw/net/nexthop_exception.h"
#include "sw/net/route_input.h"
#include "sw/wire/icmp.h"

namespace fw {

using namespace regs::config;
using namespace wire;

namespace {

constexpr int KERN_INFO = 6;

/// The flow of the packet that the message is about, at the skb's data (__build_flow_key).
flowi4 flow_of_quoted(const sk_buff* skb, u32 oif, u8 protocol) {
    const Ipv4 quoted(skb->data);
    flowi4 flow{};
    flow.daddr = quoted.daddr();
    flow.saddr = quoted.saddr();
    flow.oif = oif;
    flow.iif = kLoopbackIfindex;
    flow.mark = skb->mark;
    flow.tos = quoted.tos();
    flow.proto = protocol;
    return flow;
}

/// ip_fib_check_default: some route goes by this gateway on the device.
bool is_a_gateway(u32 address, const net_device* dev) {
    for (const rtable& rt : rt_table) {
        if (rt.users != 0 && rt.dev == dev && rt.key.gateway == address) return true;
    }
    return false;
}

/// Who may redirect: the gateway; without one nobody, but the host itself where something was learnt about it
/// (rt_bind_exception makes it its own gateway).
u32 via_of(const rtable& rt, u32 daddr) { return rt.gateway != 0 || !rt.fnhe ? rt.gateway : daddr; }

bool may_redirect(const net_device* dev, u32 old_gateway, u32 new_gateway) {
    if (new_gateway == old_gateway || !in_dev_rx_redirects(dev)) return false;
    if (ipv4_is_multicast(new_gateway) || ipv4_is_lbcast(new_gateway) || ipv4_is_zeronet(new_gateway)) return false;
    if (in_dev_shared_media(dev)) return inet_addr_type(new_gateway) == RTN_UNICAST;
    return inet_addr_onlink(dev, new_gateway, old_gateway) &&
           !(in_dev_sec_redirects(dev) && !is_a_gateway(new_gateway, dev));
}

void log_rejected(const sk_buff* skb, const flowi4& flow, u32 old_gateway, u32 new_gateway) {
    if (!in_dev_log_martians(skb->dev) || !net_ratelimit()) return;
    printk(KERN_INFO, "Redirect from %pI4 on %s about %pI4 ignored\n  Advised path = %pI4 -> %pI4\n", &old_gateway,
           skb->dev->name, &new_gateway, &flow.saddr, &flow.daddr);
}

void learn_gateway(const flowi4& flow, u32 gateway) {
    fib_result found = fib_lookup(flow);
    if (found.err != 0) return;
    fib_select_path(&found, flow, nullptr);
    const u64 expires = uptime_us() + static_cast<u64>(sysctl(SysctlId::route_gc_timeout)) * kSec;
    update_or_create_fnhe(found.nexthop, flow.daddr, gateway, 0, false, expires);
}

void learn_pmtu(const flowi4& flow, u32 mtu, bool locked) {
    fib_result found = fib_lookup(flow);
    if (found.err != 0) return;
    fib_select_path(&found, flow, nullptr);
    const u64 expires = uptime_us() + static_cast<u64>(sysctl(SysctlId::route_mtu_expires)) * kSec;
    const rtable& route = rt_table[found.route->nexthop];
    if (route.key.group == 0) return update_or_create_fnhe(found.nexthop, flow.daddr, 0, mtu, locked, expires);
    const nexthop_group& group = rt_group(route);
    for (unsigned i = 0; i < group.count; ++i) {
        update_or_create_fnhe(group.nh[i].nexthop, flow.daddr, 0, mtu, locked, expires);
    }
}

}  // namespace

void ip_do_redirect(sk_buff* skb, u32 new_gateway, u32 oif, u8 protocol) {
    const Ipv4 message = ip_hdr(skb);
    // Four codes there are (RFC 792), for net or host, with TOS or without: all mean the host.
    if ((Icmp(message.bytes() + message.header_bytes()).code() & 7) > 3) return;
    const u32 old_gateway = message.saddr();
    flowi4 flow = flow_of_quoted(skb, oif, protocol);
    int error = 0;
    const rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt || via_of(*rt, flow.daddr) != old_gateway) return;
    if (!may_redirect(skb->dev, old_gateway, new_gateway)) return log_rejected(skb, flow, old_gateway, new_gateway);
    neighbour* neigh = neigh_lookup(new_gateway, rt->dev);
    if (!neigh) neigh = neigh_create(new_gateway, rt->dev);
    if (!neigh) return;
    // A gateway that doesn't answer is none: the next redirect will find out whether it did.
    if (neigh->nud_state & NUD_VALID) return learn_gateway(flow, new_gateway);
    neigh_event_send(neigh, nullptr);
}

void ipv4_update_pmtu(sk_buff* skb, u32 mtu, u32 oif, u8 protocol) {
    flowi4 flow = flow_of_quoted(skb, oif, protocol);
    int error = 0;
    const rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt || rt_mtu_locked(rt)) return;
    const u32 old_mtu = rt_dst_mtu(rt, false);
    if (old_mtu < mtu) return;
    const auto least = static_cast<u32>(sysctl(SysctlId::route_min_pmtu));
    const bool locked = mtu < least;
    if (locked) mtu = old_mtu < least ? old_mtu : least;
    const u64 half = static_cast<u64>(sysctl(SysctlId::route_mtu_expires)) * kSec / 2;
    const bool known = rt->fnhe && rt->fnhe->pmtu == mtu && uptime_us() + half < rt->fnhe->expires;
    if (!known || locked) learn_pmtu(flow, mtu, locked);
}

}  // namespace fw
