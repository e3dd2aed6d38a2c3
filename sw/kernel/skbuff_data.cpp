// SPDX-License-Identifier: Apache-2.0
// Reading packets whose data lies in several buffers (Linux net/core/skbuff.c).
#include "sw/kernel/skbuff.h"
#include "sw/wire/checksum.h"

namespace fw {
namespace {

/// Calls `take(at, bytes)` for each stretch of memory that holds a part of the packet's bytes offset … offset + bytes.
template <typename Take>
void for_each_stretch(const sk_buff* skb, i32 offset, u32 bytes, Take take) {
    for (const sk_buff* piece = skb; bytes > 0; piece = piece == skb ? skb->frag_list : piece->next) {
        const i32 here = static_cast<i32>(skb_headlen(piece));
        if (offset >= here) {
            offset -= here;
            continue;
        }
        u32 part = static_cast<u32>(here - offset);
        if (part > bytes) part = bytes;
        take(piece->data + offset, part);
        bytes -= part;
        offset = 0;
    }
}

}  // namespace

void skb_copy_bits(const sk_buff* skb, i32 offset, u8* to, u32 bytes) {
    for_each_stretch(skb, offset, bytes, [&](const u8* at, u32 part) {
        __builtin_memcpy(to, at, part);
        to += part;
    });
}

u64 skb_checksum(const sk_buff* skb, u32 offset, u32 bytes, u64 sum) {
    bool odd = false;
    for_each_stretch(skb, static_cast<i32>(offset), bytes, [&](const u8* at, u32 part) {
        const u16 own = wire::csum_fold(wire::csum_partial(at, part));
        sum += odd ? wire::swap16(own) : own;  // RFC 1071 2.B: behind an odd number of bytes the halves change places
        odd ^= (part & 1) != 0;
    });
    return sum;
}

void skb_partial_checksum(sk_buff* skb, u8 offset, u16 pseudo) {
    skb->ip_summed = CHECKSUM_PARTIAL;
    skb->csum_offset = offset;
    wire::store16(skb->head + skb->transport_header + offset, pseudo);
}

// RFC 768: a checksum of 0 goes out as 0xFFFF, which in TCP means the same.
void skb_checksum_help(sk_buff* skb) {
    u8* start = skb->head + skb->transport_header;
    const auto offset = static_cast<u32>(start - skb->data);
    const auto check = static_cast<u16>(~wire::csum_fold(skb_checksum(skb, offset, skb->len - offset, 0)));
    wire::store16(start + skb->csum_offset, check != 0 ? check : 0xFFFF);
    skb->ip_summed = CHECKSUM_NONE;
}

void pskb_trim(sk_buff* skb, u32 bytes) {
    if (bytes >= skb->len) return;
    skb->len = bytes;
    for (sk_buff* piece = skb; piece; piece = piece == skb ? skb->frag_list : piece->next) {
        const u32 part = bytes < skb_headlen(piece) ? bytes : skb_headlen(piece);
        piece->tail = piece->data + part;
        if (piece != skb) piece->len = part;
        bytes -= part;
    }
}

bool pskb_may_pull(sk_buff* skb, u32 bytes) {
    if (likely(bytes <= skb_headlen(skb))) return true;
    if (bytes > skb->len || bytes - skb_headlen(skb) > skb_tailroom(skb)) return false;
    u32 wanted = bytes - skb_headlen(skb);
    for (sk_buff* piece = skb->frag_list; wanted > 0; piece = piece->next) {
        const u32 part = wanted < piece->len ? wanted : piece->len;
        __builtin_memcpy(skb->tail, piece->data, part);
        skb->tail += part;
        skb_pull(piece, part);
        wanted -= part;
    }
    return true;
}

// Linux 6.18 net/core/skbuff.c, __alloc_skb on x86-64: the structure, and a buffer for the room before the frame, the
// frame and struct skb_shared_info, of the next size that the slab allocator has. Measured on the real kernel by the
// number of packets that fit unres_qlen_bytes: the size changes behind frames of 240 and of 688 bytes.
u32 skb_truesize(const sk_buff* skb) {
    constexpr u32 kStructure = 256, kSharedInfo = 320, kRoomAndLinkHeader = 16 + 14;
    constexpr u32 kSmallHead = 576;  // SKB_SMALL_HEAD_CACHE_SIZE
    const u32 packet = skb->len + skb_headroom(skb) - skb->network_header;
    const u32 wanted = kRoomAndLinkHeader + packet + kSharedInfo;
    if (wanted <= kSmallHead) return kSmallHead + kStructure;
    u32 bytes = 1024;
    while (bytes < wanted) bytes *= 2;
    return bytes + kStructure;
}

OBSERVED void skb_set_cause(sk_buff*, const sk_buff*) {}

}  // namespace fw
