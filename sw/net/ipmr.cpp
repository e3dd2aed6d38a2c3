// SPDX-License-Identifier: Apache-2.0
#include "sw/net/ipmr.h"

#include "sw/kernel/dev_mcast.h"
#include "sw/kernel/error.h"
#include "sw/net/inetdevice.h"
#include "sw/net/net.h"

namespace fw {

using regs::config::MAX_INTERFACES;

namespace {

constexpr unsigned kBuckets = 64;
constexpr u16 kNone = 0xFFFF;
constinit mfc_cache pool[kMaxMroutes] = {};
constinit u16 free_list = kNone;
constinit u16 buckets[kBuckets] = {};
/// Entries that a device is part of, by interface index.
constinit u32 uses[regs::kMaxDevices + 1] = {};
constinit u32 entries = 0;

u16* bucket_of(u32 mcastgrp) { return &buckets[(mcastgrp ^ mcastgrp >> 8) % kBuckets]; }

bool is_part_of(const mfc_cache& entry, u32 ifindex) { return entry.parent == ifindex || entry.ttls[ifindex - 1] != 0; }

i64& mc_forwarding(u32 place) { return sysctl_conf[static_cast<unsigned>(SysctlId::mc_forwarding)][place]; }

/// mc_forwarding shows, and the device takes all groups, while an entry has use for it (Linux vif_add, vif_delete).
void use(const mfc_cache& entry, bool added) {
    entries += added ? 1U : ~0U;
    mc_forwarding(kConfAll) = entries != 0;
    for (u32 ifindex = 1; ifindex <= MAX_INTERFACES; ++ifindex) {
        net_device* dev = dev_get_by_index(ifindex);
        if (!dev || !is_part_of(entry, ifindex)) continue;
        uses[ifindex] += added ? 1U : ~0U;
        mc_forwarding(ifindex) = uses[ifindex] != 0;
        dev_set_allmulti(dev, added ? 1 : -1);
    }
    ip_route_input_changed();
}

mfc_cache* take(u32 mcastgrp) {
    if (free_list == kNone) return nullptr;
    const u16 index = free_list;
    mfc_cache* entry = &pool[index];
    free_list = entry->next;
    u16* bucket = bucket_of(mcastgrp);
    *entry = {};
    entry->next = *bucket;
    *bucket = index;
    return entry;
}

void release(const mfc_cache* entry) {
    const u16 index = static_cast<u16>(entry - pool);
    u16* link = bucket_of(entry->mcastgrp);
    while (*link != index) link = &pool[*link].next;
    *link = entry->next;
    pool[index].next = free_list;
    free_list = index;
}

bool devices_exist(const msg::MrouteAdd& message) {
    if (!dev_get_by_index(message.iif)) return false;
    for (u32 ifindex = 1; ifindex <= MAX_INTERFACES; ++ifindex) {
        if (message.ttl[ifindex - 1] != 0 && !dev_get_by_index(ifindex)) return false;
    }
    return true;
}

}  // namespace

mfc_cache* ipmr_cache_find(u32 origin, u32 mcastgrp) {
    u16 index = *bucket_of(mcastgrp);
    while (index != kNone && (pool[index].origin != origin || pool[index].mcastgrp != mcastgrp)) {
        index = pool[index].next;
    }
    return index != kNone ? &pool[index] : nullptr;
}

int inet_mroute_add(const msg::MrouteAdd& message) {
    if (!wire::ipv4_is_multicast(message.group)) return -err::inval;
    if (!devices_exist(message)) return -err::nodev;
    mfc_cache* entry = ipmr_cache_find(message.source, message.group);
    if (entry) {
        use(*entry, false);
    } else {
        entry = take(message.group);
        if (!entry) return -err::nobufs;
        entry->origin = message.source;
        entry->mcastgrp = message.group;
    }
    entry->parent = message.iif;
    __builtin_memcpy(entry->ttls, message.ttl, sizeof entry->ttls);
    use(*entry, true);
    return 0;
}

int inet_mroute_del(const msg::MrouteDel& message) {
    const mfc_cache* entry = ipmr_cache_find(message.source, message.group);
    if (!entry || (message.iif != 0 && message.iif != entry->parent)) return -err::noent;
    use(*entry, false);
    release(entry);
    return 0;
}

void ipmr_init() {
    for (u16& bucket : buckets) bucket = kNone;
    free_list = kNone;
    for (u16 i = kMaxMroutes; i-- > 0;) {
        pool[i] = {};
        pool[i].next = free_list;
        free_list = i;
    }
    for (u32& users : uses) users = 0;
    entries = 0;
}

}  // namespace fw
