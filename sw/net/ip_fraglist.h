// SPDX-License-Identifier: Apache-2.0
// Packets that lie in pieces are sent in these: reassembled ones, and long ones of this host (Linux
// net/ipv4/ip_output.c, struct ip_fraglist_iter).
#pragma once
#include "sw/net/ip.h"

namespace fw {

/// The packet lies in pieces, and each may be a fragment as it is: with at most `mtu` bytes of data behind a header of
/// `hlen`, room for that header, and nobody else's.
bool ip_fraglist_fits(const sk_buff* skb, u32 hlen, u32 mtu);
/// Puts headers before the pieces and sends them.
void ip_fraglist_send(sk_buff* skb, u32 hlen, ip_output_fn output);

}  // namespace fw
