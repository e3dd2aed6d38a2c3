// SPDX-License-Identifier: Apache-2.0
#include "sw/net/ip_fraglist.h"

#include "sw/net/neighbour.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Ipv4;

bool ip_fraglist_fits(const sk_buff* skb, u32 hlen, u32 mtu) {
    if (!skb->frag_list) return false;
    const u32 first = skb_headlen(skb) - hlen;
    if (first > mtu || first % 8 != 0 || ip_hdr(skb).is_fragment()) return false;
    if (skb_shared(skb) || skb_cloned(skb) || skb_headroom(skb) < kHhBytes) return false;
    for (const sk_buff* piece = skb->frag_list; piece; piece = piece->next) {
        if (piece->len > mtu || (piece->len % 8 != 0 && piece->next)) return false;
        if (skb_shared(piece) || skb_cloned(piece) || skb_headroom(piece) < hlen + kHhBytes) return false;
    }
    return true;
}

namespace {

/// The piece becomes a packet of its own behind a copy of the header before it.
void ip_fraglist_prepare(sk_buff* piece, sk_buff* before, u32 hlen, u32 offset, bool more) {
    piece->transport_header = skb_headroom(piece);
    u8* at = skb_push(piece, hlen);
    piece->network_header = skb_headroom(piece);
    __builtin_memcpy(at, ip_hdr(before).bytes(), hlen);
    // The piece is a received frame itself, or one of this host's: it keeps its identity.
    piece->dev = before->dev;
    piece->dst = before->dst;
    piece->priority = before->priority;
    piece->mark = before->mark;
    piece->protocol = before->protocol;
    piece->pkt_type = before->pkt_type;
    piece->skb_iif = before->skb_iif;
    IPCB(piece)->opt = IPCB(before)->opt;
    IPCB(piece)->flags = IPCB(before)->flags;
    Ipv4 ip(at);
    ip.set_tot_len(static_cast<u16>(piece->len));
    ip.set_frag_off(static_cast<u16>(offset / 8 | (more ? wire::IP_MF : 0)));
}

/// A piece was dropped on its way: those behind it are of no use to anybody.
void fail(sk_buff* left) {
    snmp_inc(Snmp::IpFragFails);
    while (sk_buff* piece = left) {
        left = piece->next;
        kfree_skb_reason(piece, Fate::frag_failed);
    }
}

}  // namespace

void ip_fraglist_send(sk_buff* skb, u32 hlen, ip_output_fn output) {
    sk_buff* next = skb->frag_list;
    skb->frag_list = nullptr;
    skb->len = skb_headlen(skb);
    Ipv4 ip = ip_hdr(skb);
    ip.set_tot_len(static_cast<u16>(skb->len));
    ip.set_frag_off(wire::IP_MF);
    wire::ip_send_check(ip);
    u32 offset = 0;
    while (true) {
        sk_buff* piece = next;
        if (piece) {
            next = piece->next;
            piece->next = nullptr;
            const bool first = offset == 0;
            offset += skb->len - hlen;
            ip_fraglist_prepare(piece, skb, hlen, offset, next != nullptr);
            if (first) ip_options_fragment(piece);
            wire::ip_send_check(ip_hdr(piece));
        }
        if (output(skb) != 0) {
            if (piece) piece->next = next;
            return fail(piece);
        }
        snmp_inc(Snmp::IpFragCreates);
        if (!piece) break;
        skb = piece;
    }
    snmp_inc(Snmp::IpFragOKs);
}

}  // namespace fw
