// SPDX-License-Identifier: Apache-2.0
// IGMP messages of this host (Linux net/ipv4/igmp.c: igmp_send_report, igmpv3_newpack, add_grec).
#include "sw/net/igmp.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"
#include "sw/wire/igmp.h"

namespace fw {

using wire::Igmp;

namespace {

constexpr u32 kAllRouters = 0xE0000002;    ///< RFC 2236 9
constexpr u32 kAllV3Routers = 0xE0000016;  ///< RFC 3376 4.2.14
/// RFC 2236 2, RFC 3376 4: all messages have a router alert and TTL 1; precedence is internetwork control.
constexpr u8 kRouterAlert[] = {wire::IPOPT_RA, 4, 0, 0};
constexpr u32 kHeaderBytes = wire::kIpv4HeaderBytes + sizeof kRouterAlert;
constexpr u8 kTtl = 1, kTos = 0xC0;
constexpr u32 TC_PRIO_CONTROL = 7;

/// A packet to `daddr` with its IP header; the message follows. nullptr: no way there, or no skb.
sk_buff* igmp_newpack(const net_device* dev, u32 daddr) {
    flowi4 flow = {};
    flow.daddr = daddr;
    flow.oif = dev->ifindex;
    flow.proto = wire::IPPROTO_IGMP;
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    sk_buff* skb = rt ? alloc_skb() : nullptr;
    if (!skb) return nullptr;
    skb->dst = rt;
    skb->priority = TC_PRIO_CONTROL;
    skb->network_header = skb_headroom(skb);
    skb->transport_header = skb->network_header + kHeaderBytes;
    wire::Ipv4 ip(skb_put(skb, kHeaderBytes));
    ip_fill_header(ip, flow, kTos, kTtl, true);
    ip_select_ident(ip, false);
    ip.set_version_ihl(kHeaderBytes / 4);
    __builtin_memcpy(ip.options(), kRouterAlert, sizeof kRouterAlert);
    IPCB(skb)->opt.optlen = sizeof kRouterAlert;
    return skb;
}

void igmp_send(sk_buff* skb) {
    u8* message = skb->data + kHeaderBytes;
    const u32 bytes = skb->len - kHeaderBytes;
    Igmp(message).set_check(static_cast<u16>(~wire::csum_fold(wire::csum_partial(message, bytes))));
    ip_local_out(skb);
}

/// A report of version 3 as it grows; sent when it is full.
struct Report {
    net_device* dev;
    sk_buff* skb;
    u16 records;
};

void send(Report& report) {
    if (!report.skb) return;
    Igmp(report.skb->data + kHeaderBytes).set_records(report.records);
    igmp_send(report.skb);
    report.skb = nullptr;
}

void add_grec(Report& report, u8 type, u32 group) {
    const u32 room = report.dev->mtu < kSkbDataBytes - kSkbHeadroom ? report.dev->mtu : kSkbDataBytes - kSkbHeadroom;
    if (report.skb && report.skb->len + wire::kIgmpv3RecordBytes > room) send(report);
    if (!report.skb) {
        report.skb = igmp_newpack(report.dev, kAllV3Routers);
        if (!report.skb) return;
        report.records = 0;
        u8* message = skb_put(report.skb, wire::kIgmpHeaderBytes);
        __builtin_memset(message, 0, wire::kIgmpHeaderBytes);
        Igmp(message).set_type(wire::IGMPV3_HOST_MEMBERSHIP_REPORT);
    }
    u8* record = skb_put(report.skb, wire::kIgmpv3RecordBytes);
    __builtin_memset(record, 0, wire::kIgmpv3RecordBytes);
    record[0] = type;
    wire::put32(record + 4, group);
    ++report.records;
}

}  // namespace

void igmp_send_report(ip_mc_list* im, u8 type) {
    sk_buff* skb = igmp_newpack(im->dev, type == wire::IGMP_HOST_LEAVE_MESSAGE ? kAllRouters : im->multiaddr);
    if (!skb) return;
    u8* message = skb_put(skb, wire::kIgmpHeaderBytes);
    __builtin_memset(message, 0, wire::kIgmpHeaderBytes);
    Igmp ih(message);
    ih.set_type(type);
    ih.set_group(im->multiaddr);
    igmp_send(skb);
}

void igmpv3_send_report(net_device* dev, const ip_mc_list* im) {
    Report report = {dev, nullptr, 0};
    if (im) {
        add_grec(report, wire::IGMPV3_MODE_IS_EXCLUDE, im->multiaddr);
    } else {
        for (const ip_mc_list* at = igmp_link_of(dev).mc_list; at; at = at->next) {
            if (at->users != 0 && igmp_is_reported(at)) add_grec(report, wire::IGMPV3_MODE_IS_EXCLUDE, at->multiaddr);
        }
    }
    send(report);
}

void igmpv3_send_cr(net_device* dev) {
    Report report = {dev, nullptr, 0};
    constexpr bool kLeftThenJoined[] = {false, true};
    for (const bool joined : kLeftThenJoined) {
        for (ip_mc_list* im = igmp_link_of(dev).mc_list; im; im = im->next) {
            if ((im->users != 0) != joined || im->crcount == 0) continue;
            --im->crcount;
            add_grec(report, joined ? wire::IGMPV3_CHANGE_TO_EXCLUDE : wire::IGMPV3_CHANGE_TO_INCLUDE, im->multiaddr);
        }
    }
    send(report);
}

}  // namespace fw
