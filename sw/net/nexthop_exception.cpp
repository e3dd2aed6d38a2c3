// SPDX-License-Identifier: Apache-2.0
#include "sw/net/nexthop_exception.h"

#include "sw/kernel/spinlock.h"
#include "sw/kernel/time.h"

namespace fw {

namespace {

constexpr unsigned kBuckets = 256;
constexpr u16 kEnd = 0xFFFF;
static_assert(kMaxExceptions < kEnd);

constinit spinlock lock = {LockClass::nexthop};
constinit fib_nh_exception pool[kMaxExceptions] = {};
constinit u16 buckets[kBuckets] = {};
constinit u16 free_list = kEnd;

u16 index_of(const fib_nh_exception* fnhe) { return static_cast<u16>(fnhe - pool); }

u16& bucket_of(u16 nexthop, u32 daddr) {
    return buckets[((daddr ^ (u32{nexthop} << 16)) * 0x9E3779B1U) >> 24];  // Knuth, TAOCP 6.4
}

/// The link in the chain that leads to the exception, or to kEnd.
u16* find(u16 nexthop, u32 daddr) {
    u16* link = &bucket_of(nexthop, daddr);
    while (*link != kEnd && !(pool[*link].nexthop == nexthop && pool[*link].daddr == daddr)) link = &pool[*link].next;
    return link;
}

void release(rcu_head* head) {
    auto* fnhe = reinterpret_cast<fib_nh_exception*>(reinterpret_cast<u8*>(head) - offsetof(fib_nh_exception, rcu));
    spin_lock(lock);
    fnhe->next = free_list;
    free_list = index_of(fnhe);
    spin_unlock(lock);
}

/// With the lock held. Packets that have the route already keep it until they are done.
fib_nh_exception* unlink(u16* link) {
    fib_nh_exception* fnhe = &pool[*link];
    *link = fnhe->next;
    rtable& rt = rt_table[fnhe->nexthop];
    if (--rt.exceptions == 0) rt.plain = rt_may_be_plain(rt);
    return fnhe;
}

/// What was learnt goes into the route, each field in one store: packets may be on it.
void refine_route(fib_nh_exception* fnhe) {
    const rtable& nh = rt_table[fnhe->nexthop];
    const u32 mtu = fnhe->pmtu != 0 && fnhe->pmtu < nh.mtu ? fnhe->pmtu : nh.mtu;
    __atomic_store_n(&fnhe->rt.gateway, fnhe->gateway != 0 ? fnhe->gateway : nh.gateway, __ATOMIC_RELAXED);
    __atomic_store_n(&fnhe->rt.mtu, mtu, __ATOMIC_RELAXED);
}

/// The route as the next hop and what was learnt make it. Where no packet is on it.
void fill_route(fib_nh_exception* fnhe) {
    fnhe->rt = rt_table[fnhe->nexthop];
    fnhe->rt.fnhe = fnhe;
    refine_route(fnhe);
}

/// The one that was looked up longest ago makes room. With the lock held.
fib_nh_exception* fnhe_remove_oldest() {
    fib_nh_exception* oldest = nullptr;
    for (const u16 head : buckets) {
        for (u16 at = head; at != kEnd; at = pool[at].next) {
            if (!oldest || pool[at].used < oldest->used) oldest = &pool[at];
        }
    }
    return oldest ? unlink(find(oldest->nexthop, oldest->daddr)) : nullptr;
}

/// With the lock held; nullptr: none free. Then the oldest goes, for the next time.
fib_nh_exception* create(u16 nexthop, u32 daddr) {
    if (free_list == kEnd) return nullptr;
    fib_nh_exception* fnhe = &pool[free_list];
    free_list = fnhe->next;
    *fnhe = {};
    fnhe->daddr = daddr;
    fnhe->nexthop = nexthop;
    u16& head = bucket_of(nexthop, daddr);
    fnhe->next = head;
    head = index_of(fnhe);
    ++rt_table[nexthop].exceptions;
    rt_table[nexthop].plain = false;
    return fnhe;
}

}  // namespace

rtable* fib_find_exception(u16 nexthop, u32 daddr) {
    rtable* rt = &rt_table[nexthop];
    if (likely(rt->exceptions == 0)) return rt;
    const u64 now = uptime_us();
    fib_nh_exception* expired = nullptr;
    spin_lock(lock);
    u16* link = find(nexthop, daddr);
    if (*link != kEnd) {
        if (now > pool[*link].expires) {
            expired = unlink(link);
        } else {
            pool[*link].used = now;
            rt = &pool[*link].rt;
        }
    }
    spin_unlock(lock);
    if (expired) {
        rt_genid_bump();  // a socket may keep it
        call_rcu(&expired->rcu, release);
    }
    return rt;
}

void update_or_create_fnhe(u16 nexthop, u32 daddr, u32 gateway, u32 pmtu, bool locked, u64 expires) {
    fib_nh_exception* oldest = nullptr;
    spin_lock(lock);
    const u16* link = find(nexthop, daddr);
    const bool is_new = *link == kEnd;
    fib_nh_exception* fnhe = is_new ? create(nexthop, daddr) : &pool[*link];
    if (fnhe) {
        if (gateway != 0) fnhe->gateway = gateway;
        if (pmtu != 0) {
            fnhe->pmtu = pmtu;
            fnhe->mtu_locked = locked;
        }
        fnhe->expires = expires;
        fnhe->used = uptime_us();
        is_new ? fill_route(fnhe) : refine_route(fnhe);
    }
    if (free_list == kEnd) oldest = fnhe_remove_oldest();
    spin_unlock(lock);
    if (oldest) call_rcu(&oldest->rcu, release);
    rt_genid_bump();
}

void fib_forget_exceptions(u16 nexthop) {
    for (u16& head : buckets) {
        for (u16* link = &head; *link != kEnd;) {
            if (nexthop == kNoNextHop || pool[*link].nexthop == nexthop) {
                release(&unlink(link)->rcu);
            } else {
                link = &pool[*link].next;
            }
        }
    }
}

void fib_exceptions_mtu_changed(const net_device* dev, u32 mtu, u32 before) {
    for (const u16 head : buckets) {
        for (u16 at = head; at != kEnd; at = pool[at].next) {
            fib_nh_exception* fnhe = &pool[at];
            if (fnhe->rt.dev != dev) continue;
            const bool new_limit = fnhe->mtu_locked ? mtu <= fnhe->pmtu : mtu < fnhe->pmtu || before == fnhe->pmtu;
            if (fnhe->pmtu != 0 && new_limit) {
                fnhe->pmtu = mtu;
                fnhe->mtu_locked = false;
            }
            fill_route(fnhe);
        }
    }
}

void fib_exceptions_init() {
    for (u16& head : buckets) head = kEnd;
    free_list = kEnd;
    for (unsigned i = kMaxExceptions; i-- > 0;) {
        pool[i] = {};
        pool[i].next = free_list;
        free_list = static_cast<u16>(i);
    }
}

}  // namespace fw
