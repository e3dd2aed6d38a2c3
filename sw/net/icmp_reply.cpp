// SPDX-License-Identifier: Apache-2.0
// How an ICMP message is put together and leaves (Linux net/ipv4/icmp.c: icmp_push_reply, icmp_reply).
#include "sw/net/icmp_msg.h"
#include "sw/wire/checksum.h"

namespace fw {
namespace {

/// On each CPU: a message is on its way out.
constinit bool sending[regs::kMaxCpus] = {};

/// The message's own header, then what is quoted.
void icmp_glue_bits(const void* from, u32 offset, u8* to, u32 bytes) {
    const icmp_bxm* param = static_cast<const icmp_bxm*>(from);
    if (offset < param->head_len) {
        const u32 part = bytes < param->head_len - offset ? bytes : param->head_len - offset;
        __builtin_memcpy(to, param->head + offset, part);
        to += part;
        offset += part;
        bytes -= part;
    }
    if (bytes == 0) return;
    skb_copy_bits(param->skb, param->offset + static_cast<i32>(offset - param->head_len), to, bytes);
}

/// Counter of a type in the order of RFC 792's messages; `first` is DestUnreachs of the direction.
void count_type(u8 type) {
    switch (type) {
        case ICMP_DEST_UNREACH:
            return snmp_inc(Snmp::IcmpOutDestUnreachs);
        case ICMP_TIME_EXCEEDED:
            return snmp_inc(Snmp::IcmpOutTimeExcds);
        case ICMP_PARAMETERPROB:
            return snmp_inc(Snmp::IcmpOutParmProbs);
        case ICMP_SOURCE_QUENCH:
            return snmp_inc(Snmp::IcmpOutSrcQuenchs);
        case ICMP_REDIRECT:
            return snmp_inc(Snmp::IcmpOutRedirects);
        case ICMP_ECHO:
            return snmp_inc(Snmp::IcmpOutEchos);
        case ICMP_ECHOREPLY:
            return snmp_inc(Snmp::IcmpOutEchoReps);
        case ICMP_TIMESTAMP:
            return snmp_inc(Snmp::IcmpOutTimestamps);
        case ICMP_TIMESTAMPREPLY:
            return snmp_inc(Snmp::IcmpOutTimestampReps);
        case ICMP_ADDRESS:
            return snmp_inc(Snmp::IcmpOutAddrMasks);
        case ICMP_ADDRESSREPLY:
            return snmp_inc(Snmp::IcmpOutAddrMaskReps);
        default:
            return;
    }
}

}  // namespace

bool icmp_xmit_lock() {
    bool& busy = sending[hal::cpu_id()];
    if (busy) return false;
    busy = true;
    return true;
}

void icmp_xmit_unlock() { sending[hal::cpu_id()] = false; }

void icmp_out_count(u8 type) {
    ++cpu_counters().icmp_msg[1][type];
    snmp_inc(Snmp::IcmpOutMsgs);
    count_type(type);
}

void icmp_push_reply(icmp_bxm* param, rtable* rt, const flowi4& flow, u8 tos) {
    param->icmph().set_checksum(0);
    ipcm_cookie ipc;
    ipc.opt = &param->replyopts;
    ipc.addr = ip_hdr(param->skb).saddr();
    ipc.tos = tos;
    ipc.mark = flow.mark;
    // Linux counts the type that the flow names (fl4_icmp_type), and icmp_reply names none: 0.
    const u8 type = param->icmph().type();
    ipc.icmp_reply = !icmp_is_error(type) || type == ICMP_EXT_ECHOREPLY;
    int error = 0;
    sk_buff* skb = ip_make_skb(rt, flow, ipc, icmp_glue_bits, param, param->head_len + param->data_len, &error);
    if (!skb) {
        snmp_inc(Snmp::IcmpOutErrors);
        return;
    }
    skb_set_cause(skb, param->skb);
    for (sk_buff* piece = skb->frag_list; piece; piece = piece->next) skb_set_cause(piece, param->skb);
    const u32 header = skb->transport_header - skb->network_header;
    wire::Icmp icmph(skb->head + skb->transport_header);
    icmph.set_checksum(static_cast<u16>(~wire::csum_fold(skb_checksum(skb, header, skb->len - header, 0))));
    ip_local_out(skb);
}

u32 icmp_first_hop(const icmp_bxm& param) {
    return param.replyopts.opt.srr != 0 ? param.replyopts.opt.faddr : ip_hdr(param.skb).saddr();
}

void icmp_reply(icmp_bxm* param) {
    sk_buff* skb = param->skb;
    if (ip_options_echo(&param->replyopts, skb, &IPCB(skb)->opt) != 0) return;
    const u8 type = param->icmph().type();
    const IcmpLimit limit = icmpv4_global_allow(type, param->icmph().code());
    if (limit == IcmpLimit::refused || !icmp_xmit_lock()) return;
    const wire::Ipv4 ip = ip_hdr(skb);
    flowi4 flow = {};
    flow.daddr = icmp_first_hop(*param);
    flow.saddr = fib_compute_spec_dst(skb);
    flow.tos = ip.tos();
    flow.proto = wire::IPPROTO_ICMP;
    flow.mark = ip_reply_mark(skb);
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    if (rt && icmpv4_xrlim_allow(rt, flow, limit)) icmp_push_reply(param, rt, flow, ip.tos());
    icmp_xmit_unlock();
}

}  // namespace fw
