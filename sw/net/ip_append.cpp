// SPDX-License-Identifier: Apache-2.0
// Packets of this host from data of any length (Linux net/ipv4/ip_output.c: ip_append_data and __ip_make_skb). The data
// is laid down in pieces of the size in which ip_fragment sends them, so that nothing is copied again.
#include "sw/kernel/error.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/icmp_msg.h"
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"

namespace fw {

using wire::Ipv4;

namespace {

constexpr u32 kMaxPacketBytes = 0xFFFF;  ///< RFC 791 3.1: total length has 16 bits
/// Room before each piece's data: its link and IP header.
constexpr u32 kPieceHeadroom = kHhBytes + wire::kIpv4MaxHeaderBytes;
/// No longer piece fits into an skb's buffer, however large the MTU (of the loopback device).
constexpr u32 kMaxPieceBytes = (kSkbDataBytes - kPieceHeadroom) & ~7U;

/// How much of what is left the next piece takes: all of it where that fits, else a multiple of 8 (Linux: maxfraglen
/// less the header). `room` is what a packet of the MTU holds behind its header.
u32 piece_bytes(u32 left, u32 room) {
    if (room > kMaxPieceBytes) room = kMaxPieceBytes;
    return left <= room ? left : room & ~7U;
}

/// A further piece with its data, for the frag_list.
sk_buff* append_piece(sk_buff* skb, ip_getfrag getfrag, const void* from, u32 offset, u32 bytes) {
    sk_buff* piece = alloc_skb();
    if (unlikely(!piece)) return nullptr;
    skb_reserve(piece, kPieceHeadroom - kSkbHeadroom);
    getfrag(from, offset, skb_put(piece, bytes), bytes);
    piece->transport_header = skb_headroom(piece);
    skb->len += bytes;
    return piece;
}

bool append_data(sk_buff* skb, ip_getfrag getfrag, const void* from, u32 bytes, u32 room) {
    u32 part = piece_bytes(bytes, room);
    getfrag(from, 0, skb_put(skb, part), part);
    sk_buff** link = &skb->frag_list;
    for (u32 done = part; done < bytes; done += part) {
        part = piece_bytes(bytes - done, room);
        *link = append_piece(skb, getfrag, from, done, part);
        if (!*link) return false;
        link = &(*link)->next;
    }
    return true;
}

u8 ttl_of(const rtable* rt, const ipcm_cookie& ipc) {
    if (rt->type == regs::config::RTN_MULTICAST) return ipc.mc_ttl;
    if (ipc.ttl != 0) return ipc.ttl;
    return rt_hoplimit(rt);
}

u16 flags_of(const ipcm_cookie& ipc) {
    return static_cast<u16>((ipc.mc_loop ? 0 : IPSKB_NO_MC_LOOP) | (ip_use_pmtu(ipc.pmtudisc) ? 0 : IPSKB_DEVICE_MTU));
}

/// Linux __ip_make_skb.
bool wants_df(rtable* rt, const flowi4& flow, u8 pmtudisc, u32 bytes) {
    if (pmtudisc == IP_PMTUDISC_DO || pmtudisc == IP_PMTUDISC_PROBE) return true;
    return ip_dont_fragment(pmtudisc, rt) && bytes <= ip_flow_mtu(rt, flow);
}

}  // namespace

u32 ip_flow_mtu(rtable* rt, const flowi4& flow) {
    u8 header[wire::kIpv4HeaderBytes] = {};
    Ipv4(header).set_daddr(flow.daddr);
    sk_buff skb = {};
    skb.head = skb.data = header;
    skb.dst = rt;
    return ip_dst_mtu(&skb);
}

u32 ip_append_mtu(rtable* rt, const flowi4& flow, u8 pmtudisc) {
    if (ip_use_pmtu(pmtudisc)) return ip_flow_mtu(rt, flow);
    return rt->dev->mtu < kIpMaxMtu ? rt->dev->mtu : kIpMaxMtu;
}

sk_buff* ip_make_skb(rtable* rt, const flowi4& flow, const ipcm_cookie& ipc, ip_getfrag getfrag, const void* from,
                     u32 bytes, int* error) {
    const u32 option_bytes = ipc.opt ? ipc.opt->opt.optlen : 0;
    const u32 header = wire::kIpv4HeaderBytes + option_bytes;
    const u32 mtu = ip_append_mtu(rt, flow, ipc.pmtudisc);
    *error = -err::msgsize;
    if (bytes > (ip_ignore_df(ipc.pmtudisc) ? kMaxPacketBytes : mtu) - header) return nullptr;
    *error = -err::nobufs;
    sk_buff* skb = alloc_skb();
    if (!skb) return nullptr;
    skb->dst = rt;
    skb->mark = ipc.mark;
    skb->priority = ipc.priority;
    IPCB(skb)->flags = flags_of(ipc);
    skb_reserve(skb, kPieceHeadroom - kSkbHeadroom);
    skb->transport_header = skb_headroom(skb);
    if (!append_data(skb, getfrag, from, bytes, mtu - header)) {
        consume_skb(skb);
        return nullptr;
    }
    Ipv4 ip(skb_push(skb, header));
    skb->network_header = skb_headroom(skb);
    ip_fill_header(ip, flow, ipc.tos, ttl_of(rt, ipc), wants_df(rt, flow, ipc.pmtudisc, skb->len));
    if (ipc.ident) {
        ip.set_id(++*ipc.ident);
    } else {
        ip_select_ident(ip, ip_ignore_df(ipc.pmtudisc));
    }
    if (option_bytes != 0) {
        ip.set_version_ihl(header / 4);
        ip_options_build(skb, ipc.opt, ipc.addr);
    }
    if (flow.proto == wire::IPPROTO_ICMP) {
        icmp_out_count(ipc.icmp_reply ? u8{ICMP_ECHOREPLY} : skb->head[skb->transport_header]);
    }
    return skb;
}

}  // namespace fw
