// SPDX-License-Identifier: Apache-2.0
// Address resolution (RFC 826, RFC 5227; Linux net/ipv4/arp.c).
#pragma once
#include "sw/kernel/netdevice.h"
#include "sw/net/neighbour.h"
#include "sw/wire/arp.h"

namespace fw {

/// What a new entry is by its address and device: groups, broadcasts and the loopback device need no resolution.
void arp_constructor(neighbour* neigh);
/// The frame that asks for the neighbour's address, itself while that is known; nullptr: none. `source`: sender of the
/// packet that waits, 0: none.
STAGE sk_buff* arp_solicit(const neighbour* neigh, u32 probes, u32 source, const sk_buff* waiting);
/// The address did not come: answers and ends the packet.
void arp_error_report(sk_buff* skb);

/// `dest_hw`: nullptr sends to all; `target_hw`: nullptr is written as 0. `cause`: the packet that it is sent for, or
/// nullptr.
void arp_send(u16 op, u32 target, net_device* dev, u32 source, const u8* dest_hw, const u8* target_hw,
              const sk_buff* cause);

/// The device has come up or has another address: tells its IP addresses to the link, if arp_notify says so.
void arp_notify(net_device* dev);

/// The handler of ETH_P_ARP.
STAGE void arp_rcv(sk_buff* skb, net_device* dev, packet_type* handler);
/// After arp_rcv's checks, or when a request has waited as long as a proxy must.
void arp_process(sk_buff* skb);
void arp_init();

/// RFC 1112 6.4: the link address of a group is its low 23 bits behind 01-00-5E.
void ip_eth_mc_map(u32 group, u8* mac);

}  // namespace fw
