// SPDX-License-Identifier: Apache-2.0
#include "sw/net/ip_defrag.h"

#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/net/ipq.h"

namespace fw {

using wire::Ipv4;

constinit spinlock frag_lock = {LockClass::ipfrag};

namespace {

constexpr unsigned kIpqHashSize = 1024;
constinit ipq pool[kMaxIpq] = {};
constinit ipq* free_list = nullptr;
constinit ipq* ipq_hash[kIpqHashSize] = {};
constinit i64 mem = 0;

/// Where a datagram is linked: by what RFC 791 3.2 tells it by. Multiplied by the golden ratio, so that addresses, ids
/// and protocols that count up spread.
ipq** ipqhashfn(u32 saddr, u32 daddr, u16 id, u8 protocol) {
    constexpr u64 kGolden = 0x9E3779B97F4A7C15;
    u64 mixed = (u64{saddr} << 32 | daddr) * kGolden;
    mixed = (mixed ^ mixed >> 32 ^ (u64{id} << 8 | protocol)) * kGolden;
    return &ipq_hash[(mixed >> 40) % kIpqHashSize];
}

ipq* ip_frag_create(ipq** bucket, Ipv4 ip, u32 user) {
    ipq* qp = free_list;
    if (!qp) return nullptr;
    free_list = qp->next;
    *qp = {};
    qp->saddr = ip.saddr();
    qp->daddr = ip.daddr();
    qp->user = user;
    qp->id = ip.id();
    qp->protocol = ip.protocol();
    if (sysctl(SysctlId::ipfrag_max_dist) != 0) qp->source = frag_source_get(qp->saddr);
    qp->next = *bucket;
    *bucket = qp;
    qp->hashed = true;
    frag_mem_add(kIpqTruesize);
    timer_setup(&qp->timer, ip_expire);
    ip_frag_set_timer(qp);
    return qp;
}

/// The datagram that the fragment belongs to, a new one if need be; nullptr: there is no memory.
ipq* ip_find(Ipv4 ip, u32 user) {
    const i64 most = sysctl(SysctlId::ipfrag_high_thresh);
    if (most == 0 || mem > most) return nullptr;
    ipq** bucket = ipqhashfn(ip.saddr(), ip.daddr(), ip.id(), ip.protocol());
    for (ipq* qp = *bucket; qp; qp = qp->next) {
        if (qp->id == ip.id() && qp->saddr == ip.saddr() && qp->daddr == ip.daddr() && qp->protocol == ip.protocol() &&
            qp->user == user) {
            return qp;
        }
    }
    return ip_frag_create(bucket, ip, user);
}

}  // namespace

void frag_mem_add(i64 bytes) { mem += bytes; }

u64 ip_frag_mem() { return static_cast<u64>(mem); }

void ip_frag_set_timer(ipq* qp) {
    qp->expires = uptime_us() + static_cast<u64>(sysctl(SysctlId::ipfrag_time)) * kSec;
    mod_timer(&qp->timer, qp->expires);
}

void ipq_unlink(ipq* qp) {
    if (!qp->hashed) return;
    del_timer(&qp->timer);
    ipq** link = ipqhashfn(qp->saddr, qp->daddr, qp->id, qp->protocol);
    while (*link != qp) link = &(*link)->next;
    *link = qp->next;
    qp->hashed = false;
}

void frag_kfree_skb(sk_buff* skb, Fate fate) {
    frag_mem_add(-frag_truesize(skb));
    skb->next = skb->prev = nullptr;
    kfree_skb_reason(skb, fate);
}

void frag_free_queue(ipq* qp) {
    if (qp->source) frag_source_put(qp->source);
    frag_mem_add(-kIpqTruesize);
    qp->next = free_list;
    free_list = qp;
}

void ip_frag_destroy(ipq* qp, Fate fate) {
    inet_frag_queue_flush(qp, fate);
    frag_free_queue(qp);
}

STAGE sk_buff* ip_defrag(sk_buff* skb, u32 user) {
    snmp_inc(Snmp::IpReasmReqds);
    spin_lock(frag_lock);
    ipq* qp = ip_find(ip_hdr(skb), user);
    sk_buff* whole = qp ? ip_frag_queue(qp, skb) : nullptr;
    spin_unlock(frag_lock);
    if (unlikely(!qp)) {
        snmp_inc(Snmp::IpReasmFails);
        kfree_skb_reason(skb, Fate::reasm_memory);
    }
    return whole;
}

void ip_defrag_init() {
    frag_source_init();
    for (ipq*& head : ipq_hash) head = nullptr;
    mem = 0;
    free_list = nullptr;
    for (unsigned i = kMaxIpq; i-- > 0;) {
        pool[i] = {};
        pool[i].next = free_list;
        free_list = &pool[i];
    }
}

}  // namespace fw
