// SPDX-License-Identifier: Apache-2.0
// The socket buffer: one packet, with room before and behind it (Linux include/linux/skbuff.h; drawing in the
// documents).
//
//     head        data              tail            end
//      |<headroom->|<---- len ------>|<--tailroom--->|
//
// Structures and data buffers come from one pool of equal slots, filled at boot; there is no heap.
#pragma once
#include "regs/fates.h"
#include "sw/hal/hal.h"

namespace fw {

struct net_device;
struct rtable;
struct sock;
using regs::Fate;

enum PacketType : u8 {
    PACKET_HOST = 0,
    PACKET_BROADCAST = 1,
    PACKET_MULTICAST = 2,
    PACKET_OTHERHOST = 3,
    PACKET_OUTGOING = 4,
    PACKET_LOOPBACK = 5,
};

/// What is known about the transport checksum (include/linux/skbuff.h).
inline constexpr u8 CHECKSUM_NONE = 0,  ///< nothing, or it is there
    CHECKSUM_UNNECESSARY = 1,           ///< the device found it right
    CHECKSUM_PARTIAL = 3;               ///< the pseudo header's sum is there, the device makes the rest

/// Space kept before the packet in every buffer (NET_SKB_PAD + NET_IP_ALIGN): room for a longer link header, and the IP
/// header comes to lie on a 16-byte boundary behind the 14-byte Ethernet header.
inline constexpr unsigned kSkbHeadroom = 66;
/// Bytes of a slot's data buffer: headroom, a 1,518-byte frame rounded up to the NIC's 1 KiB buffer unit (2 KiB),
/// slack.
inline constexpr unsigned kSkbDataBytes = 2176;
/// Slots: 16 ports with a full rx and a full tx ring of 512 each.
inline constexpr unsigned kSkbPoolSlots = 16384;

struct sk_buff {
    sk_buff* next;
    sk_buff* prev;
    u8* head;
    u8* data;
    u8* tail;
    u8* end;
    net_device* dev;
    rtable* dst;
    u64 stamp;  ///< tsc when received
    u32 len;
    u32 mac_header;  ///< offsets from head
    u32 network_header;
    u32 transport_header;
    u32 priority;
    u32 mark;
    u16 protocol;  ///< network byte order, as in the Ethernet header
    PacketType pkt_type;
    u8 ip_summed;  ///< CHECKSUM_*
    u32 users;
    u32 skb_iif;         ///< interface index it came in by, 0: made here
    u8 csum_offset;      ///< with CHECKSUM_PARTIAL: where the sum goes, from the transport header on
    u8 queue_mapping;    ///< transmit queue of the device
    sk_buff* frag_list;  ///< further pieces of the packet's data, linked by `next`; their bytes count in `len`
    sock* sk;            ///< socket it was sent by or waits at, or nullptr
    u32 dataref;    ///< packets whose data lie in this slot, this one included; 0: a clone, whose data lie in another
    Fate end_fate;  ///< of a packet that has ended while clones use its data
    u8 cb[40];
};

struct sk_buff_head {
    sk_buff* next;
    sk_buff* prev;
    u32 qlen;
};

/// Fills the pool. Once, at boot.
void skb_init();
/// A packet of length 0 with kSkbHeadroom before it, or nullptr when the pool is empty.
sk_buff* alloc_skb();
/// A packet dies: counts `fate` in turnpike_counters and frees it.
void kfree_skb_reason(sk_buff* skb, Fate fate);
OBSERVED void skb_release(sk_buff* skb, Fate fate);
/// A packet that was sent or copied: frees it, counts nothing.
void consume_skb(sk_buff* skb);
u32 skb_free_slots();

/// What a packet takes of memory where limits are in bytes. The same as Linux's, so that the same packets fit.
u32 skb_truesize(const sk_buff* skb);
inline u32 skb_headroom(const sk_buff* skb) { return static_cast<u32>(skb->data - skb->head); }
inline u32 skb_tailroom(const sk_buff* skb) { return static_cast<u32>(skb->end - skb->tail); }
inline u8* skb_put(sk_buff* skb, u32 bytes) {
    u8* at = skb->tail;
    skb->tail += bytes;
    skb->len += bytes;
    return at;
}
inline u8* skb_push(sk_buff* skb, u32 bytes) {
    skb->data -= bytes;
    skb->len += bytes;
    return skb->data;
}
inline u8* skb_pull(sk_buff* skb, u32 bytes) {
    skb->data += bytes;
    skb->len -= bytes;
    return skb->data;
}
inline void skb_trim(sk_buff* skb, u32 bytes) {
    skb->tail = skb->data + bytes;
    skb->len = bytes;
}
inline void skb_reserve(sk_buff* skb, u32 bytes) {
    skb->data += bytes;
    skb->tail += bytes;
}

/// Nobody need sum the transport checksum: a device has, or it never left this host.
inline bool skb_csum_unnecessary(const sk_buff* skb) { return skb->ip_summed != CHECKSUM_NONE; }

// skb_copy.cpp
/// Another packet with the same bytes, which neither may change from now on (see skb_cow); nullptr: no skb is left.
sk_buff* skb_clone(const sk_buff* skb);
/// The packet whose slot holds the bytes of `skb`.
sk_buff* skb_data_owner(const sk_buff* skb);
/// Others have the same bytes.
inline bool skb_cloned(const sk_buff* skb) {
    if (likely(skb->dataref == 1)) return false;
    return __atomic_load_n(&skb_data_owner(skb)->dataref, __ATOMIC_ACQUIRE) != 1;
}
/// Others have the same sk_buff.
inline bool skb_shared(const sk_buff* skb) { return __atomic_load_n(&skb->users, __ATOMIC_ACQUIRE) != 1; }
/// A packet of the caller's own in place of one that others have too; nullptr: no skb is left, and the packet is gone.
sk_buff* skb_share_check(sk_buff* skb);
/// Makes sure of `headroom` bytes before the packet and of bytes that nobody shares; false when that needs a new buffer
/// and there is none. The packet may move, so pointers into it are void afterwards.
bool skb_cow(sk_buff** skb, u32 headroom);
/// Makes sure of room before and behind the packet and of bytes that nobody shares. False: a buffer is not that large,
/// or there is none.
bool pskb_expand_head(sk_buff** skb, u32 headroom, u32 tailroom);
/// What a copy or a piece of a packet has in common with it: all but the data and where the headers lie in it.
OBSERVED void copy_skb_header(sk_buff* to, const sk_buff* from);
/// A copy of the packet with at least `headroom` bytes before it, or nullptr.
sk_buff* skb_realloc_headroom(const sk_buff* skb, u32 headroom);

/// Bytes in the packet's own buffer; the rest of `len` lies in the pieces of its frag_list.
inline u32 skb_headlen(const sk_buff* skb) { return static_cast<u32>(skb->tail - skb->data); }
/// Copies bytes from `offset` behind skb->data on, pieces included; a negative offset begins before data. The bytes
/// must be there.
void skb_copy_bits(const sk_buff* skb, i32 offset, u8* to, u32 bytes);
/// Ones-complement sum over bytes of the packet, pieces included, added to `sum` (sw/wire/checksum.h).
u64 skb_checksum(const sk_buff* skb, u32 offset, u32 bytes, u64 sum);
/// Leaves the transport checksum, `offset` behind the transport header, to whoever sends the packet: there is only the
/// sum of the pseudo header, folded.
void skb_partial_checksum(sk_buff* skb, u8 offset, u16 pseudo);
/// Makes the checksum of a packet with CHECKSUM_PARTIAL (net/core/dev.c, skb_checksum_help).
void skb_checksum_help(sk_buff* skb);
/// Cuts the packet off behind `bytes` bytes; pieces of which nothing is left stay in its list, empty.
void pskb_trim(sk_buff* skb, u32 bytes);
/// Makes sure that the first `bytes` of the packet lie in its own buffer; false: the packet or the buffer is too short.
bool pskb_may_pull(sk_buff* skb, u32 bytes);
/// `skb` is made to answer the packet in `cause`, or to tell of its end. Says so to the host; does nothing else.
OBSERVED void skb_set_cause(sk_buff* skb, const sk_buff* cause);

inline void skb_queue_head_init(sk_buff_head* list) { *list = {nullptr, nullptr, 0}; }
inline void skb_queue_tail(sk_buff_head* list, sk_buff* skb) {
    skb->next = nullptr;
    skb->prev = list->prev;
    (list->prev ? list->prev->next : list->next) = skb;
    list->prev = skb;
    ++list->qlen;
}
inline void skb_queue_head(sk_buff_head* list, sk_buff* skb) {
    skb->prev = nullptr;
    skb->next = list->next;
    (list->next ? list->next->prev : list->prev) = skb;
    list->next = skb;
    ++list->qlen;
}
inline sk_buff* skb_dequeue(sk_buff_head* list) {
    sk_buff* skb = list->next;
    if (!skb) return nullptr;
    list->next = skb->next;
    (skb->next ? skb->next->prev : list->prev) = nullptr;
    skb->next = skb->prev = nullptr;
    --list->qlen;
    return skb;
}

}  // namespace fw
