// SPDX-License-Identifier: Apache-2.0
// The answer to segments of no connection (RFC 9293 3.5.2; Linux net/ipv4/tcp_ipv4.c, tcp_v4_send_reset, and
// net/ipv4/ip_output.c, ip_send_unicast_reply).
#include "sw/net/ip.h"
#include "sw/net/tcp.h"
#include "sw/wire/checksum.h"
#include "sw/wire/tcp.h"

namespace fw {

using wire::Ipv4;
using wire::Tcp;

namespace {

constexpr u8 INET_ECN_MASK = 3;  ///< RFC 3168 6.1.1: not of what carries no data

void copy_segment(const void* from, u32 offset, u8* to, u32 bytes) {
    __builtin_memcpy(to, static_cast<const u8*>(from) + offset, bytes);
}

/// Sequence space that the segment takes: its data, SYN and FIN.
u32 sequence_length(const sk_buff* skb, Tcp th) {
    const u32 flags = ((th.flags() & wire::TCP_SYN) ? 1U : 0U) + ((th.flags() & wire::TCP_FIN) ? 1U : 0U);
    return skb->len - th.header_bytes() + flags;
}

/// RFC 9293 3.10.7.1: the reset is where the segment's acknowledgement says, else it acknowledges the segment.
void fill_reset(Tcp rst, const sk_buff* skb, Tcp th) {
    rst.set_ports(th.dest(), th.source());
    rst.set_header_bytes(wire::kTcpHeaderBytes);
    if (th.flags() & wire::TCP_ACK) {
        rst.set_seq(th.ack_seq());
        rst.set_flags(wire::TCP_RST);
    } else {
        rst.set_ack_seq(th.seq() + sequence_length(skb, th));
        rst.set_flags(wire::TCP_RST | wire::TCP_ACK);
    }
}

/// Linux tcp_do_parse_auth_options, which looks for signatures as long as one fits in what is left. No answer to a
/// segment that is signed (RFC 2385, RFC 5925), since there is no key to sign it with, nor to options that don't parse.
bool options_forbid_reset(Tcp th) {
    const u8* option = th.options();
    u32 left = th.header_bytes() - wire::kTcpHeaderBytes;
    while (left >= wire::kTcpMd5OptionBytes && *option != wire::TCPOPT_EOL) {
        if (*option == wire::TCPOPT_NOP) {
            ++option, --left;
            continue;
        }
        const u8 bytes = option[1];
        if (bytes < 2 || bytes > left) return true;
        if (*option == wire::TCPOPT_MD5SIG || *option == wire::TCPOPT_AO) return true;
        option += bytes, left -= bytes;
    }
    return false;
}

/// ip_send_unicast_reply: the segment goes back along the way that the route and, if there are any, the options say.
bool send_unicast_reply(sk_buff* skb, u8* segment, u32 bytes) {
    const Ipv4 ip = ip_hdr(skb);
    ip_options_data replyopts;
    if (ip_options_echo(&replyopts, skb, &IPCB(skb)->opt) != 0) return false;
    flowi4 flow = {};
    flow.daddr = replyopts.opt.srr != 0 ? replyopts.opt.faddr : ip.saddr();
    flow.saddr = ip.daddr();
    flow.tos = static_cast<u8>(ip.tos() & ~INET_ECN_MASK);
    flow.proto = wire::IPPROTO_TCP;
    flow.mark = ip_reply_mark(skb);
    flow.sport = Tcp(segment).source();
    flow.dport = Tcp(segment).dest();
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt) return false;
    ipcm_cookie ipc;
    ipc.opt = &replyopts;
    ipc.addr = ip.saddr();
    ipc.tos = flow.tos;
    ipc.mark = flow.mark;
    ipc.pmtudisc = IP_PMTUDISC_DO;
    sk_buff* reply = ip_make_skb(rt, flow, ipc, copy_segment, segment, bytes, &error);
    if (!reply) return false;
    skb_set_cause(reply, skb);
    ip_local_out(reply);
    return true;
}

}  // namespace

void tcp_v4_send_reset(sk_buff* skb) {
    const Tcp th(skb->data);
    if ((th.flags() & wire::TCP_RST) || skb->dst->type != regs::config::RTN_LOCAL) return;
    if (options_forbid_reset(th)) return;
    u8 segment[wire::kTcpHeaderBytes] = {};
    Tcp rst(segment);
    fill_reset(rst, skb, th);
    const Ipv4 ip = ip_hdr(skb);
    // The pseudo-header of the answer has the same addresses the other way round, so the same sum.
    const u64 pseudo = wire::csum_pseudo(ip, sizeof segment);
    rst.set_check(static_cast<u16>(~wire::csum_fold(wire::csum_partial(segment, sizeof segment, pseudo))));
    send_unicast_reply(skb, segment, sizeof segment);
    snmp_inc(Snmp::TcpOutSegs);
    snmp_inc(Snmp::TcpOutRsts);
}

}  // namespace fw
