// SPDX-License-Identifier: Apache-2.0
// All fragments are there: one packet is made of them (Linux net/ipv4/ip_fragment.c, ip_frag_reasm).
#include "sw/kernel/printk.h"
#include "sw/net/ipq.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Ipv4;

namespace {

// ECN fields (RFC 3168 5) as bits of ipq::ecn.
constexpr u8 kNotEct = 1, kEct1 = 2, kEct0 = 4, kCe = 8;
constexpr u8 INET_ECN_CE = 3;

/// Bits to set in the datagram's ECN field; kEcnInvalid: such a mix cannot be (Linux ip_frag_ecn_table; RFC 3168 5.3).
constexpr u8 kEcnInvalid = 0xFF;
constexpr u8 ip_frag_ecn(u8 seen) {
    if ((seen & kNotEct) && seen != kNotEct) return kEcnInvalid;
    return (seen & kCe) && (seen & (kEct0 | kEct1)) ? INET_ECN_CE : 0;
}

/// The first fragment with the others' data behind it; `whole` is none yet.
sk_buff* chain_fragments(ipq* qp) {
    sk_buff* head = nullptr;
    sk_buff** link = nullptr;
    while (sk_buff* skb = inet_frag_take_run(qp)) {
        while (skb) {
            sk_buff* next = FRAG_CB(skb)->next_frag;
            frag_mem_add(-frag_truesize(skb));
            skb->next = skb->prev = nullptr;
            if (!head) {
                head = skb;
                link = &head->frag_list;
            } else {
                *link = skb;
                link = &skb->next;
                head->len += skb->len;
            }
            skb = next;
        }
    }
    return head;
}

sk_buff* out_fail(ipq* qp, Fate fate) {
    snmp_inc(Snmp::IpReasmFails);
    ip_frag_destroy(qp, fate);
    return nullptr;
}

void make_header(const ipq* qp, sk_buff* head, u8 ecn) {
    Ipv4 ip = ip_hdr(head);
    ip.set_tot_len(static_cast<u16>(head->len));
    ip.set_tos(ip.tos() | ecn);
    // DF where the longest fragment had it: whoever sends the datagram on must not make longer ones.
    const bool df = qp->max_df_size == qp->max_size;
    IPCB(head)->frag_max_size = qp->max_size;
    if (df) IPCB(head)->flags |= IPSKB_FRAG_PMTU;
    ip.set_frag_off(df ? wire::IP_DF : 0);
    wire::ip_send_check(ip);
}

}  // namespace

STAGE sk_buff* ip_frag_reasm(ipq* qp, const sk_buff* skb) {
    constexpr u32 kMaxDatagram = 65535;
    rtable* dst = skb->dst;
    net_device* dev = skb->dev;
    ipq_unlink(qp);
    const u8 ecn = ip_frag_ecn(qp->ecn);
    if (unlikely(ecn == kEcnInvalid)) return out_fail(qp, Fate::reasm_overlap);

    sk_buff* head = chain_fragments(qp);
    const u32 header = ip_hdr(head).header_bytes();
    if (unlikely(header + head->len > kMaxDatagram)) {
        printk(6, "Oversized IP packet from %pI4\n", &qp->saddr);
        kfree_skb_reason(head, Fate::reasm_overlap);
        return out_fail(qp, Fate::reasm_overlap);
    }
    skb_push(head, header);
    head->dst = dst;
    head->dev = dev;
    make_header(qp, head, ecn);
    frag_free_queue(qp);
    snmp_inc(Snmp::IpReasmOKs);
    return head;
}

}  // namespace fw
