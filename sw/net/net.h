// SPDX-License-Identifier: Apache-2.0
// The stack's entry points for boot and configuration.
#pragma once
#include "regs/config.h"
#include "sw/kernel/netdevice.h"

namespace fw {

namespace msg = regs::config;

/// Registers the protocol handlers. Once, at boot, after net_dev_init.
void ip_init();

// One function a configuration message; 0 or -errno.
int inet_link_set(const msg::LinkSet& message);
/// `ethtool -G` and `-C`.
int inet_ethtool(const msg::Ethtool& message);
int inet_addr_add(const msg::AddrAdd& message);
int inet_addr_del(const msg::AddrDel& message);
int inet_route_add(const msg::RouteAdd& message);
int inet_route_del(const msg::RouteDel& message);
int inet_nexthop_add(const msg::NexthopAdd& message);
int inet_nexthop_del(const msg::NexthopDel& message);
int inet_rule_add(const msg::RuleAdd& message);
int inet_rule_del(const msg::RuleDel& message);
int inet_neigh_add(const msg::NeighAdd& message);
int inet_neigh_del(const msg::NeighDel& message);
/// `ip … flush`.
int inet_flush(const msg::Flush& message);
/// `ip route flush cache`, net.ipv4.route.flush: what was learnt and what was looked up is forgotten.
void inet_rt_flush();
/// `ip addr flush`.
void inet_addr_flush(u32 ifindex);
/// `ip neigh flush`: of this device, 0: of all.
void inet_neigh_flush(u32 ifindex);
int inet_mroute_add(const msg::MrouteAdd& message);
int inet_mroute_del(const msg::MrouteDel& message);
int inet_sysctl(const msg::Sysctl& message);
int inet_accelerators(const msg::Accelerators& message);

/// Packet-path entry (also the native tests' entry).
void ip_rcv(sk_buff* skb, net_device* dev, packet_type* handler);

}  // namespace fw
