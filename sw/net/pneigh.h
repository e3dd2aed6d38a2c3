// SPDX-License-Identifier: Apache-2.0
// Addresses that this host answers for (`ip neigh add proxy`), and requests that wait before a proxy answers (Linux
// net/core/neighbour.c: struct pneigh_entry, proxy_queue).
#pragma once
#include "sw/kernel/netdevice.h"

namespace fw {

inline constexpr unsigned kMaxProxies = 1024;

/// The address has an entry for the device or for all.
bool pneigh_lookup(u32 key, const net_device* dev);
/// `dev` nullptr: on all devices. 0 or -errno.
int pneigh_add(u32 key, const net_device* dev);
int pneigh_delete(u32 key, const net_device* dev);
void pneigh_ifdown(const net_device* dev);
void pneigh_init();

/// A request that has just come.
void pneigh_begin(sk_buff* skb);
bool pneigh_has_waited(sk_buff* skb);
/// Keeps the request for half of proxy_delay (Linux: a random time up to it), then gives it to arp_process once more.
void pneigh_enqueue(sk_buff* skb);

}  // namespace fw
