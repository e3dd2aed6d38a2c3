// SPDX-License-Identifier: Apache-2.0
#include "sw/net/igmp.h"

#include <cstddef>

#include "sw/kernel/dev_mcast.h"
#include "sw/kernel/error.h"
#include "sw/kernel/time.h"
#include "sw/net/arp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/ip.h"
#include "sw/wire/igmp.h"

namespace fw {

constinit spinlock igmp_lock = {LockClass::igmp};

namespace {

/// RFC 3376 8.2, 8.3: query interval, query response interval (Linux net/ipv4/igmp.c).
constexpr u64 kQueryInterval = 125 * kSec, kQueryResponseInterval = 10 * kSec;

constinit ip_mc_list pool[kMaxMemberships] = {};
constinit ip_mc_list* free_list = nullptr;
constinit igmp_link links[regs::kMaxDevices + 1] = {};

ip_mc_list** find(igmp_link& link, u32 group) {
    ip_mc_list** at = &link.mc_list;
    while (*at && (*at)->multiaddr != group) at = &(*at)->next;
    return at;
}

/// What a link is like until a router says something else.
void ip_mc_reset(igmp_link& link) {
    link.qrv = igmp_default_qrv();
    link.qi = kQueryInterval;
    link.qri = kQueryResponseInterval;
}

bool seen(const net_device* dev, u64 until, i64 version) {
    const i64 forced = in_dev_force_igmp_version(dev);
    return forced == version || (forced == 0 && until > uptime_us());
}

void give_back(rcu_head* head) {
    auto* im = reinterpret_cast<ip_mc_list*>(reinterpret_cast<u8*>(head) - offsetof(ip_mc_list, rcu));
    spin_lock(igmp_lock);
    im->next = free_list;
    free_list = im;
    spin_unlock(igmp_lock);
}

void release(ip_mc_list** at) {
    ip_mc_list* im = *at;
    __atomic_store_n(at, im->next, __ATOMIC_RELEASE);
    del_timer(&im->timer);
    call_rcu(&im->rcu, give_back);
}

void igmp_group_added(ip_mc_list* im) {
    u8 mac[ETH_ALEN];
    ip_eth_mc_map(im->multiaddr, mac);
    dev_mc_add(im->dev, mac);
    if (!igmp_is_reported(im)) return;
    im->unsolicit_count = igmp_default_qrv();
    if (igmp_v1_seen(im->dev) || igmp_v2_seen(im->dev)) {
        igmp_start_timer(im, kIgmpInitialReportDelay);
        return;
    }
    im->crcount = igmp_link_of(im->dev).qrv;
    igmp_ifc_event(im->dev);
}

/// The group's list entry stays until routers have been told (Linux igmpv3_add_delrec).
void igmp_group_dropped(ip_mc_list* im) {
    u8 mac[ETH_ALEN];
    ip_eth_mc_map(im->multiaddr, mac);
    dev_mc_del(im->dev, mac);
    im->crcount = 0;
    if (!igmp_is_reported(im)) return;
    const bool reporter = im->reporter;
    igmp_stop_timer(im);
    if (igmp_v1_seen(im->dev)) return;
    if (igmp_v2_seen(im->dev)) {
        if (reporter) igmp_send_report(im, wire::IGMP_HOST_LEAVE_MESSAGE);
        return;
    }
    im->crcount = igmp_link_of(im->dev).qrv;
    igmp_ifc_event(im->dev);
}

int inc_group(net_device* dev, u32 group) {
    igmp_link& link = igmp_link_of(dev);
    ip_mc_list* im = *find(link, group);
    if (im && im->users != 0) {
        ++im->users;
        return 0;
    }
    if (!im) {
        im = free_list;
        if (!im) return -err::nobufs;
        free_list = im->next;
        *im = {};
        im->dev = dev;
        im->multiaddr = group;
        igmp_setup_timer(im);
        im->next = link.mc_list;
        __atomic_store_n(&link.mc_list, im, __ATOMIC_RELEASE);
    }
    im->users = 1;
    if (dev->flags & regs::config::IFF_UP) igmp_group_added(im);
    return 0;
}

int dec_group(net_device* dev, u32 group) {
    igmp_link& link = igmp_link_of(dev);
    ip_mc_list* im = *find(link, group);
    if (!im || im->users == 0) return -err::addrnotavail;
    if (--im->users != 0) return 0;
    if (dev->flags & regs::config::IFF_UP) igmp_group_dropped(im);
    igmp_purge_left(link, false);
    return 0;
}

}  // namespace

igmp_link& igmp_link_of(const net_device* dev) { return links[dev->ifindex]; }

bool igmp_v1_seen(const net_device* dev) { return seen(dev, igmp_link_of(dev).v1_seen_until, 1); }
bool igmp_v2_seen(const net_device* dev) { return seen(dev, igmp_link_of(dev).v2_seen_until, 2); }

void igmp_purge_left(igmp_link& link, bool all) {
    for (ip_mc_list** at = &link.mc_list; *at;) {
        if ((*at)->users == 0 && (all || (*at)->crcount == 0)) {
            release(at);
        } else {
            at = &(*at)->next;
        }
    }
}

int ip_mc_inc_group(net_device* dev, u32 group) {
    if (!wire::ipv4_is_multicast(group)) return -err::inval;
    spin_lock(igmp_lock);
    const int error = inc_group(dev, group);
    spin_unlock(igmp_lock);
    ip_route_input_changed();
    return error;
}

int ip_mc_dec_group(net_device* dev, u32 group) {
    spin_lock(igmp_lock);
    const int error = dec_group(dev, group);
    spin_unlock(igmp_lock);
    ip_route_input_changed();
    return error;
}

bool igmp_is_reported(const ip_mc_list* im) {
    if (im->multiaddr == wire::INADDR_ALLHOSTS_GROUP) return false;
    return !wire::ipv4_is_local_multicast(im->multiaddr) || sysctl(SysctlId::igmp_link_local_mcast_reports) != 0;
}

void ip_mc_up(net_device* dev) {
    spin_lock(igmp_lock);
    igmp_link& link = igmp_link_of(dev);
    ip_mc_reset(link);
    for (ip_mc_list* im = link.mc_list; im; im = im->next) igmp_group_added(im);
    inc_group(dev, wire::INADDR_ALLHOSTS_GROUP);
    spin_unlock(igmp_lock);
}

void ip_mc_down(net_device* dev) {
    spin_lock(igmp_lock);
    igmp_link& link = igmp_link_of(dev);
    for (ip_mc_list* im = link.mc_list; im; im = im->next) igmp_group_dropped(im);
    link.ifc_count = 0;
    link.gq_running = false;
    del_timer(&link.ifc_timer);
    del_timer(&link.gq_timer);
    dec_group(dev, wire::INADDR_ALLHOSTS_GROUP);
    igmp_purge_left(link, true);
    spin_unlock(igmp_lock);
}

bool ip_check_mc(const net_device* dev, u32 group) {
    const ip_mc_list* im = __atomic_load_n(&igmp_link_of(dev).mc_list, __ATOMIC_ACQUIRE);
    while (im && im->multiaddr != group) im = __atomic_load_n(&im->next, __ATOMIC_ACQUIRE);
    return im && im->users != 0;
}

void igmp_init() {
    free_list = nullptr;
    for (unsigned i = kMaxMemberships; i-- > 0;) {
        pool[i] = {};
        pool[i].next = free_list;
        free_list = &pool[i];
    }
    for (igmp_link& link : links) {
        link = {};
        ip_mc_reset(link);
        igmp_timers_setup(link);
    }
    for (u32 ifindex = 1; ifindex <= regs::kMaxDevices; ++ifindex) {
        net_device* dev = dev_get_by_index(ifindex);
        if (dev && (dev->flags & regs::config::IFF_UP)) ip_mc_up(dev);
    }
}

}  // namespace fw
