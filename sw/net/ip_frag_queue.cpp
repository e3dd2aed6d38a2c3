// SPDX-License-Identifier: Apache-2.0
// A fragment comes to its datagram (Linux net/ipv4/ip_fragment.c, ip_frag_queue): the checks of 6.18 in their order.
#include "sw/kernel/sysctl.h"
#include "sw/net/ipq.h"

namespace fw {

using wire::Ipv4;

namespace {

/// More than ipfrag_max_dist fragments of the source came since the datagram's latest: its id is in use again
/// (ip-sysctl.rst).
bool ip_frag_too_far(ipq* qp) {
    const u64 most = static_cast<u64>(sysctl(SysctlId::ipfrag_max_dist));
    if (!qp->source || most == 0) return false;
    const u32 before = qp->rid;
    qp->rid = ++qp->source->rid;
    return qp->fragments_tail && qp->rid - before > most;
}

void ip_frag_reinit(ipq* qp) {
    inet_frag_queue_flush(qp, Fate::reasm_timeout);
    ip_frag_set_timer(qp);
    qp->last_in = qp->ecn = 0;
    qp->len = qp->meat = qp->iif = 0;
}

/// The datagram's length as this fragment has it. False: it contradicts what others said.
bool agree_on_length(ipq* qp, bool last, u32 end) {
    if (last) {
        if (end < qp->len || ((qp->last_in & LAST_IN) && end != qp->len)) return false;
        qp->last_in |= LAST_IN;
        qp->len = end;
        return true;
    }
    if (end <= qp->len) return true;
    if (qp->last_in & LAST_IN) return false;
    qp->len = end;
    return true;
}

sk_buff* discard_qp(ipq* qp, sk_buff* skb) {
    snmp_inc(Snmp::IpReasmFails);
    ipq_unlink(qp);
    ip_frag_destroy(qp, Fate::reasm_overlap);
    kfree_skb_reason(skb, Fate::reasm_overlap);
    return nullptr;
}

/// What the datagram's header is made of in the end.
void note_fragment(ipq* qp, const sk_buff* skb, Ipv4 ip, u32 offset) {
    qp->iif = skb->dev->ifindex;
    qp->meat += skb->len;
    qp->ecn |= static_cast<u8>(1U << (ip.tos() & 3));
    frag_mem_add(frag_truesize(skb));
    if (offset == 0) qp->last_in |= FIRST_IN;
    const u16 size = static_cast<u16>(skb->len + ip.header_bytes());
    if (size > qp->max_size) qp->max_size = size;
    if ((ip.frag_off() & wire::IP_DF) && size > qp->max_df_size) qp->max_df_size = size;
}

}  // namespace

STAGE sk_buff* ip_frag_queue(ipq* qp, sk_buff* skb) {
    if (!(IPCB(skb)->flags & IPSKB_FRAG_COMPLETE) && unlikely(ip_frag_too_far(qp))) {
        snmp_inc(Snmp::IpReasmFails);
        ip_frag_reinit(qp);
    }
    const Ipv4 ip = ip_hdr(skb);
    const bool last = (ip.frag_off() & wire::IP_MF) == 0;
    const u32 offset = (ip.frag_off() & wire::IP_OFFSET) * 8U;
    u32 end = offset + skb->len - ip.header_bytes();
    if (!last) end &= ~7U;  // only the last may have a length that is no multiple of 8 (RFC 791 3.2)
    if (!agree_on_length(qp, last, end) || end == offset) return discard_qp(qp, skb);

    skb_pull(skb, ip.header_bytes());
    skb_trim(skb, end - offset);
    switch (inet_frag_queue_insert(qp, skb, offset, end)) {
        case FragInsert::duplicate:
            kfree_skb_reason(skb, Fate::reasm_duplicate);
            return nullptr;
        case FragInsert::overlap:
            snmp_inc(Snmp::IpExtReasmOverlaps);
            return discard_qp(qp, skb);
        case FragInsert::ok:
            break;
    }
    note_fragment(qp, skb, ip, offset);
    if (qp->last_in == (FIRST_IN | LAST_IN) && qp->meat == qp->len) return ip_frag_reasm(qp, skb);
    skb->dst = nullptr;  // routes may change while it waits
    return nullptr;
}

}  // namespace fw
