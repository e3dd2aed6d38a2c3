// SPDX-License-Identifier: Apache-2.0
// The route cache of Linux 2.4 and 2.6 (net/ipv4/route.c): what ip_route_input and ip_route_output_key found is kept in
// hash chains by all that they ask by. On where net.ipv4.rt_cache_rebuild_count is 0 or more.
//
// Not kept: martians (they are to be logged each time, RFC 1812 5.3.8), groups (membership decides), ways that depend
// on what is not in the key (ports, quoted packets, what was learnt for a time).
#pragma once
#include "sw/kernel/sysctl.h"
#include "sw/net/route.h"

namespace fw {

inline constexpr unsigned kRtCacheEntries = 4096;
inline constexpr unsigned kRtHashLog = 10;

/// What an entry is found by: the destination's chain holds those of received packets (oif 0) and of this host's (iif
/// 0).
struct rt_cache_key {
    u32 dst;
    u32 src;
    u32 iif;
    u32 oif;
    u32 mark;
    u8 tos;

    bool operator==(const rt_cache_key&) const = default;
};

/// What was found.
struct rt_cache_result {
    rtable* rt;
    u32 saddr;  ///< of this host's packets: what was chosen
    u32 daddr;
    u32 oif;
    u16 flags;  ///< IPSKB_* of received packets
};

inline bool rt_caching() { return sysctl(SysctlId::rt_cache_rebuild_count) >= 0; }
/// False: not there.
bool rt_cache_lookup(const rt_cache_key& key, rt_cache_result* result);
/// `genid`: rt_genid before the lookup.
void rt_intern_hash(const rt_cache_key& key, const rt_cache_result& result, u32 genid);
/// Throws all away at once; a mere change lets entries age (rt_genid).
void rt_cache_flush();
void rt_cache_init();
/// Entries, outdated ones too.
unsigned rt_cache_size();

}  // namespace fw
