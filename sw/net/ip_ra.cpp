// SPDX-License-Identifier: Apache-2.0
// Router alert (RFC 2113; Linux net/ipv4/ip_input.c, ip_call_ra_chain): packets that pass by but ask every router to
// look at them go to the sockets that want them.
#include "sw/kernel/error.h"
#include "sw/net/ip.h"
#include "sw/net/ip_defrag.h"

namespace fw {
namespace {

/// Changed by tasks under stop_machine only.
constinit ip_ra_chain* chain = nullptr;

bool wanted_by(const ip_ra_chain* ra, const sk_buff* skb) {
    return ra->protocol == ip_hdr(skb).protocol() && (ra->bound_dev_if == 0 || ra->bound_dev_if == skb->dev->ifindex);
}

}  // namespace

int ip_ra_add(ip_ra_chain* ra) {
    ip_ra_chain** link = &chain;
    for (; *link; link = &(*link)->next) {
        if ((*link)->sk == ra->sk) return -err::exist;
    }
    ra->next = nullptr;
    *link = ra;
    return 0;
}

int ip_ra_del(ip_ra_chain* ra) {
    for (ip_ra_chain** link = &chain; *link; link = &(*link)->next) {
        if (*link != ra) continue;
        *link = ra->next;
        return 0;
    }
    return -err::noent;
}

STAGE bool ip_call_ra_chain(sk_buff* skb) {
    ip_ra_chain* last = nullptr;
    for (ip_ra_chain* ra = chain; ra; ra = ra->next) {
        if (!wanted_by(ra, skb)) continue;
        if (ip_hdr(skb).is_fragment()) {
            skb = ip_defrag(skb, IP_DEFRAG_CALL_RA_CHAIN);
            if (!skb) return true;
        }
        if (last) {
            sk_buff* copy = skb_clone(skb);
            if (copy) last->rcv(last, copy);
        }
        last = ra;
    }
    if (!last) return false;
    last->rcv(last, skb);
    return true;
}

}  // namespace fw
