// SPDX-License-Identifier: Apache-2.0
// The table of neighbours.
#include "sw/net/neighbour.h"

#include <cstddef>

#include "sw/kernel/time.h"
#include "sw/net/arp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/pneigh.h"

namespace fw {

using regs::Snmp;
using namespace regs::config;

constinit spinlock neigh_table_lock = {LockClass::neigh_table};
constinit neighbour* neigh_buckets[kNeighBuckets] = {};
constinit i64 neigh_entries = 0;

namespace {

constinit neighbour pool[kMaxNeighbours] = {};
constinit neighbour* free_list = nullptr;

/// Where an entry is linked. Hosts of one subnet differ in their last octets, so these alone spread well.
neighbour*& bucket_of(u32 key, const net_device* dev) {
    return neigh_buckets[(key ^ (dev->ifindex << 7)) % kNeighBuckets];
}

neighbour* find(u32 key, const net_device* dev) {
    neighbour* neigh = __atomic_load_n(&bucket_of(key, dev), __ATOMIC_ACQUIRE);
    while (neigh && (neigh->key != key || neigh->dev != dev)) neigh = __atomic_load_n(&neigh->next, __ATOMIC_ACQUIRE);
    return neigh;
}

/// On such devices there is one neighbour: whoever is at the other end.
u32 table_key(u32 key, const net_device* dev) { return dev->flags & kIffLoopback ? 0 : key; }

void release(neighbour* neigh) {
    neigh->dev = nullptr;
    neigh->gc_next = free_list;
    free_list = neigh;
    --neigh_entries;
    snmp_inc(Snmp::ArpCacheDestroys);
}

void release_later(rcu_head* head) {
    auto* neigh = reinterpret_cast<neighbour*>(reinterpret_cast<u8*>(head) - offsetof(neighbour, rcu));
    spin_lock(neigh_table_lock);
    release(neigh);
    spin_unlock(neigh_table_lock);
}

/// Out of the table and at rest, but not yet free.
void unlink(neighbour** link) {
    neighbour* neigh = *link;
    __atomic_store_n(link, neigh->next, __ATOMIC_RELEASE);
    neigh_gc_remove(neigh);
    spin_lock(neigh->lock);
    del_timer(&neigh->timer);
    neigh->dead = true;
    neigh->nud_state = neigh->nud_state & NUD_VALID ? NUD_NOARP : NUD_NONE;
    __atomic_store_n(&neigh->output, &neigh_blackhole, __ATOMIC_RELEASE);
    neigh_purge_queue(neigh);
    spin_unlock(neigh->lock);
}

/// The rest of the link header: from this device's address, IPv4 (RFC 894).
void fill_hh(neighbour* neigh) {
    u8* at = neigh->hh + kHhFirst;
    __builtin_memcpy(at + wire::kEthSource, neigh->dev->dev_addr, ETH_ALEN);
    wire::put16(at + wire::kEthType, wire::ETH_P_IP);
}

void fill(neighbour* neigh, u32 key, net_device* dev) {
    *neigh = {};
    neigh->lock.counted_as = LockClass::neigh;
    neigh->dev = dev;
    neigh->key = key;
    const i64 now = static_cast<i64>(uptime_us());
    neigh->updated = neigh->used = now;
    neigh->confirmed = now - 2 * neigh_reachable_time(dev);
    timer_setup(&neigh->timer, neigh_timer_handler);
    fill_hh(neigh);
    arp_constructor(neigh);
}

/// With the table's lock held.
neighbour* create(u32 key, net_device* dev, bool exempt_from_gc) {
    if (!neigh_may_grow(exempt_from_gc)) return nullptr;
    neighbour* neigh = free_list;
    if (!neigh) {
        snmp_inc(Snmp::ArpCacheTableFulls);
        return nullptr;
    }
    free_list = neigh->gc_next;
    ++neigh_entries;
    fill(neigh, key, dev);
    snmp_inc(Snmp::ArpCacheAllocs);
    if (!exempt_from_gc) neigh_gc_add(neigh);
    neighbour*& head = bucket_of(key, dev);
    neigh->next = head;
    __atomic_store_n(&head, neigh, __ATOMIC_RELEASE);
    return neigh;
}

}  // namespace

STAGE neighbour* __ipv4_neigh_lookup_noref(u32 key, const net_device* dev) { return find(key, dev); }

neighbour* neigh_lookup(u32 key, const net_device* dev) {
    snmp_inc(Snmp::ArpCacheLookups);
    neighbour* neigh = find(table_key(key, dev), dev);
    if (neigh) snmp_inc(Snmp::ArpCacheHits);
    return neigh;
}

neighbour* neigh_create(u32 key, net_device* dev, bool exempt_from_gc) {
    key = table_key(key, dev);
    spin_lock(neigh_table_lock);
    neighbour* neigh = find(key, dev);  // another CPU may have been faster
    if (!neigh) neigh = create(key, dev, exempt_from_gc);
    spin_unlock(neigh_table_lock);
    return neigh;
}

neighbour** neigh_link_of(const neighbour* neigh) {
    neighbour** link = &bucket_of(neigh->key, neigh->dev);
    while (*link != neigh) link = &(*link)->next;
    return link;
}

void neigh_remove(neighbour** link) {
    neighbour* neigh = *link;
    unlink(link);
    call_rcu(&neigh->rcu, release_later);
}

void neigh_delete(neighbour* neigh) {
    if (neigh->dead) return;  // collected while its last packets were answered
    unlink(neigh_link_of(neigh));
    release(neigh);
}

void neigh_changeaddr(const net_device* dev) {
    for (neighbour*& head : neigh_buckets) {
        for (neighbour** link = &head; *link;) {
            neighbour* neigh = *link;
            if (neigh->dev == dev) {
                unlink(link);
                release(neigh);
            } else {
                link = &neigh->next;
            }
        }
    }
}

void neigh_ifdown(const net_device* dev) {
    neigh_changeaddr(dev);
    pneigh_ifdown(dev);
}

void neigh_init() {
    for (neighbour*& head : neigh_buckets) head = nullptr;
    free_list = nullptr;
    neigh_entries = 0;
    for (unsigned i = kMaxNeighbours; i-- > 0;) {
        pool[i] = {};
        pool[i].gc_next = free_list;
        free_list = &pool[i];
    }
    pneigh_init();
    neigh_gc_init();
}

}  // namespace fw
