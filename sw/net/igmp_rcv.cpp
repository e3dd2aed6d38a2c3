// SPDX-License-Identifier: Apache-2.0
// What comes by IGMP (Linux net/ipv4/igmp.c: igmp_rcv, igmp_heard_query, igmp_heard_report). As there the TTL is not
// looked at, nor whether there is a router alert.
#include "sw/kernel/time.h"
#include "sw/net/igmp.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"
#include "sw/wire/igmp.h"

namespace fw {

using wire::Igmp;

namespace {

constexpr u64 kTenthOfASecond = 100 * kMsec;
/// RFC 2236 8.3: what a query of version 1 stands for.
constexpr u64 kV1ResponseInterval = 10 * kSec;

/// An older router is on the link for so long (RFC 3376 8.12).
u64 older_version_until(const igmp_link& link) { return uptime_us() + link.qrv * link.qi + link.qri; }

/// A query of version 1 or 2: from now on reports are of that version, and what was to be told by version 3 is not.
u64 heard_old_query(igmp_link& link, Igmp ih) {
    const bool v1 = ih.code() == 0;
    (v1 ? link.v1_seen_until : link.v2_seen_until) = older_version_until(link);
    link.ifc_count = 0;
    del_timer(&link.ifc_timer);
    igmp_purge_left(link, true);
    return v1 ? kV1ResponseInterval : ih.code() * kTenthOfASecond;
}

/// What a query of version 3 says of the link (RFC 3376 4.1.6, 4.1.7, 8.3).
void learn_from_query(igmp_link& link, Igmp ih) {
    constexpr u64 kQueryInterval = 125 * kSec;
    link.qrv = ih.qrv() != 0 ? ih.qrv() : igmp_default_qrv();
    const u64 qi = wire::igmpv3_exp(ih.qqic()) * kSec;
    link.qi = qi != 0 ? qi : kQueryInterval;
    if (link.qri >= link.qi) link.qri = link.qi - kSec;
}

u64 v3_delay(Igmp ih) {
    const u64 delay = wire::igmpv3_exp(ih.code()) * kTenthOfASecond;
    return delay != 0 ? delay : 1;
}

void answer_for_groups(igmp_link& link, u32 group, u64 max_delay) {
    for (ip_mc_list* im = link.mc_list; im; im = im->next) {
        if (im->users == 0 || !igmp_is_reported(im)) continue;
        if (group == 0 || group == im->multiaddr) igmp_mod_timer(im, max_delay);
    }
}

/// False: no query that means anything.
bool igmp_heard_query(net_device* dev, const sk_buff* skb) {
    const Igmp ih(skb->data);
    igmp_link& link = igmp_link_of(dev);
    if (skb->len == wire::kIgmpHeaderBytes) {
        const u32 group = ih.code() == 0 ? 0 : ih.group();
        answer_for_groups(link, group, heard_old_query(link, ih));
        return true;
    }
    if (skb->len < wire::kIgmpv3QueryBytes) return false;
    if (igmp_v1_seen(dev)) {
        answer_for_groups(link, 0, kV1ResponseInterval);
        return true;
    }
    if (!igmp_v2_seen(dev)) {
        if (skb->len < wire::kIgmpv3QueryBytes + ih.sources() * 4U) return false;
        link.maxdelay = v3_delay(ih);
        learn_from_query(link, ih);
        if (ih.group() == 0) {
            if (ih.sources() != 0) return false;
            igmp_gq_start_timer(link);
            return true;
        }
    }
    answer_for_groups(link, ih.group(), v3_delay(ih));
    return true;
}

/// Somebody else has spoken for the group.
void igmp_heard_report(net_device* dev, u32 group) {
    for (ip_mc_list* im = igmp_link_of(dev).mc_list; im; im = im->next) {
        if (im->multiaddr == group && igmp_is_reported(im)) igmp_stop_timer(im);
    }
}

/// What becomes of the message.
Fate hear(net_device* dev, const sk_buff* skb) {
    const Igmp ih(skb->data);
    switch (ih.type()) {
        case wire::IGMP_HOST_MEMBERSHIP_QUERY:
            return igmp_heard_query(dev, skb) ? Fate::delivered : Fate::bad_transport;
        case wire::IGMP_HOST_MEMBERSHIP_REPORT:
        case wire::IGMPV2_HOST_MEMBERSHIP_REPORT:
            if (skb->pkt_type == PACKET_MULTICAST || skb->pkt_type == PACKET_BROADCAST) {
                igmp_heard_report(dev, ih.group());
            }
            return Fate::delivered;
        default:
            return Fate::delivered;
    }
}

}  // namespace

STAGE void igmp_rcv(sk_buff* skb) {
    if (!pskb_may_pull(skb, wire::kIgmpHeaderBytes)) {
        kfree_skb_reason(skb, Fate::bad_transport);
        return;
    }
    if (wire::csum_fold(skb_checksum(skb, 0, skb->len, 0)) != 0xFFFF) {
        kfree_skb_reason(skb, Fate::bad_checksum);
        return;
    }
    const u32 query = skb->len < wire::kIgmpv3QueryBytes ? skb->len : wire::kIgmpv3QueryBytes;
    if (!pskb_may_pull(skb, query)) {
        kfree_skb_reason(skb, Fate::no_memory);
        return;
    }
    spin_lock(igmp_lock);
    const Fate fate = hear(skb->dev, skb);
    spin_unlock(igmp_lock);
    kfree_skb_reason(skb, fate);
}

}  // namespace fw
