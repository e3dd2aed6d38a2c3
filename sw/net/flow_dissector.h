// SPDX-License-Identifier: Apache-2.0
// What a packet's headers tell rules and hashes (Linux net/core/flow_dissector.c).
#pragma once
#include "sw/kernel/skbuff.h"

namespace fw {

struct flow_keys {
    u32 saddr;  ///< of IPv6: 0
    u32 daddr;
    u32 ports;  ///< source << 16 | destination; 0 where there are none, as in fragments
    u8 proto;
    bool encapsulated;  ///< a tunnel was met
    bool ipv6;          ///< inside of it
    u32 flow_label;     ///< of IPv6
    const u8* saddr6;   ///< of IPv6: where the 16 bytes are; nullptr: zero
    const u8* daddr6;

    u16 source_port() const { return static_cast<u16>(ports >> 16); }
    u16 destination_port() const { return static_cast<u16>(ports); }
};

/// Reads a packet that lies at its network header. `into_tunnels`: goes on inside of IP in IP and GRE; else the outer
/// header is all.
flow_keys skb_flow_dissect(const sk_buff* skb, bool into_tunnels);

}  // namespace fw
