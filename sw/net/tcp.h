// SPDX-License-Identifier: Apache-2.0
// TCP (Linux net/ipv4/tcp_ipv4.c).
#pragma once
#include "sw/kernel/skbuff.h"

namespace fw {

/// Protocol handler; the skb's data is at the TCP header.
STAGE void tcp_v4_rcv(sk_buff* skb);
/// Answers a segment that belongs to no connection with a reset (RFC 9293 3.5.2). The packet stays the caller's; its
/// data is at the TCP header.
void tcp_v4_send_reset(sk_buff* skb);
/// Error handler.
void tcp_v4_err(sk_buff* skb, u32 info);

}  // namespace fw
