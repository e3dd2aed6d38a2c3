// SPDX-License-Identifier: Apache-2.0
// Membership in groups (RFC 1112, RFC 2236, RFC 3376; Linux net/ipv4/igmp.c). Whoever joins takes packets of any
// source. igmp.cpp: who is in which group; igmp_rcv.cpp: what routers ask; igmp_timer.cpp: when is answered;
// igmp_send.cpp: how.
//
// Changes, timers and messages are under igmp_lock, also while reports are sent. Packets ask ip_check_mc without it, so
// that those of IGMP itself can: a membership that is taken out stays readable until no packet can hold it (rcu.h).
#pragma once
#include "sw/kernel/netdevice.h"
#include "sw/kernel/rcu.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/timer.h"

namespace fw {

/// Memberships of all devices.
inline constexpr unsigned kMaxMemberships = 512;

/// A group that a device is in, or has left a moment ago (Linux struct ip_mc_list).
struct ip_mc_list {
    ip_mc_list* next;  ///< of the same device, or free list
    net_device* dev;
    u32 multiaddr;
    u32 users;           ///< 0: left, and still to be told
    u8 unsolicit_count;  ///< reports of versions 1 and 2 still to be sent unasked
    u8 crcount;          ///< reports of the change still to be sent, version 3
    bool reporter;       ///< the last report of the group was ours
    timer_list timer;    ///< an answer is due
    rcu_head rcu;
};

/// What IGMP knows of a device's link (Linux struct in_device, mr_…). Times in us.
struct igmp_link {
    ip_mc_list* mc_list;
    u64 v1_seen_until;  ///< an older router is on the link until then
    u64 v2_seen_until;
    u8 qrv;        ///< robustness
    u64 qi;        ///< between queries
    u64 qri;       ///< to answer a query in
    u64 maxdelay;  ///< of the general query that is being answered
    u8 ifc_count;  ///< reports of changes still to be sent
    bool gq_running;
    timer_list gq_timer;
    timer_list ifc_timer;
};

/// One user of the group more or less. 0 or -errno.
int ip_mc_inc_group(net_device* dev, u32 group);
int ip_mc_dec_group(net_device* dev, u32 group);
/// The device came up or goes down.
void ip_mc_up(net_device* dev);
void ip_mc_down(net_device* dev);
/// The device is in the group: its packets are taken.
bool ip_check_mc(const net_device* dev, u32 group);
void igmp_init();
/// Protocol handler.
STAGE void igmp_rcv(sk_buff* skb);

// Among the files of IGMP. Under igmp_lock.
extern spinlock igmp_lock;
igmp_link& igmp_link_of(const net_device* dev);
bool igmp_v1_seen(const net_device* dev);
bool igmp_v2_seen(const net_device* dev);
/// Routers are told of the group: not of 224.0.0.1, where everybody is, and of others in 224.0.0.0/24 where
/// igmp_link_local_mcast_reports says so.
bool igmp_is_reported(const ip_mc_list* im);
/// RFC 3376 8.1: robustness, where no router has said it.
inline u8 igmp_default_qrv() { return static_cast<u8>(sysctl(SysctlId::igmp_qrv)); }
/// Forgets groups that were left; `all`: also those that routers are still to be told of.
void igmp_purge_left(igmp_link& link, bool all);
// igmp_timer.cpp
constexpr u64 kIgmpInitialReportDelay = 1 * kMsec;
void igmp_timers_setup(igmp_link& link);
void igmp_setup_timer(ip_mc_list* im);
void igmp_start_timer(ip_mc_list* im, u64 max_delay);
void igmp_stop_timer(ip_mc_list* im);
/// Answers within `max_delay`, or sooner if an answer is due sooner.
void igmp_mod_timer(ip_mc_list* im, u64 max_delay);
void igmp_gq_start_timer(igmp_link& link);
void igmp_ifc_event(const net_device* dev);
// igmp_send.cpp
/// A report of version 1 or 2, or a leave message.
void igmp_send_report(ip_mc_list* im, u8 type);
/// Version 3: of one group, or of all of the device.
void igmpv3_send_report(net_device* dev, const ip_mc_list* im);
/// Version 3: of groups that were joined and left.
void igmpv3_send_cr(net_device* dev);

}  // namespace fw
