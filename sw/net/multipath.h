// SPDX-License-Identifier: Apache-2.0
// Which packets of a multipath route go the same way (Linux net/ipv4/route.c, fib_multipath_hash).
#pragma once
#include "sw/net/route.h"

namespace fw {

/// 31 bits that depend on the flow alone. By fib_multipath_hash_policy of the addresses (0; those of the packet that an
/// ICMP error is about), of addresses, protocol and ports (1), of the innermost addresses of a tunnel (2) or of what
/// fib_multipath_hash_fields names (3). `skb`: the packet, nullptr for one of this host.
u32 fib_multipath_hash(const flowi4& flow, const sk_buff* skb);

}  // namespace fw
