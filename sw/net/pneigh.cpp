// SPDX-License-Identifier: Apache-2.0
#include "sw/net/pneigh.h"

#include "sw/kernel/error.h"
#include "sw/kernel/random.h"
#include "sw/kernel/time.h"
#include "sw/net/arp.h"
#include "sw/net/inetdevice.h"

namespace fw {

using namespace regs::config;

namespace {

struct pneigh_entry {
    pneigh_entry* next;
    u32 key;
    const net_device* dev;
};

constexpr unsigned kBuckets = 16;  // PNEIGH_HASHMASK + 1
constinit pneigh_entry pool[kMaxProxies] = {};
constinit pneigh_entry* free_list = nullptr;
constinit pneigh_entry* buckets[kBuckets] = {};

pneigh_entry*& bucket_of(u32 key) {
    u32 hash = key ^ key >> 16;
    hash ^= hash >> 8;
    return buckets[(hash ^ hash >> 4) % kBuckets];
}

void release(pneigh_entry** link) {
    pneigh_entry* gone = *link;
    *link = gone->next;
    gone->next = free_list;
    free_list = gone;
}

/// What a waiting request is remembered by (Linux struct neighbour_cb).
struct neighbour_cb {
    u64 sched_next;
    bool locally_enqueued;
};
neighbour_cb* NEIGH_CB(sk_buff* skb) { return reinterpret_cast<neighbour_cb*>(skb->cb); }

constinit spinlock queue_lock = {LockClass::proxy_queue};
constinit sk_buff_head proxy_queue = {};
constinit timer_list proxy_timer = {};
constinit i64 queued[regs::kMaxDevices + 1] = {};  ///< by interface index

/// Takes the requests out for which `due` says so. With the lock held.
template <typename Due>
sk_buff_head take_out(Due due) {
    sk_buff_head taken, kept;
    skb_queue_head_init(&taken);
    skb_queue_head_init(&kept);
    while (sk_buff* skb = skb_dequeue(&proxy_queue)) {
        if (due(skb)) {
            --queued[skb->dev->ifindex];
            skb_queue_tail(&taken, skb);
        } else {
            skb_queue_tail(&kept, skb);
        }
    }
    proxy_queue = kept;
    return taken;
}

void set_timer() {
    u64 next = ~u64{0};
    for (sk_buff* skb = proxy_queue.next; skb; skb = skb->next) {
        if (NEIGH_CB(skb)->sched_next < next) next = NEIGH_CB(skb)->sched_next;
    }
    if (proxy_queue.next) mod_timer(&proxy_timer, next);
}

void neigh_proxy_process(timer_list*) {
    const u64 now = uptime_us();
    spin_lock(queue_lock);
    sk_buff_head due = take_out([now](sk_buff* skb) { return NEIGH_CB(skb)->sched_next <= now; });
    set_timer();
    spin_unlock(queue_lock);
    while (sk_buff* skb = skb_dequeue(&due)) arp_process(skb);
}

}  // namespace

bool pneigh_lookup(u32 key, const net_device* dev) {
    const pneigh_entry* entry = bucket_of(key);
    while (entry && (entry->key != key || (entry->dev && entry->dev != dev))) entry = entry->next;
    return entry != nullptr;
}

int pneigh_add(u32 key, const net_device* dev) {
    if (pneigh_lookup(key, dev)) return 0;
    pneigh_entry* entry = free_list;
    if (!entry) return -err::nobufs;
    free_list = entry->next;
    *entry = {bucket_of(key), key, dev};
    bucket_of(key) = entry;
    return 0;
}

int pneigh_delete(u32 key, const net_device* dev) {
    pneigh_entry** link = &bucket_of(key);
    while (*link && ((*link)->key != key || (*link)->dev != dev)) link = &(*link)->next;
    if (!*link) return -err::noent;
    release(link);
    return 0;
}

// Linux empties the queue for all devices; here the other devices' requests keep their place.
void pneigh_ifdown(const net_device* dev) {
    for (pneigh_entry*& head : buckets) {
        for (pneigh_entry** link = &head; *link;) {
            if ((*link)->dev == dev) {
                release(link);
            } else {
                link = &(*link)->next;
            }
        }
    }
    sk_buff_head gone = take_out([dev](const sk_buff* skb) { return skb->dev == dev; });
    while (sk_buff* skb = skb_dequeue(&gone)) kfree_skb_reason(skb, Fate::arp);
}

void pneigh_init() {
    for (pneigh_entry*& head : buckets) head = nullptr;
    free_list = nullptr;
    for (pneigh_entry& entry : pool) {
        entry.next = free_list;
        free_list = &entry;
    }
    skb_queue_head_init(&proxy_queue);
    for (i64& n : queued) n = 0;
    timer_setup(&proxy_timer, neigh_proxy_process);
}

void pneigh_begin(sk_buff* skb) { *NEIGH_CB(skb) = {}; }

bool pneigh_has_waited(sk_buff* skb) { return NEIGH_CB(skb)->locally_enqueued; }

void pneigh_enqueue(sk_buff* skb) {
    const net_device* dev = skb->dev;
    spin_lock(queue_lock);
    if (queued[dev->ifindex] > neigh_parm(dev, SysctlId::neigh_proxy_qlen)) {
        spin_unlock(queue_lock);
        return kfree_skb_reason(skb, Fate::arp);
    }
    const u64 most = static_cast<u64>(neigh_parm(dev, SysctlId::neigh_proxy_delay)) * (kSec / 100);
    *NEIGH_CB(skb) = {uptime_us() + random_below(most, most / 2), true};
    skb_queue_tail(&proxy_queue, skb);
    ++queued[dev->ifindex];
    set_timer();
    spin_unlock(queue_lock);
}

}  // namespace fw
