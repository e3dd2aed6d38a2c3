// SPDX-License-Identifier: Apache-2.0
// Which packets of a multipath route go the same way (Linux net/ipv4/route.c, fib_multipath_hash).
#pragma once
#include "sw/net/route.h"

namespace fw {

/// What a packet's transport header tells rules and hashes: 0 where it tells nothing, as in fragments.
struct flow_ports {
    u16 source;
    u16 destination;
};
/// Ports of a packet that lies at its network header.
flow_ports skb_flow_ports(const sk_buff* skb);

/// 31 bits that depend on the flow alone. By fib_multipath_hash_policy of the addresses (0; those of the packet that an
/// ICMP error is about) or of addresses, protocol and ports (1). `skb`: the packet, nullptr for one of this host.
u32 fib_multipath_hash(const flowi4& flow, const sk_buff* skb);

}  // namespace fw
