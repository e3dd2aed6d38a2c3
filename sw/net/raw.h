// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sw/net/sock.h"

namespace fw {

/// An ICMP error about a packet of ours: `skb`'s data is at the IP header that it quotes, `error` what it means.
void raw_icmp_error(const sk_buff* skb, u8 protocol, int error);

}  // namespace fw
