// SPDX-License-Identifier: Apache-2.0
// Redirects (RFC 792; RFC 1812 5.2.7.2; Linux net/ipv4/route.c, ip_rt_send_redirect).
#include "sw/kernel/printk.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/icmp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/inetpeer.h"
#include "sw/net/ip.h"
#include "sw/net/net_ratelimit.h"

namespace fw {

using wire::Ipv4;

namespace {

/// The host has had its last redirect.
void log_ignored(const sk_buff* skb, u32 gateway) {
    const u32 saddr = ip_hdr(skb).saddr(), daddr = ip_hdr(skb).daddr();
    const auto redirects = static_cast<int>(sysctl(SysctlId::route_redirect_number));
    printk(KERN_WARNING, "host %pI4/if%u ignores %d redirects for %pI4 to %pI4\n", &saddr, skb->skb_iif, redirects,
           &daddr, &gateway);
}

}  // namespace

void ip_rt_send_redirect(sk_buff* skb) {
    const rtable* rt = skb->dst;
    if (!in_dev_tx_redirects(rt->dev)) return;
    const Ipv4 ip = ip_hdr(skb);
    const RedirectVerdict verdict = inet_peer_redirect_allow(ip.saddr());
    if (verdict == RedirectVerdict::silence) return;
    const u32 gateway = rt->gateway != 0 ? rt->gateway : ip.daddr();
    icmp_send(skb, ICMP_REDIRECT, ICMP_REDIR_HOST, gateway);
    if (verdict == RedirectVerdict::last && in_dev_log_martians(rt->dev) && net_ratelimit()) log_ignored(skb, gateway);
}

}  // namespace fw
