// SPDX-License-Identifier: Apache-2.0
// Lookups by software: a tree bitmap of kSoftwareShape, 64 nodes below one, ranks by population count as in a poptrie.
// Unlike there, prefixes are not pushed down to the leaves: a change touches one node, whatever lies below.
#pragma once
#include "sw/lpm/tree.h"

namespace fw {

/// Where the parts of a table lie.
struct SoftwareTable {
    const TreeRoot* root;
    const TreeNode* nodes[kSoftwareShape.levels];
    const u16* results;

    void of(const PrefixTree& tree) {
        root = tree.root();
        for (unsigned level = 0; level < kSoftwareShape.levels; ++level) nodes[level] = tree.nodes(level);
        results = tree.results();
    }
};

/// For each value of the five bits that INTERNAL tells apart: the prefixes that cover it.
struct CoveringBits {
    u64 of[32];
    constexpr CoveringBits() : of() {
        for (unsigned value = 0; value < 32; ++value) {
            for (unsigned len = 0; len <= 5; ++len) of[value] |= u64{1} << ((1U << len) - 1 + (value >> (5 - len)));
        }
    }
};
inline constexpr CoveringBits kCovering;

/// How many of the bits below bit `number` are set; that bit must be.
inline u32 rank_below(u64 bits, unsigned number) {
    return static_cast<u32>(__builtin_popcountll(bits << (63 - number))) - 1;
}

inline u16 software_lookup(const SoftwareTable& table, u32 address) {
    constexpr const TreeShape& shape = kSoftwareShape;
    const TreeRoot& word = table.root[address >> (32 - shape.root_bits)];
    if (!word.has_child) return word.hop;
    const TreeNode* node = table.nodes[0] + word.child;
    // The deepest match so far; its next hop is read once, at the end.
    const TreeNode* best = nullptr;
    u64 match = 0;
    // Unrolled, so that what belongs to a level is a constant.
#pragma GCC unroll 4
    for (unsigned level = 0; level < shape.levels; ++level) {
        const u32 rest = address << shape.start[level];
        const u64 here = node->internal & kCovering.of[rest >> 27];
        if (here != 0) {
            best = node;
            match = here;
        }
        const unsigned slot = rest >> 26;
        if (level + 1 == shape.levels || !(node->external >> slot & 1)) break;
        node = table.nodes[level + 1] + node->children + rank_below(node->external, slot);
    }
    if (!best) return word.hop;
    const auto longest = static_cast<unsigned>(63 - __builtin_clzll(match));
    return table.results[best->results + rank_below(best->internal, longest)];
}

}  // namespace fw
