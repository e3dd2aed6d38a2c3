// SPDX-License-Identifier: Apache-2.0
// Reassembly (RFC 791 3.2, RFC 815, RFC 5722; Linux net/ipv4/ip_fragment.c). A datagram that is whole is one packet:
// the skb of its first fragment, the others' data in its frag_list.
#pragma once
#include "sw/net/ip.h"

namespace fw {

/// Who asks: fragments of one datagram that meet at different places are not put together.
enum ip_defrag_users : u32 {
    IP_DEFRAG_LOCAL_DELIVER,
    IP_DEFRAG_CALL_RA_CHAIN,
    IP_DEFRAG_CONNTRACK_IN,
    IP_DEFRAG_CONNTRACK_OUT,
};

/// Takes a fragment, whose data begins at its IP header. The datagram if that is whole now, routed as this fragment is;
/// nullptr: the fragment waits for others, or was dropped.
STAGE sk_buff* ip_defrag(sk_buff* skb, u32 user);
void ip_defrag_init();
/// Bytes that fragments and their queues take, as ipfrag_high_thresh counts them.
u64 ip_frag_mem();

}  // namespace fw
