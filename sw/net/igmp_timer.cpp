// SPDX-License-Identifier: Apache-2.0
// When IGMP speaks (Linux net/ipv4/igmp.c). Delays are as random as a run may be that repeats: the
// same numbers each time for a seed of the run.
#include "sw/kernel/random.h"
#include "sw/kernel/time.h"
#include "sw/net/igmp.h"
#include "sw/net/inetdevice.h"
#include "sw/wire/igmp.h"

namespace fw {
namespace {

/// Linux adds two jiffies to each delay (with CONFIG_HZ = 1000).
constexpr u64 kLeastDelay = 2 * kMsec;

u64 random_time(u64 max_delay) { return uptime_us() + (max_delay != 0 ? random_next() % max_delay : 0) + kLeastDelay; }

/// RFC 2236 8.10, RFC 3376 8.11: between reports that nobody asked for.
u64 unsolicited_report_interval(const net_device* dev) {
    const bool old = igmp_v1_seen(dev) || igmp_v2_seen(dev);
    const i64 ms = in_dev_conf_get(
        dev, old ? SysctlId::igmpv2_unsolicited_report_interval : SysctlId::igmpv3_unsolicited_report_interval);
    return static_cast<u64>(ms != 0 ? ms : 1) * kMsec;
}

template <typename T>
T* owner_of(timer_list* timer, std::size_t offset) {
    return reinterpret_cast<T*>(reinterpret_cast<u8*>(timer) - offset);
}

/// The link's device, by its place among the links.
net_device* dev_of(const igmp_link* link) {
    for (u32 ifindex = 1; ifindex <= regs::kMaxDevices; ++ifindex) {
        net_device* dev = dev_get_by_index(ifindex);
        if (dev && &igmp_link_of(dev) == link) return dev;
    }
    return nullptr;
}

void igmp_timer_expire(timer_list* timer) {
    spin_lock(igmp_lock);
    auto* im = owner_of<ip_mc_list>(timer, __builtin_offsetof(ip_mc_list, timer));
    if (im->users != 0) {
        if (im->unsolicit_count != 0 && --im->unsolicit_count != 0) {
            igmp_start_timer(im, unsolicited_report_interval(im->dev));
        }
        im->reporter = true;
        if (igmp_v1_seen(im->dev)) {
            igmp_send_report(im, wire::IGMP_HOST_MEMBERSHIP_REPORT);
        } else if (igmp_v2_seen(im->dev)) {
            igmp_send_report(im, wire::IGMPV2_HOST_MEMBERSHIP_REPORT);
        } else {
            igmpv3_send_report(im->dev, im);
        }
    }
    spin_unlock(igmp_lock);
}

void igmp_gq_timer_expire(timer_list* timer) {
    spin_lock(igmp_lock);
    auto* link = owner_of<igmp_link>(timer, __builtin_offsetof(igmp_link, gq_timer));
    if (link->gq_running) {
        link->gq_running = false;
        igmpv3_send_report(dev_of(link), nullptr);
    }
    spin_unlock(igmp_lock);
}

void igmp_ifc_timer_expire(timer_list* timer) {
    spin_lock(igmp_lock);
    auto* link = owner_of<igmp_link>(timer, __builtin_offsetof(igmp_link, ifc_timer));
    if (link->ifc_count != 0) {
        igmpv3_send_cr(dev_of(link));
        igmp_purge_left(*link, false);
        if (--link->ifc_count != 0) mod_timer(&link->ifc_timer, random_time(unsolicited_report_interval(dev_of(link))));
    }
    spin_unlock(igmp_lock);
}

}  // namespace

void igmp_timers_setup(igmp_link& link) {
    timer_setup(&link.gq_timer, igmp_gq_timer_expire);
    timer_setup(&link.ifc_timer, igmp_ifc_timer_expire);
}

void igmp_setup_timer(ip_mc_list* im) { timer_setup(&im->timer, igmp_timer_expire); }

void igmp_start_timer(ip_mc_list* im, u64 max_delay) { mod_timer(&im->timer, random_time(max_delay)); }

void igmp_stop_timer(ip_mc_list* im) {
    del_timer(&im->timer);
    im->reporter = false;
    im->unsolicit_count = 0;
}

void igmp_mod_timer(ip_mc_list* im, u64 max_delay) {
    im->unsolicit_count = 0;
    if (timer_pending(&im->timer) && im->timer.expires < uptime_us() + max_delay) return;
    igmp_start_timer(im, max_delay);
}

void igmp_gq_start_timer(igmp_link& link) {
    const u64 at = random_time(link.maxdelay);
    if (link.gq_running && at >= link.gq_timer.expires) return;
    link.gq_running = true;
    mod_timer(&link.gq_timer, at);
}

void igmp_ifc_event(const net_device* dev) {
    if (igmp_v1_seen(dev) || igmp_v2_seen(dev)) return;
    igmp_link& link = igmp_link_of(dev);
    // One time more than reports of the change: it finds nothing left to tell.
    link.ifc_count = static_cast<u8>(link.qrv + 1);
    mod_timer(&link.ifc_timer, random_time(kIgmpInitialReportDelay));
}

}  // namespace fw
