// SPDX-License-Identifier: Apache-2.0
// ICMP messages about packets of this host: to the protocol that sent them (Linux net/ipv4/icmp.c, icmp_unreach,
// icmp_redirect and icmp_socket_deliver).
#include "sw/kernel/error.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/fib.h"
#include "sw/net/icmp_msg.h"
#include "sw/net/net_ratelimit.h"
#include "sw/net/raw.h"

namespace fw {

using wire::Icmp;
using wire::Ipv4;

namespace {

/// What a protocol may count on behind the inner header (RFC 792: the first 64 bits of the datagram's data).
constexpr u32 kQuotedBytes = 8;
constexpr u8 kProtocolRaw = 255;  ///< IPPROTO_RAW, for sending only

/// To the protocol of the packet that the message is about. The skb's data is at the inner header.
Fate icmp_socket_deliver(sk_buff* skb, u32 info) {
    const u32 header = Ipv4(skb->data).header_bytes();
    if (!pskb_may_pull(skb, header + kQuotedBytes)) return icmp_in_error(Fate::bad_transport);
    const u8 protocol = Ipv4(skb->data).protocol();
    if (protocol == kProtocolRaw) return icmp_in_error(Fate::bad_transport);
    raw_icmp_error(skb, protocol, info);
    for (const inet_protocol* ipprot = inet_protocol_of(protocol); ipprot; ipprot = inet_protocol_next(ipprot)) {
        if (ipprot->err_handler) ipprot->err_handler(skb, info);
    }
    return Fate::delivered;
}

/// ip_no_pmtu_disc (Documentation/networking/ip-sysctl.rst): 0 and 1 take the message (1 without its MTU), 2 drops it,
/// 3 takes it from protocols that check what is quoted.
bool frag_needed_info(Ipv4 inner, Icmp icmph, u32* info) {
    constexpr i64 kIgnoreMtu = 1, kDrop = 2, kStrict = 3;
    const i64 mode = sysctl(SysctlId::ip_no_pmtu_disc);
    if (mode == kDrop) return false;
    const inet_protocol* ipprot = inet_protocol_of(inner.protocol());
    if (mode == kStrict && !(ipprot && ipprot->icmp_strict_tag_validation)) return false;
    if (mode != kIgnoreMtu) *info = icmph.mtu();
    return true;
}

/// What goes to the protocol with the message; false: the message is dropped.
bool error_info(Ipv4 inner, Icmp icmph, u32* info) {
    switch (icmph.type()) {
        case ICMP_DEST_UNREACH:
            if ((icmph.code() & 15) == ICMP_FRAG_NEEDED && !frag_needed_info(inner, icmph, info)) return false;
            return icmph.code() <= ICMP_PREC_CUTOFF;
        case ICMP_PARAMETERPROB:
            *info = icmph.rest() >> 24;
            return true;
        case ICMP_TIME_EXCEEDED:
            return icmph.code() != ICMP_EXC_FRAGTIME;
        default:
            return true;
    }
}

/// The sender breaks RFC 1122 3.2.2.
void warn_of_bogus_error(const sk_buff* skb, Ipv4 inner, Icmp icmph) {
    if (!net_ratelimit()) return;
    const u32 sender = ip_hdr(skb).saddr(), broadcast = inner.daddr();
    printk(KERN_WARNING, "%pI4 sent an invalid ICMP type %u, code %u error to a broadcast: %pI4 on %s\n", &sender,
           icmph.type(), icmph.code(), &broadcast, skb->dev->name);
}

/// By code of "unreachable" (Linux icmp_err_convert[]).
constexpr icmp_error kUnreachable[ICMP_PREC_CUTOFF + 1] = {
    {err::netunreach, false},   // network
    {err::hostunreach, false},  // host
    {err::noprotoopt, true},    // protocol
    {err::connrefused, true},   // port
    {err::msgsize, true},       // fragmentation needed
    {err::opnotsupp, false},    // source route failed
    {err::netunreach, true},    // network unknown
    {err::hostdown, true},      // host unknown
    {err::nonet, true},         // host isolated
    {err::netunreach, true},    // network prohibited
    {err::hostunreach, true},   // host prohibited
    {err::netunreach, false},   // network for this TOS
    {err::hostunreach, false},  // host for this TOS
    {err::hostunreach, true},   // filtered
    {err::hostunreach, true},   // precedence violation
    {err::hostunreach, true},   // precedence cutoff
};

}  // namespace

icmp_error icmp_error_of(u8 type, u8 code) {
    switch (type) {
        case ICMP_SOURCE_QUENCH:  // RFC 6633: ignored
            return {0, false};
        case ICMP_PARAMETERPROB:
            return {err::proto, true};
        case ICMP_DEST_UNREACH:
            return kUnreachable[code];  // icmp_unreach lets no others through
        default:
            return {err::hostunreach, false};
    }
}

Fate icmp_in_error(Fate fate) {
    snmp_inc(Snmp::IcmpInErrors);
    return fate;
}

Fate icmp_unreach(sk_buff* skb, Icmp icmph) {
    if (!pskb_may_pull(skb, wire::kIpv4HeaderBytes)) return icmp_in_error(Fate::bad_transport);
    const Ipv4 inner(skb->data);
    if (inner.ihl() < 5) return icmp_in_error(Fate::bad_transport);
    u32 info = 0;
    if (!error_info(inner, icmph, &info)) return Fate::icmp_ignored;
    if (!sysctl(SysctlId::icmp_ignore_bogus_error_responses) &&
        inet_addr_type(inner.daddr()) == regs::config::RTN_BROADCAST) {
        warn_of_bogus_error(skb, inner, icmph);
        return Fate::icmp_ignored;
    }
    return icmp_socket_deliver(skb, info);
}

/// Of this host's own messages only echo replies are worth learning a way for.
void icmp_err(sk_buff* skb, u32 info) {
    const Ipv4 inner(skb->data);
    if (Icmp(inner.bytes() + inner.header_bytes()).type() != ICMP_ECHOREPLY) return;
    const Icmp icmph(ip_hdr(skb).bytes() + ip_hdr(skb).header_bytes());
    if (icmph.type() == ICMP_REDIRECT) return ip_do_redirect(skb, info, 0, wire::IPPROTO_ICMP);
    const bool frag_needed = icmph.type() == ICMP_DEST_UNREACH && icmph.code() == ICMP_FRAG_NEEDED;
    if (frag_needed) ipv4_update_pmtu(skb, info, 0, wire::IPPROTO_ICMP);
}

Fate icmp_redirect(sk_buff* skb, Icmp icmph) {
    if (!pskb_may_pull(skb, wire::kIpv4HeaderBytes)) return icmp_in_error(Fate::bad_transport);
    return icmp_socket_deliver(skb, icmph.rest());
}

}  // namespace fw
