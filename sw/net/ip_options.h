// SPDX-License-Identifier: Apache-2.0
// IP options (RFC 791 3.1; Linux net/ipv4/ip_options.c): checked and filled in on the way in (ip_options.cpp), source
// routes followed (ip_options_rcv.cpp), completed when the packet is forwarded (ip_options_forward.cpp), turned round
// for an answer (ip_options_echo.cpp), put into packets of this host (ip_options_build.cpp) and cut down for fragments
// (ip_options_fragment.cpp).
#pragma once
#include "sw/kernel/skbuff.h"
#include "sw/wire/ipv4.h"
#include "sw/wire/ipv4_options.h"

namespace fw {

/// What is known of a packet's options (Linux struct ip_options). Places are offsets in the IP header, 0: not there.
struct ip_options {
    u32 faddr;    ///< first hop of a source route of our own, which the header's list of hops does not hold
    u32 nexthop;  ///< next stop of a source route that led here
    u8 optlen;    ///< bytes of options, 0: none
    u8 srr;       ///< source route
    u8 rr;        ///< record route
    u8 ts;        ///< timestamp
    u8 router_alert;
    u8 cipso;
    bool is_strictroute;
    bool srr_is_hit;   ///< this host was a stop of the source route
    bool is_changed;   ///< options were changed: the header checksum must be made anew
    bool rr_needaddr;  ///< the last place of the record route is for this host's address
    bool ts_needtime;
    bool ts_needaddr;
};

/// Options and their bytes, for packets of this host (Linux struct ip_options_data).
struct ip_options_data {
    ip_options opt;
    u8 data[wire::kMaxOptionBytes];
};

/// Checks the options of a received packet, notes them in its IPCB, and writes this host's address and the time where
/// they ask for it. 0, or -EINVAL when they are bad; then a parameter problem went to the sender.
STAGE int ip_options_compile(sk_buff* skb);
/// The same for a packet whose options were compiled before, without an answer; false: they are bad.
bool ip_options_recompile(sk_buff* skb);
/// Checks options that a socket asks for; takes the first hop out of a source route. 0 or -EINVAL.
int ip_options_get(ip_options_data* options, const u8* data, unsigned bytes);
/// Undoes what ip_options_get did, for a program that asks which options it set.
void ip_options_undo(ip_options_data* options);
/// The packet follows a source route: finds its next stop and routes it there. False: refused.
STAGE bool ip_options_rcv_srr(sk_buff* skb);
/// Completes what ip_options_compile began, now that the way out is known, and makes the header checksum good.
STAGE void ip_forward_options(sk_buff* skb);
/// Options for an answer to `skb`, whose own ones are `from`. 0 or -EINVAL.
int ip_options_echo(ip_options_data* to, const sk_buff* skb, const ip_options* from);
/// Puts options behind the header of a packet of this host, which has room for them and is routed. `daddr`: the end of
/// the way, where the header may name the first hop of a source route.
void ip_options_build(sk_buff* skb, const ip_options_data* options, u32 daddr);
/// What stays of the options behind the first fragment: those without the copied flag become no-operations.
void ip_options_fragment(sk_buff* skb);

}  // namespace fw
