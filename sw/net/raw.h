// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sw/net/sock.h"

namespace fw {

/// Copies for all raw sockets of the protocol; the skb stays the caller's, its data at the transport header. True: there
/// was one, so that nobody else's absence is an error (Linux ip_local_deliver_finish).
bool raw_local_deliver(const sk_buff* skb, u8 protocol);
/// An ICMP error about a packet of ours: `skb`'s data is at the IP header that it quotes, `error` what it means.
void raw_icmp_error(const sk_buff* skb, u8 protocol, int error);

}  // namespace fw
