// SPDX-License-Identifier: Apache-2.0
#include "sw/net/route_cache.h"

#include "sw/kernel/time.h"
#include "sw/net/ip.h"
#include "sw/net/route_cache_table.h"

namespace fw {

constinit rt_cache_table rt_cache = {};
constinit spinlock rt_cache_lock = {LockClass::rt_cache};

namespace {

u16& chain_of(const rt_cache_key& key) {
    const u32 mixed = (key.dst ^ (key.src * 0x85EBCA6BU) ^ (key.iif << 5) ^ key.oif) * 0x9E3779B1U;  // Knuth, TAOCP 6.4
    return rt_cache.chain[mixed >> (32 - kRtHashLog)];
}

void count(const rt_cache_key& key, Snmp in, Snmp out) { snmp_inc(key.iif != 0 ? in : out); }

/// Outdated entries of the chain go; of the rest the one that is worth least, if the chain is too long.
void trim(u16* chain, u64 now) {
    u16* worst = nullptr;
    u32 least = ~u32{0};
    i64 length = 0;
    for (u16* link = chain; *link != kRtEnd;) {
        rt_cache_entry& entry = rt_cache.entry[*link];
        if (rt_is_expired(entry)) {
            rt_free(link);
            continue;
        }
        const u32 score = rt_score(entry, now);
        if (score <= least) {
            worst = link;
            least = score;
        }
        ++length;
        link = &entry.next;
    }
    if (worst && length > sysctl(SysctlId::route_gc_elasticity)) rt_free(worst);
}

}  // namespace

bool rt_is_expired(const rt_cache_entry& entry) { return entry.genid != rt_genid_now(); }

void rt_free(u16* link) {
    const u16 index = *link;
    *link = rt_cache.entry[index].next;
    rt_cache.entry[index].next = rt_cache.free_list;
    rt_cache.free_list = index;
    --rt_cache.entries;
}

bool rt_cache_lookup(const rt_cache_key& key, rt_cache_result* result) {
    bool found = false;
    spin_lock(rt_cache_lock);
    for (u16 at = chain_of(key); at != kRtEnd && !found; at = rt_cache.entry[at].next) {
        rt_cache_entry& entry = rt_cache.entry[at];
        if (entry.key == key && !rt_is_expired(entry)) {
            entry.lastuse = uptime_us();
            *result = entry.result;
            found = true;
        } else {
            count(key, Snmp::RtCacheInHlistSearch, Snmp::RtCacheOutHlistSearch);
        }
    }
    spin_unlock(rt_cache_lock);
    if (found) count(key, Snmp::RtCacheInHit, Snmp::RtCacheOutHit);
    return found;
}

void rt_intern_hash(const rt_cache_key& key, const rt_cache_result& result, u32 genid) {
    count(key, Snmp::RtCacheInSlowTot, Snmp::RtCacheOutSlowTot);
    const u64 now = uptime_us();
    spin_lock(rt_cache_lock);
    if (rt_garbage_collect()) {
        u16& chain = chain_of(key);
        trim(&chain, now);
        const u16 index = rt_cache.free_list;
        rt_cache.free_list = rt_cache.entry[index].next;
        rt_cache.entry[index] = {key, result, genid, now, chain};
        chain = index;
        ++rt_cache.entries;
    }
    spin_unlock(rt_cache_lock);
    rt_start_expiry();
}

void rt_cache_flush() {
    spin_lock(rt_cache_lock);
    for (u16& chain : rt_cache.chain) {
        while (chain != kRtEnd) rt_free(&chain);
    }
    spin_unlock(rt_cache_lock);
    rt_genid_bump();
}

void rt_cache_init() {
    rt_cache.entries = 0;
    rt_cache.free_list = kRtEnd;
    for (u16& chain : rt_cache.chain) chain = kRtEnd;
    for (unsigned i = kRtCacheEntries; i-- > 0;) {
        rt_cache.entry[i] = {};
        rt_cache.entry[i].next = rt_cache.free_list;
        rt_cache.free_list = static_cast<u16>(i);
    }
    rt_cache_gc_init();
}

unsigned rt_cache_size() { return rt_cache.entries; }

}  // namespace fw
