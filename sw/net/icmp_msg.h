// SPDX-License-Identifier: Apache-2.0
// What the files of ICMP share: how a message is put together, counted and limited (Linux net/ipv4/icmp.c).
#pragma once
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/wire/icmp.h"

namespace fw {

/// Highest type that has a meaning here (NR_ICMP_TYPES).
inline constexpr u8 NR_ICMP_TYPES = 18;
/// RFC 8335 2, 3.
inline constexpr u8 ICMP_EXT_ECHO = 42, ICMP_EXT_ECHOREPLY = 43;

/// A message to be sent (Linux struct icmp_bxm): a header of its own, then bytes of the packet that it answers.
struct icmp_bxm {
    sk_buff* skb;  ///< the packet that is answered
    i32 offset;    ///< of the first byte that is quoted from it, counted from its data
    u32 data_len;  ///< bytes quoted
    u32 head_len;  ///< bytes of `head` in use
    u8 head[wire::kIcmpHeaderBytes + wire::kIcmpTimestampBytes];

    ip_options_data replyopts;

    wire::Icmp icmph() { return wire::Icmp(head); }
};

/// The type is classed as an error: no error answers it (RFC 1122 3.2.2).
bool icmp_is_error(u8 type);
/// Counts a message that is sent.
void icmp_out_count(u8 type);

// icmp_reply.cpp
/// Sends the message along the route.
void icmp_push_reply(icmp_bxm* param, rtable* rt, const flowi4& flow, u8 tos);
/// Where the message goes first: back to the sender of the packet, or to the first hop of the way back.
u32 icmp_first_hop(const icmp_bxm& param);
/// Answers param->skb: back to its sender, from the address that was asked.
void icmp_reply(icmp_bxm* param);
/// One message at a time is sent on a CPU: what goes wrong with it on its way out gives no further one. False: another
/// one is being sent.
bool icmp_xmit_lock();
void icmp_xmit_unlock();

// icmp_probe.cpp
/// Turns the header of an extended echo request into that of its answer; false: it is not answered (icmp_build_probe).
bool icmp_build_probe(const sk_buff* skb, wire::Icmp icmph);

// icmp_err.cpp: messages that tell of this host's own packets. What each was good for is its fate.
Fate icmp_unreach(sk_buff* skb, wire::Icmp icmph);
Fate icmp_redirect(sk_buff* skb, wire::Icmp icmph);
Fate icmp_in_error(Fate fate);

// icmp_limit.cpp
/// What the rate limits said to a message so far.
enum class IcmpLimit : u8 {
    none,     ///< this type is not limited
    applies,  ///< the global limit allows it, the destination's is still to be asked
    refused
};
IcmpLimit icmpv4_global_allow(u8 type, u8 code);
bool icmpv4_xrlim_allow(const rtable* rt, const flowi4& flow, IcmpLimit limit);

}  // namespace fw
