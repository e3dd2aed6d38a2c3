// SPDX-License-Identifier: Apache-2.0
// Multicast forwarding by static entries (RFC 1112, RFC 1812 5.2.3; Linux net/ipv4/ipmr.c). ipmr.cpp: the entries;
// ip_mr_input.cpp: packets. A vif is a device.
#pragma once
#include "sw/net/ip.h"

namespace fw {

inline constexpr unsigned kMaxMroutes = 256;

/// Where packets of a source to a group go (Linux struct mfc_cache).
struct mfc_cache {
    u16 next;    ///< same hash, or free list
    u32 origin;  ///< 0: any
    u32 mcastgrp;
    u32 parent;                             ///< interface that they are to come by
    u8 ttls[regs::config::MAX_INTERFACES];  ///< by interface index - 1: least TTL less 1; 0: not there
    // Changed by packets, on whatever CPU.
    u64 pkt;
    u64 bytes;
    u64 wrong_if;  ///< packets that came by another interface
};

/// The entry of exactly this source, or 0, and group; nullptr: none.
mfc_cache* ipmr_cache_find(u32 origin, u32 mcastgrp);
void ipmr_init();
STAGE void ip_mr_input(sk_buff* skb);

}  // namespace fw
