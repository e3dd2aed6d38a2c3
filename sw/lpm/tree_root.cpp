// SPDX-License-Identifier: Apache-2.0
// Prefixes shorter than the root's index. They are kept as a heap: the prefix of length l and value v is number
// 2^l + v, so that the two halves of number n are 2n and 2n + 1, and the root's words follow the last.
#include "sw/kernel/error.h"
#include "sw/lpm/tree.h"

namespace fw {

/// `hop` is the best of the prefixes that cover the range of `heap`, itself included.
void PrefixTree::fill_root(u32 heap, u16 hop) {
    const u32 words = u32{1} << shape_->root_bits;
    if (heap >= words) {
        if (root_[heap - words].hop == hop) return;
        root_[heap - words].hop = hop;
        write_root(heap - words);
        return;
    }
    for (u32 half = 2 * heap; half <= 2 * heap + 1; ++half) {
        if (half >= words || !short_is_there(half)) fill_root(half, hop);
    }
}

int PrefixTree::put_short(u32 prefix, unsigned len, u16 hop) {
    const u32 heap = heap_of(prefix, len);
    if (!short_is_there(heap)) ++prefixes_;
    short_there_[heap / 64] |= u64{1} << (heap % 64);
    short_hop_[heap] = hop;
    fill_root(heap, hop);
    return 0;
}

int PrefixTree::remove_short(u32 prefix, unsigned len) {
    const u32 heap = heap_of(prefix, len);
    if (!short_is_there(heap)) return -err::srch;
    --prefixes_;
    short_there_[heap / 64] &= ~(u64{1} << (heap % 64));
    u32 heir = heap / 2;
    while (heir != 0 && !short_is_there(heir)) heir /= 2;
    fill_root(heap, heir == 0 ? kTreeMiss : short_hop_[heir]);
    return 0;
}

}  // namespace fw
