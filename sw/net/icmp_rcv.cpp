// SPDX-License-Identifier: Apache-2.0
// ICMP messages to this host (Linux net/ipv4/icmp.c, icmp_rcv).
#include "sw/kernel/sysctl.h"
#include "sw/net/icmp_msg.h"
#include "sw/wire/checksum.h"

namespace fw {

using namespace regs::config;

namespace {

/// Answers to requests that no socket here has made, and types that RFC 1122 3.2.2 has discarded silently.
Fate icmp_discard(sk_buff*, wire::Icmp) { return Fate::icmp_ignored; }

/// RFC 1122 3.2.2.6, RFC 8335 4: the reply holds the data of the request.
Fate icmp_echo(sk_buff* skb, wire::Icmp icmph) {
    if (sysctl(SysctlId::icmp_echo_ignore_all)) return Fate::icmp_ignored;
    icmp_bxm param = {};
    param.skb = skb;
    param.data_len = skb->len;
    param.head_len = wire::kIcmpHeaderBytes;
    param.icmph().set_type(icmph.type());
    param.icmph().set_code(icmph.code());
    param.icmph().set_rest(icmph.rest());
    if (icmph.type() == ICMP_ECHO) {
        param.icmph().set_type(ICMP_ECHOREPLY);
    } else if (!icmp_build_probe(skb, param.icmph())) {
        return Fate::icmp_ignored;
    }
    icmp_reply(&param);
    return Fate::delivered;
}

/// RFC 792, page 16; RFC 1122 3.2.2.8: receive and transmit timestamp are the time of now.
Fate icmp_timestamp(sk_buff* skb, wire::Icmp icmph) {
    constexpr u32 kWord = 4;
    if (skb->len < kWord) return icmp_in_error(Fate::bad_transport);
    icmp_bxm param = {};
    param.skb = skb;
    param.head_len = wire::kIcmpHeaderBytes + wire::kIcmpTimestampBytes;
    param.icmph().set_type(ICMP_TIMESTAMPREPLY);
    param.icmph().set_rest(icmph.rest());
    u8* times = param.head + wire::kIcmpHeaderBytes;
    const u32 now = inet_current_timestamp();
    skb_copy_bits(skb, 0, times, kWord);
    wire::put32(times + kWord, now);
    wire::put32(times + 2 * kWord, now);
    icmp_reply(&param);
    return Fate::delivered;
}

using icmp_handler = Fate (*)(sk_buff* skb, wire::Icmp icmph);

/// What is done with a type.
struct icmp_control {
    icmp_handler handler;
    bool error;   ///< classed as an error message
    Snmp counts;  ///< Snmp::count: nothing
};

constexpr icmp_control kUnassigned = {icmp_discard, true, Snmp::count};

constexpr icmp_control icmp_pointers[NR_ICMP_TYPES + 1] = {
    {icmp_discard, false, Snmp::IcmpInEchoReps},
    kUnassigned,
    kUnassigned,
    {icmp_unreach, true, Snmp::IcmpInDestUnreachs},
    {icmp_unreach, true, Snmp::IcmpInSrcQuenchs},
    {icmp_redirect, true, Snmp::IcmpInRedirects},
    kUnassigned,
    kUnassigned,
    {icmp_echo, false, Snmp::IcmpInEchos},
    kUnassigned,
    kUnassigned,
    {icmp_unreach, true, Snmp::IcmpInTimeExcds},
    {icmp_unreach, true, Snmp::IcmpInParmProbs},
    {icmp_timestamp, false, Snmp::IcmpInTimestamps},
    {icmp_discard, false, Snmp::IcmpInTimestampReps},
    {icmp_discard, false, Snmp::count},  // information request and reply (RFC 1122 3.2.2.7)
    {icmp_discard, false, Snmp::count},
    {icmp_discard, false, Snmp::IcmpInAddrMasks},
    {icmp_discard, false, Snmp::IcmpInAddrMaskReps},
};

void count_in(u8 type) {
    ++cpu_counters().icmp_msg[0][type];
    if (type <= NR_ICMP_TYPES && icmp_pointers[type].counts != Snmp::count) snmp_inc(icmp_pointers[type].counts);
}

/// RFC 1122 3.2.2.6 and 3.2.2.8: to many only requests, and these only if the host is told to answer them.
bool is_allowed_to_many(u8 type) {
    if (type == ICMP_ECHO || type == ICMP_TIMESTAMP) return !sysctl(SysctlId::icmp_echo_ignore_broadcasts);
    return type == ICMP_ADDRESS || type == ICMP_ADDRESSREPLY;
}

Fate icmp_handle(sk_buff* skb) {
    if (wire::csum_fold(skb_checksum(skb, 0, skb->len, 0)) != 0xFFFF) {
        snmp_inc(Snmp::IcmpInCsumErrors);
        return icmp_in_error(Fate::bad_checksum);
    }
    if (!pskb_may_pull(skb, wire::kIcmpHeaderBytes)) return icmp_in_error(Fate::bad_transport);
    const wire::Icmp icmph(skb->data);
    skb_pull(skb, wire::kIcmpHeaderBytes);
    const u8 type = icmph.type();
    count_in(type);
    if (type == ICMP_EXT_ECHO) return icmp_echo(skb, icmph);
    const u8 sent_to = skb->dst->type;
    if ((sent_to == RTN_BROADCAST || sent_to == RTN_MULTICAST) && !is_allowed_to_many(type)) {
        return icmp_in_error(Fate::icmp_ignored);
    }
    if (type == ICMP_EXT_ECHOREPLY) return Fate::icmp_ignored;
    if (type > NR_ICMP_TYPES) return icmp_in_error(Fate::icmp_ignored);
    return icmp_pointers[type].handler(skb, icmph);
}

}  // namespace

bool icmp_is_error(u8 type) { return type > NR_ICMP_TYPES || icmp_pointers[type].error; }

STAGE void icmp_rcv(sk_buff* skb) {
    snmp_inc(Snmp::IcmpInMsgs);
    kfree_skb_reason(skb, icmp_handle(skb));
}

}  // namespace fw
