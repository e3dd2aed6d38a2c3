// SPDX-License-Identifier: Apache-2.0
// Between route_cache.cpp (chains) and route_cache_gc.cpp (who has to go). All of it is under rt_cache_lock.
#pragma once
#include "sw/kernel/spinlock.h"
#include "sw/net/route_cache.h"

namespace fw {

inline constexpr unsigned kRtHashChains = 1U << kRtHashLog;
inline constexpr u16 kRtEnd = 0xFFFF;
static_assert(kRtCacheEntries < kRtEnd);

struct rt_cache_entry {
    rt_cache_key key;
    rt_cache_result result;
    u32 genid;  ///< rt_genid before it was looked up
    u64 lastuse;
    u16 next;  ///< in its chain or in the free list
};

struct rt_cache_table {
    rt_cache_entry entry[kRtCacheEntries];
    u16 chain[kRtHashChains];
    u16 free_list;
    unsigned entries;
};
extern rt_cache_table rt_cache;
extern spinlock rt_cache_lock;

bool rt_is_expired(const rt_cache_entry& entry);
/// Takes the entry out of the chain.
void rt_free(u16* link);

// route_cache_gc.cpp
/// How much an entry is worth keeping: more is better.
u32 rt_score(const rt_cache_entry& entry, u64 now);
/// Makes room where the cache is larger than gc_thresh. False: there is none.
bool rt_garbage_collect();
/// Aged entries go, some chains at a time (rt_check_expire).
void rt_start_expiry();
void rt_cache_gc_init();

}  // namespace fw
