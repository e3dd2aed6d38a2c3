// SPDX-License-Identifier: Apache-2.0
// Link-layer addresses of next hops (Linux net/core/neighbour.c, include/net/neighbour.h).
#pragma once
#include "sw/kernel/netdevice.h"
#include "sw/wire/ethernet.h"

namespace fw {

inline constexpr unsigned kMaxNeighbours = 4096;
/// The cached link header is copied as a whole; it ends where the packet begins (HH_DATA_MOD).
inline constexpr unsigned kHhBytes = 16;

struct neighbour {
    alignas(kHhBytes) u8 hh[kHhBytes];  ///< link header, ready to be copied, behind two bytes that nobody sends
    neighbour* next;
    net_device* dev;  ///< nullptr: free
    u32 key;
    u16 state;
};

/// nullptr: not known.
STAGE neighbour* neigh_lookup(u32 key, const net_device* dev);
/// Puts the link header before the packet and hands the frame to the device.
STAGE void neigh_hh_output(const neighbour* neigh, sk_buff* skb);
/// The device went down or has another address: all of its entries go, permanent ones too.
void neigh_flush_dev(const net_device* dev);
void neigh_init();

}  // namespace fw
