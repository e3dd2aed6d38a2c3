// SPDX-License-Identifier: Apache-2.0
// Memory of the descriptor rings: pieces of one size, the first ones that lie side by side and are free.
#include "regs/address_map.h"
#include "sw/driver/ixgbe.h"

namespace fw {
namespace {

/// The smallest ring; 1 KiB, so that every ring begins where 8.2.3.8.1 wants it.
constexpr u32 kPiece = kLeastRingEntries;
/// Each port may have a ring of each direction at its largest, or 16 pairs of them with 256 descriptors.
constexpr u32 kPieces = regs::map::MAX_PORTS * 2 * kMostRingEntries / kPiece;

alignas(128) constinit Descriptor descriptors[kPieces * kPiece] = {};
constinit sk_buff* buffers[kPieces * kPiece] = {};
constinit bool taken[kPieces] = {};

void mark(u32 first, u32 pieces, bool value) {
    for (u32 i = first; i < first + pieces; ++i) taken[i] = value;
}

u32 pieces_of(u32 entries) { return (entries + kPiece - 1) / kPiece; }

}  // namespace

bool ixgbe_take_ring(Ring& ring, u32 entries) {
    const u32 wanted = pieces_of(entries);
    u32 run = 0;
    for (u32 i = 0; i < kPieces; ++i) {
        run = taken[i] ? 0 : run + 1;
        if (run < wanted) continue;
        const u32 first = i + 1 - wanted;
        mark(first, wanted, true);
        ring.desc = descriptors + first * kPiece;
        ring.skb = buffers + first * kPiece;
        ring.entries = entries;
        return true;
    }
    return false;
}

void ixgbe_free_ring(Ring& ring) {
    if (ring.entries == 0) return;
    mark(static_cast<u32>(ring.desc - descriptors) / kPiece, pieces_of(ring.entries), false);
    ring.desc = nullptr;
    ring.skb = nullptr;
    ring.entries = 0;
}

}  // namespace fw
