// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sw/net/sock.h"

namespace fw {

/// A datagram as sockets are looked up by it: addresses and ports as numbers, from the sender's view.
struct udp_key {
    u32 saddr;
    u32 daddr;
    u16 sport;
    u16 dport;
    u32 iif;
};

/// Sockets of one group or broadcast datagram that get a copy.
inline constexpr unsigned kMaxUdpCopies = 16;

/// The socket that fits best, with a reference; nullptr: none.
sock* udp_lookup(const udp_key& key);
/// All that fit, with a reference each.
unsigned udp_lookup_all(const udp_key& key, sock** found, unsigned most);

// udp.cpp
STAGE void udp_rcv(sk_buff* skb);
/// An ICMP error about a datagram of ours; the skb's data is at the IP header that the message quotes.
void udp_err(sk_buff* skb, u32 info);

// udplite.cpp
STAGE void udplite_rcv(sk_buff* skb);
void udplite_err(sk_buff* skb, u32 info);

}  // namespace fw
