// SPDX-License-Identifier: Apache-2.0
// The fragment cache: one ipq for each datagram that is not whole yet (the documents' names; Linux 6.18: struct ipq and
// struct inet_frag_queue). Everything here is done under frag_lock.
#pragma once
#include "sw/kernel/spinlock.h"
#include "sw/kernel/timer.h"
#include "sw/net/ip_defrag.h"

namespace fw {

/// Datagrams at once. With ipfrag_high_thresh at its default of 4 MiB memory ends before this does: a datagram takes
/// 200 bytes and a fragment 832 at least.
inline constexpr unsigned kMaxIpq = 4096;

/// Fragments lately seen of one source (Linux inet_peer.rid): lives as long as it has datagrams in the cache.
struct frag_source {
    frag_source* next;  ///< same hash, or free list
    u32 saddr;
    u32 users;
    u32 rid;
};

inline constexpr u8 FIRST_IN = 1, LAST_IN = 2;

struct ipq {
    ipq* next;  ///< same hash, or free list
    u32 saddr;
    u32 daddr;
    u32 user;
    u16 id;
    u8 protocol;
    u8 last_in;  ///< FIRST_IN, LAST_IN: ends of the datagram that are there
    u8 ecn;      ///< bit n: some fragment has the ECN field n
    bool hashed;
    u16 max_size;     ///< longest fragment
    u16 max_df_size;  ///< … with DF
    u32 len;          ///< of the whole datagram's data as far as it is known
    u32 meat;         ///< bytes that are there
    u32 iif;          ///< device of the latest fragment
    u32 rid;          ///< of `source` when the latest fragment came
    frag_source* source;
    sk_buff* fragments;       ///< root of the tree of runs
    sk_buff* last_run_head;   ///< the run with the highest offset …
    sk_buff* fragments_tail;  ///< … and its last fragment
    u64 expires;              ///< us since READY
    timer_list timer;
};

/// What is known of a fragment that waits; its data begins behind the IP header, `next` and `prev` are its children in
/// the tree (Linux struct ipfrag_skb_cb).
struct ipfrag_skb_cb {
    inet_skb_parm parm;
    sk_buff* next_frag;  ///< that follows it in its run
    u32 offset;          ///< of its data in the datagram
    u32 frag_run_len;    ///< of the head of a run: bytes in the run
};
static_assert(sizeof(ipfrag_skb_cb) <= sizeof(sk_buff::cb));

inline ipfrag_skb_cb* FRAG_CB(sk_buff* skb) { return reinterpret_cast<ipfrag_skb_cb*>(skb->cb); }

extern spinlock frag_lock;

/// What an ipq takes of ipfrag_high_thresh: sizeof(struct ipq) of Linux 6.18 on x86-64, as /proc/net/sockstat has it.
inline constexpr i64 kIpqTruesize = 200;

// ip_defrag.cpp
/// Takes the datagram out of the cache.
void ipq_unlink(ipq* qp);
/// Drops the datagram's fragments and the ipq. It is unlinked.
void ip_frag_destroy(ipq* qp, Fate fate);
void frag_kfree_skb(sk_buff* skb, Fate fate);
void frag_free_queue(ipq* qp);
/// What ipfrag_high_thresh limits grows or shrinks.
void frag_mem_add(i64 bytes);
/// The fragment's own share of it.
inline i64 frag_truesize(const sk_buff* skb) { return skb_truesize(skb); }
/// The datagram's time begins anew.
void ip_frag_set_timer(ipq* qp);

// inet_fragment.cpp
enum class FragInsert : u8 { ok, duplicate, overlap };
FragInsert inet_frag_queue_insert(ipq* qp, sk_buff* skb, u32 offset, u32 end);
/// The run with the lowest offset, which leaves the tree; nullptr: none is left.
sk_buff* inet_frag_take_run(ipq* qp);
/// Drops what has come, as if nothing had.
void inet_frag_queue_flush(ipq* qp, Fate fate);

// ip_frag_source.cpp
void frag_source_init();
frag_source* frag_source_get(u32 saddr);
void frag_source_put(frag_source* source);

// ip_frag_queue.cpp
/// Puts the fragment into its datagram; answers the datagram if that is whole now.
STAGE sk_buff* ip_frag_queue(ipq* qp, sk_buff* skb);
// ip_frag_reasm.cpp
/// Makes one packet of the datagram, which is unlinked and freed; nullptr: its fragments cannot be one, they are
/// dropped. `skb`: the fragment that came last.
STAGE sk_buff* ip_frag_reasm(ipq* qp, const sk_buff* skb);
// ip_expire.cpp
STAGE void ip_expire(timer_list* timer);

}  // namespace fw
