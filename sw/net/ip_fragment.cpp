// SPDX-License-Identifier: Apache-2.0
// Cutting packets to the link's MTU (RFC 791 3.2; Linux net/ipv4/ip_output.c, ip_do_fragment's slow path).
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Ipv4;

namespace {

/// What ip_do_fragment carries from piece to piece (Linux struct ip_frag_state).
struct frag_state {
    u32 header;    ///< bytes of IP header
    u32 room;      ///< bytes of data that fit into one fragment
    u32 left;      ///< bytes of data still to be sent
    u32 done;      ///< bytes of data already sent
    u16 frag_off;  ///< of the packet itself: it may be a fragment already
};

/// The next piece, or nullptr when there is no skb for it.
sk_buff* ip_frag_next(const sk_buff* skb, frag_state* state) {
    u32 len = state->left;
    if (len > state->room)
        len = state->room & ~7U;  // offsets count units of 8 bytes, so only the last piece may be odd
    sk_buff* piece = alloc_skb();
    if (!piece) return nullptr;
    copy_skb_header(piece, skb);
    piece->network_header = skb_headroom(piece);
    piece->transport_header = piece->network_header + state->header;
    u8* at = skb_put(piece, state->header + len);
    __builtin_memcpy(at, skb->data, state->header);
    skb_copy_bits(skb, static_cast<i32>(state->header + state->done), at + state->header, len);

    Ipv4 ip(at);
    u16 frag_off = static_cast<u16>((state->frag_off & ~wire::IP_MF) + (state->done >> 3));
    state->done += len;
    state->left -= len;
    if (state->left > 0 || (state->frag_off & wire::IP_MF)) frag_off |= wire::IP_MF;
    ip.set_frag_off(frag_off);
    ip.set_tot_len(static_cast<u16>(state->header + len));
    wire::ip_send_check(ip);
    return piece;
}

void fail(sk_buff* skb) {
    snmp_inc(Snmp::IpFragFails);
    kfree_skb_reason(skb, Fate::frag_failed);
}

}  // namespace

STAGE void ip_fragment(sk_buff* skb, u32 mtu, void (*output)(sk_buff*)) {
    const Ipv4 ip(skb->data);
    if (ip.frag_off() & wire::IP_DF) {
        snmp_inc(Snmp::IpFragFails);
        kfree_skb_reason(skb, Fate::frag_needed);
        return;
    }
    const u32 header = ip.header_bytes();
    if (mtu < header + 8) return fail(skb);
    frag_state state = {header, mtu - header, skb->len - header, 0, ip.frag_off()};
    while (state.left > 0) {
        const bool first = state.done == 0;
        sk_buff* piece = ip_frag_next(skb, &state);
        if (!piece) return fail(skb);
        if (first) ip_options_fragment(skb);  // the pieces after this one are copied from what is left of the options
        output(piece);
        snmp_inc(Snmp::IpFragCreates);
    }
    snmp_inc(Snmp::IpFragOKs);
    consume_skb(skb);
}

}  // namespace fw
