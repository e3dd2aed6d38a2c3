// SPDX-License-Identifier: Apache-2.0
// A datagram did not get whole in time (RFC 791 3.2, RFC 1122 3.3.2; Linux net/ipv4/ip_fragment.c, ip_expire).
#include "sw/kernel/time.h"
#include "sw/net/icmp.h"
#include "sw/net/ipq.h"

namespace fw {
namespace {

ipq* ipq_of(timer_list* timer) {
    return reinterpret_cast<ipq*>(reinterpret_cast<u8*>(timer) - __builtin_offsetof(ipq, timer));
}

/// Takes the first fragment out; nullptr: it did not come, and nobody is told.
sk_buff* inet_frag_pull_head(ipq* qp) {
    if (!(qp->last_in & FIRST_IN)) return nullptr;
    sk_buff* head = inet_frag_take_run(qp);
    sk_buff* next = FRAG_CB(head)->next_frag;
    while (next) {
        sk_buff* skb = next;
        next = FRAG_CB(skb)->next_frag;
        frag_kfree_skb(skb, Fate::reasm_timeout);
    }
    frag_mem_add(-frag_truesize(head));
    head->next = head->prev = nullptr;
    head->dev = dev_get_by_index(qp->iif);
    return head;
}

/// Tells the sender, where this host is the end of the way and not a router that looks into packets.
void time_exceeded(sk_buff* head, u32 user) {
    skb_push(head, ip_hdr(head).header_bytes());
    if (!ip_route_input(head, head->dev)) return;
    const bool end_host = user == IP_DEFRAG_LOCAL_DELIVER || user == IP_DEFRAG_CALL_RA_CHAIN;
    if (end_host || head->dst->type == regs::config::RTN_LOCAL) {
        icmp_send(head, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
    }
    kfree_skb_reason(head, Fate::reasm_timeout);
}

}  // namespace

STAGE void ip_expire(timer_list* timer) {
    ipq* qp = ipq_of(timer);
    spin_lock(frag_lock);
    // Another CPU may have ended it, or put it to a new use, while this handler waited for the lock.
    if (!qp->hashed || uptime_us() < qp->expires) {
        spin_unlock(frag_lock);
        return;
    }
    ipq_unlink(qp);
    snmp_inc(Snmp::IpReasmFails);
    snmp_inc(Snmp::IpReasmTimeout);
    const u32 user = qp->user;
    sk_buff* head = inet_frag_pull_head(qp);
    ip_frag_destroy(qp, Fate::reasm_timeout);
    spin_unlock(frag_lock);
    if (head) time_exceeded(head, user);
}

}  // namespace fw
