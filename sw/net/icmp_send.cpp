// SPDX-License-Identifier: Apache-2.0
// ICMP errors: when one is sent, from which address, and what it quotes (Linux net/ipv4/icmp.c, __icmp_send).
#include "sw/kernel/sysctl.h"
#include "sw/net/icmp_msg.h"

namespace fw {

using namespace regs::config;
using wire::Ipv4;

namespace {

/// RFC 1812 4.3.2.3: as much as fits without the message exceeding this.
constexpr u32 kMaxErrorBytes = 576;
/// RFC 1812 4.3.2.5: precedence of errors is internetwork control, the other bits are the packet's.
constexpr u8 IPTOS_PREC_INTERNETCONTROL = 0xC0, IPTOS_TOS_MASK = 0x1E;
/// RFC 7600: what a host without an address calls itself.
constexpr u32 INADDR_DUMMY = 0xC0000008;

/// A directed broadcast that is only passed on did not come to many here (Linux: its route has no RTCF_BROADCAST).
bool is_to_many(const sk_buff* skb) {
    const rtable* rt = skb->dst;
    const bool passed_on = skb->skb_iif != 0 && rt->input == ip_forward;
    return rt->type == RTN_MULTICAST || (rt->type == RTN_BROADCAST && !passed_on);
}

/// Nothing is said about what came to many, or doesn't begin a datagram (RFC 1122 3.2.2).
bool is_answerable(const sk_buff* skb, Ipv4 ip) {
    if (skb->pkt_type != PACKET_HOST) return false;
    if (is_to_many(skb)) return false;
    return (ip.frag_off() & wire::IP_OFFSET) == 0;
}

/// The packet is an ICMP error itself, or may be one: an unknown type, or a header that is not there.
bool is_icmp_error(const sk_buff* skb, Ipv4 ip) {
    if (ip.protocol() != wire::IPPROTO_ICMP) return false;
    const u8* type = ip.bytes() + ip.header_bytes();
    if (type >= skb->tail) return true;
    return icmp_is_error(*type);
}

/// The address asked, if it is one of ours; else 0: the route back decides.
u32 source_of(const sk_buff* skb, Ipv4 ip) {
    if (skb->dst->type == RTN_LOCAL) return ip.daddr();
    if (skb->skb_iif == 0 || !sysctl(SysctlId::icmp_errors_use_inbound_ifaddr)) return 0;
    const net_device* in = dev_get_by_index(skb->skb_iif);
    return in ? inet_select_addr(in, ip.saddr(), RT_SCOPE_LINK) : 0;
}

/// Bytes of the packet that the message may quote on its way; 0: not even a header.
u32 room_for_quote(rtable* rt, const flowi4& flow, u32 option_bytes) {
    const u32 headers = wire::kIpv4HeaderBytes + option_bytes + wire::kIcmpHeaderBytes;
    const u32 mtu = ip_flow_mtu(rt, flow);
    const u32 most = mtu < kMaxErrorBytes ? mtu : kMaxErrorBytes;
    return most > headers + wire::kIpv4HeaderBytes ? most - headers : 0;
}

void send_error(icmp_bxm* param, IcmpLimit limit) {
    if (ip_options_echo(&param->replyopts, param->skb, &IPCB(param->skb)->opt) != 0) return;
    const Ipv4 ip = ip_hdr(param->skb);
    const u8 type = param->icmph().type();
    const u8 tos =
        icmp_is_error(type) ? static_cast<u8>((ip.tos() & IPTOS_TOS_MASK) | IPTOS_PREC_INTERNETCONTROL) : ip.tos();
    flowi4 flow = {};
    flow.daddr = icmp_first_hop(*param);
    flow.saddr = source_of(param->skb, ip);
    flow.tos = tos;
    flow.proto = wire::IPPROTO_ICMP;
    flow.mark = ip_reply_mark(param->skb);
    flow.about = param->skb;
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt || !icmpv4_xrlim_allow(rt, flow, limit)) return;
    const u32 room = room_for_quote(rt, flow, param->replyopts.opt.optlen);
    if (room == 0) return;
    const u32 whole = param->skb->len - static_cast<u32>(param->offset);
    param->data_len = whole < room ? whole : room;
    if (flow.saddr == 0) flow.saddr = INADDR_DUMMY;
    icmp_push_reply(param, rt, flow, tos);
}

}  // namespace

STAGE void icmp_send(sk_buff* skb_in, u8 type, u8 code, u32 info) {
    if (!skb_in->dst) return;
    const Ipv4 ip = ip_hdr(skb_in);
    if (ip.bytes() + wire::kIpv4HeaderBytes > skb_in->tail) return;
    if (!is_answerable(skb_in, ip)) return;
    if (icmp_is_error(type) && is_icmp_error(skb_in, ip)) return;
    const bool looped = skb_in->dev && (skb_in->dev->flags & kIffLoopback);
    const IcmpLimit limit = looped ? IcmpLimit::none : icmpv4_global_allow(type, code);
    if (limit == IcmpLimit::refused || !icmp_xmit_lock()) return;

    icmp_bxm param = {};
    param.skb = skb_in;
    param.offset = static_cast<i32>(skb_in->network_header) - static_cast<i32>(skb_headroom(skb_in));
    param.head_len = wire::kIcmpHeaderBytes;
    param.icmph().set_type(type);
    param.icmph().set_code(code);
    param.icmph().set_rest(info);
    send_error(&param, limit);
    icmp_xmit_unlock();
}

}  // namespace fw
