// SPDX-License-Identifier: Apache-2.0
// Cutting packets to the link's MTU (RFC 791 3.2; Linux net/ipv4/ip_output.c, ip_do_fragment). A packet that lies in
// pieces already is sent in these if they fit (ip_fraglist.cpp), else it is copied piece by piece.
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/ip_fraglist.h"
#include "sw/net/neighbour.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Ipv4;

namespace {

/// What ip_do_fragment carries from piece to piece (Linux struct ip_frag_state).
struct ip_frag_state {
    u32 hlen;      ///< bytes of IP header
    u32 mtu;       ///< bytes of data that fit into one fragment
    u32 left;      ///< bytes of data still to be sent
    u32 ptr;       ///< where they begin
    u32 offset;    ///< … in the whole datagram, of which the packet itself may be a fragment
    u16 frag_off;  ///< DF for all, MF for the last as well
};

ip_frag_state ip_frag_init(sk_buff* skb, u32 hlen, u32 mtu) {
    const u16 frag_off = ip_hdr(skb).frag_off();
    const u16 df = (IPCB(skb)->flags & IPSKB_FRAG_PMTU) ? wire::IP_DF : 0;
    const u32 offset = (frag_off & wire::IP_OFFSET) * 8U;
    return {hlen, mtu, skb->len - hlen, hlen, offset, static_cast<u16>((frag_off & wire::IP_MF) | df)};
}

/// The next piece, or nullptr when there is no skb for it.
sk_buff* ip_frag_next(const sk_buff* skb, ip_frag_state* state) {
    u32 len = state->left;
    if (len > state->mtu) len = state->mtu & ~7U;  // offsets count units of 8 bytes, so only the last piece may be odd
    sk_buff* piece = alloc_skb();
    if (!piece) return nullptr;
    copy_skb_header(piece, skb);
    piece->network_header = skb_headroom(piece);
    piece->transport_header = piece->network_header + state->hlen;
    u8* at = skb_put(piece, state->hlen + len);
    __builtin_memcpy(at, skb->data, state->hlen);
    skb_copy_bits(skb, static_cast<i32>(state->ptr), at + state->hlen, len);

    Ipv4 ip(at);
    const bool more = len < state->left || (state->frag_off & wire::IP_MF);
    ip.set_frag_off(static_cast<u16>(state->offset / 8 | (state->frag_off & wire::IP_DF) | (more ? wire::IP_MF : 0)));
    ip.set_tot_len(static_cast<u16>(state->hlen + len));
    wire::ip_send_check(ip);
    state->ptr += len;
    state->offset += len;
    state->left -= len;
    return piece;
}

void fail(sk_buff* skb) {
    snmp_inc(Snmp::IpFragFails);
    kfree_skb_reason(skb, Fate::frag_failed);
}

/// The packet is gone into copies. Of received fragments that it was made of, each was sent on.
void consume_copied(sk_buff* skb) {
    while (sk_buff* piece = skb->frag_list) {
        skb->frag_list = piece->next;
        if (skb->skb_iif != 0) {
            kfree_skb_reason(piece, Fate::forwarded);
        } else {
            consume_skb(piece);
        }
    }
    consume_skb(skb);
}

void ip_do_fragment(sk_buff* skb, u32 mtu, ip_output_fn output) {
    const u32 longest = IPCB(skb)->frag_max_size;
    if (longest != 0 && longest < mtu) mtu = longest;
    const u32 hlen = ip_hdr(skb).header_bytes();
    if (mtu < hlen + 8) return fail(skb);
    if (skb->ip_summed == CHECKSUM_PARTIAL) skb_checksum_help(skb);  // no device sums over several frames
    IPCB(skb)->flags |= IPSKB_FRAG_COMPLETE;
    if (ip_fraglist_fits(skb, hlen, mtu - hlen)) return ip_fraglist_send(skb, hlen, output);

    ip_frag_state state = ip_frag_init(skb, hlen, mtu - hlen);
    while (state.left > 0) {
        const bool first = state.offset == 0;
        sk_buff* piece = ip_frag_next(skb, &state);
        if (!piece) return fail(skb);
        if (first) ip_options_fragment(skb);  // the pieces after this one are copied from what is left of the options
        if (output(piece) != 0) return fail(skb);
        snmp_inc(Snmp::IpFragCreates);
    }
    snmp_inc(Snmp::IpFragOKs);
    consume_copied(skb);
}

}  // namespace

STAGE void ip_fragment(sk_buff* skb, u32 mtu, ip_output_fn output) {
    const bool df = (ip_hdr(skb).frag_off() & wire::IP_DF) != 0;
    const bool ignore_df = (IPCB(skb)->flags & IPSKB_IGNORE_DF) != 0;
    if (df && (!ignore_df || IPCB(skb)->frag_max_size > mtu)) {
        snmp_inc(Snmp::IpFragFails);
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
        kfree_skb_reason(skb, Fate::frag_needed);
        return;
    }
    ip_do_fragment(skb, mtu, output);
}

}  // namespace fw
