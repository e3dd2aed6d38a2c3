// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sw/net/sock.h"

namespace fw {

/// An ICMP message about a packet of ours: `skb`'s data is at the IP header that it quotes; `info` is the message's
/// MTU, pointer or gateway.
void raw_icmp_error(sk_buff* skb, u8 protocol, u32 info);

}  // namespace fw
