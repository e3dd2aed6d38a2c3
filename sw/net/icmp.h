// SPDX-License-Identifier: Apache-2.0
// ICMP (RFC 792, RFC 1122 3.2.2, RFC 1812 4.3; Linux net/ipv4/icmp.c).
#pragma once
#include "sw/kernel/skbuff.h"

namespace fw {

// Types and codes (include/uapi/linux/icmp.h).
inline constexpr u8 ICMP_ECHOREPLY = 0, ICMP_DEST_UNREACH = 3, ICMP_SOURCE_QUENCH = 4, ICMP_REDIRECT = 5, ICMP_ECHO = 8,
                    ICMP_TIME_EXCEEDED = 11, ICMP_PARAMETERPROB = 12, ICMP_TIMESTAMP = 13, ICMP_TIMESTAMPREPLY = 14,
                    ICMP_ADDRESS = 17, ICMP_ADDRESSREPLY = 18;
inline constexpr u8 ICMP_NET_UNREACH = 0, ICMP_HOST_UNREACH = 1, ICMP_PROT_UNREACH = 2, ICMP_PORT_UNREACH = 3,
                    ICMP_FRAG_NEEDED = 4, ICMP_SR_FAILED = 5, ICMP_NET_ANO = 9, ICMP_HOST_ANO = 10,
                    ICMP_NET_UNR_TOS = 11, ICMP_HOST_UNR_TOS = 12, ICMP_PKT_FILTERED = 13, ICMP_PREC_VIOLATION = 14,
                    ICMP_PREC_CUTOFF = 15;
inline constexpr u8 ICMP_REDIR_NET = 0, ICMP_REDIR_HOST = 1;
inline constexpr u8 ICMP_EXC_TTL = 0, ICMP_EXC_FRAGTIME = 1;

/// What an ICMP error says to whoever sent the packet (Linux icmp_err_convert[] and what protocols do around it).
struct icmp_error {
    int error;   ///< positive errno; 0: nothing
    bool fatal;  ///< a connected socket is told without having asked
};
icmp_error icmp_error_of(u8 type, u8 code);

/// Answers `skb_in` with an ICMP error if the rules allow one. The packet stays the caller's; its network_header, dev
/// and dst must be set. `info`: the message's second word in host order (gateway, next-hop MTU, pointer << 24).
STAGE void icmp_send(sk_buff* skb_in, u8 type, u8 code, u32 info);
/// Protocol handler; the skb's data is at the ICMP header.
STAGE void icmp_rcv(sk_buff* skb);
/// Error handler: about an ICMP message of this host.
void icmp_err(sk_buff* skb, u32 info);
void icmp_init();

}  // namespace fw
