// SPDX-License-Identifier: Apache-2.0
#include "sw/net/devinet.h"

#include "sw/kernel/error.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/fib.h"
#include "sw/net/igmp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/neighbour.h"
#include "sw/net/net.h"

namespace fw {

using namespace regs::config;

constinit in_ifaddr* inet_addr_hash[256] = {};

namespace {

constinit in_ifaddr pool[kMaxAddresses] = {};
constinit in_ifaddr* free_list = nullptr;
/// For the next time at which an address goes.
constinit timer_list addr_check = {};
/// First address of each device, by interface index.
constinit in_ifaddr* lists[regs::kMaxDevices + 1] = {};

bool same_subnet(const in_ifaddr* a, const in_ifaddr* b) { return a->mask == b->mask && inet_ifa_match(a->address, b); }

void hash_insert(in_ifaddr* ifa) {
    in_ifaddr*& head = inet_addr_hash[inet_addr_bucket(ifa->local)];
    ifa->hash_next = head;
    head = ifa;
}

void hash_remove(in_ifaddr* ifa) {
    in_ifaddr** link = &inet_addr_hash[inet_addr_bucket(ifa->local)];
    while (*link != ifa) link = &(*link)->hash_next;
    *link = ifa->hash_next;
}

/// Takes the address out of its lists.
void unlink(in_ifaddr** link) {
    in_ifaddr* ifa = *link;
    *link = ifa->next;
    hash_remove(ifa);
    ifa->hash_next = free_list;
    free_list = ifa;
    rt_genid_bump();
}

/// inet_insert_ifa: a second address of a subnet is a secondary; primaries go before it, wider scopes first.
int insert(const in_ifaddr& wanted) {
    if (!free_list) return -err::nobufs;
    in_ifaddr** last_primary = &lists[wanted.dev->ifindex];
    in_ifaddr** link = last_primary;
    bool secondary = false;
    for (; *link; link = &(*link)->next) {
        in_ifaddr* at = *link;
        if (!at->secondary && wanted.scope <= at->scope) last_primary = &at->next;
        if (!same_subnet(&wanted, at)) continue;
        if (at->local == wanted.local) return -err::exist;
        if (at->scope != wanted.scope) return -err::inval;
        secondary = true;
    }
    in_ifaddr* ifa = free_list;
    free_list = ifa->hash_next;
    *ifa = wanted;
    ifa->secondary = secondary;
    if (!secondary) link = last_primary;
    ifa->next = *link;
    *link = ifa;
    hash_insert(ifa);
    rt_genid_bump();
    const int error = fib_add_ifaddr(ifa);
    if (error != 0) unlink(link);
    return error;
}

/// The address goes; what it was is told to the routing tables.
void remove(in_ifaddr** link) {
    const in_ifaddr gone = **link;
    unlink(link);
    if (gone.joined) ip_mc_dec_group(gone.dev, gone.address);
    fib_del_ifaddr(&gone);
}

in_ifaddr** link_to(const in_ifaddr* ifa) {
    in_ifaddr** link = &lists[ifa->dev->ifindex];
    while (*link != ifa) link = &(*link)->next;
    return link;
}

/// The first secondary of the subnet takes the place of its primary, which goes; the others are its secondaries from
/// now on, and their local routes name it.
void promote(in_ifaddr* primary, in_ifaddr* heir) {
    net_device* dev = primary->dev;
    const in_ifaddr gone = *primary;
    *link_to(heir) = heir->next;
    in_ifaddr** link = &lists[dev->ifindex];
    while (*link && !(*link)->secondary && (*link == primary || (*link)->scope >= heir->scope)) link = &(*link)->next;
    heir->next = *link;
    *link = heir;
    heir->secondary = false;
    unlink(link_to(primary));
    fib_del_ifaddr(&gone);
    for (const in_ifaddr* ifa = lists[dev->ifindex]; ifa; ifa = ifa->next) {
        if (same_subnet(&gone, ifa)) fib_add_ifaddr(ifa);
    }
}

/// Secondaries go with their primary, unless promote_secondaries keeps them.
void remove_with_secondaries(in_ifaddr* primary) {
    if (!primary->secondary && in_dev_promote_secondaries(primary->dev)) {
        for (in_ifaddr* ifa = lists[primary->dev->ifindex]; ifa; ifa = ifa->next) {
            if (ifa->secondary && same_subnet(primary, ifa)) return promote(primary, ifa);
        }
    }
    in_ifaddr** link = &lists[primary->dev->ifindex];
    while (*link) {
        if (!primary->secondary && (*link)->secondary && same_subnet(primary, *link)) {
            remove(link);
        } else {
            link = &(*link)->next;
        }
    }
    remove(link_to(primary));
}

/// The address that `wanted` is once more, nullptr: none (find_matching_ifa).
in_ifaddr* find_same(const in_ifaddr& wanted) {
    in_ifaddr* ifa = lists[wanted.dev->ifindex];
    while (ifa && !(same_subnet(&wanted, ifa) && ifa->local == wanted.local)) ifa = ifa->next;
    return ifa;
}

/// Addresses whose time is up go. One may take others along, so each look begins anew.
void drop_expired() {
    const u64 now = uptime_us();
    for (unsigned i = 0; i < sizeof lists / sizeof lists[0];) {
        in_ifaddr* ifa = lists[i];
        while (ifa && (ifa->expires == kStays || ifa->expires > now)) ifa = ifa->next;
        if (ifa) {
            remove_with_secondaries(ifa);
        } else {
            ++i;
        }
    }
}

/// The timer is set to the next time at which an address goes.
void schedule_check() {
    u64 next = kStays;
    for (const in_ifaddr* list : lists) {
        for (const in_ifaddr* ifa = list; ifa; ifa = ifa->next) {
            if (ifa->expires != kStays && (next == kStays || ifa->expires < next)) next = ifa->expires;
        }
    }
    if (next == kStays) {
        del_timer(&addr_check);
    } else {
        mod_timer(&addr_check, next);
    }
}

/// Linux check_lifetime, whose work may come more than a second late; this comes on time. It runs on the CPU whose
/// softirq also takes the mailbox's messages, so that only one at a time stops the others.
void check_lifetime(timer_list*) {
    stop_machine(drop_expired);
    schedule_check();
}

/// set_ifa_lifetime.
u64 expires_of(const msg::AddrAdd& message) {
    return message.valid_lft == 0 ? kStays : uptime_us() + message.valid_lft * kSec;
}

/// `ip addr replace`: the route to the subnet may get another metric (fib_modify_prefix_metric).
int modify(in_ifaddr* ifa, u32 metric) {
    if (ifa->metric == metric) return 0;
    const u32 before = ifa->metric;
    ifa->metric = metric;
    const int error = fib_add_ifaddr(ifa);
    if (error != 0) {
        ifa->metric = before;
        return error;
    }
    in_ifaddr old = *ifa;
    old.metric = before;
    fib_del_ifaddr(&old);
    return 0;
}

/// ip_mc_autojoin_config: a socket of the kernel's own joins, so that as many groups as of any other socket are enough,
/// and one at a time of each device.
int autojoin(const in_ifaddr& ifa) {
    i64 groups = 0;
    for (in_ifaddr* list : lists) {
        for (const in_ifaddr* other = list; other; other = other->next) {
            if (!other->joined) continue;
            if (other->dev == ifa.dev && other->address == ifa.address) return -err::addrinuse;
            ++groups;
        }
    }
    if (groups >= sysctl(SysctlId::igmp_max_memberships)) return -err::nobufs;
    return ip_mc_inc_group(ifa.dev, ifa.address);
}

int insert_group(in_ifaddr ifa) {
    int error = autojoin(ifa);
    if (error != 0) return error;
    ifa.joined = true;
    error = insert(ifa);
    if (error != 0) ip_mc_dec_group(ifa.dev, ifa.address);
    return error;
}

void add_loopback_address() {
    net_device* lo = dev_get_by_index(kLoopbackIfindex);
    if (!lo) return;
    in_ifaddr ifa = {};
    ifa.dev = lo;
    ifa.local = ifa.address = 0x7F000001;
    ifa.prefixlen = 8;
    ifa.mask = inet_make_mask(8);
    ifa.scope = RT_SCOPE_HOST;
    insert(ifa);
}

}  // namespace

void devinet_init() {
    free_list = nullptr;
    for (unsigned i = kMaxAddresses; i-- > 0;) {
        pool[i] = {};
        pool[i].hash_next = free_list;
        free_list = &pool[i];
    }
    for (in_ifaddr*& head : inet_addr_hash) head = nullptr;
    for (in_ifaddr*& list : lists) list = nullptr;
    timer_setup(&addr_check, check_lifetime);
    add_loopback_address();
}

in_ifaddr* inet_ifa_list(const net_device* dev) { return lists[dev->ifindex]; }

int inet_addr_add(const msg::AddrAdd& message) {
    if (message.prefixlen > 32) return -err::inval;
    net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev) return -err::nodev;
    if (message.address == 0) return 0;  // as the kernel does: no error, no address
    in_ifaddr ifa = {};
    ifa.dev = dev;
    ifa.local = message.address;
    ifa.address = message.peer != 0 ? message.peer : message.address;
    ifa.prefixlen = message.prefixlen;
    ifa.mask = inet_make_mask(message.prefixlen);
    ifa.broadcast = message.broadcast;
    ifa.scope = message.scope;
    ifa.noprefixroute = message.noprefixroute != 0;
    ifa.metric = message.metric;
    ifa.expires = expires_of(message);
    in_ifaddr* same = message.replace ? find_same(ifa) : nullptr;
    int error = 0;
    if (same) {
        error = modify(same, ifa.metric);
        if (error == 0) same->expires = ifa.expires;
    } else {
        error = message.autojoin ? insert_group(ifa) : insert(ifa);
    }
    schedule_check();
    return error;
}

int inet_addr_del(const msg::AddrDel& message) {
    const net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev) return -err::nodev;
    for (in_ifaddr* ifa = lists[dev->ifindex]; ifa; ifa = ifa->next) {
        if (ifa->local != message.address) continue;
        const u32 peer = message.peer != 0 ? message.peer : message.address;
        if (!message.any_prefix && (ifa->prefixlen != message.prefixlen || !inet_ifa_match(peer, ifa))) continue;
        remove_with_secondaries(ifa);
        return 0;
    }
    return -err::addrnotavail;
}

void inet_addr_flush(u32 ifindex) {
    while (lists[ifindex]) remove_with_secondaries(lists[ifindex]);
}

}  // namespace fw
