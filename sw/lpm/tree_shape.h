// SPDX-License-Identifier: Apache-2.0
// How many address bits each level of a tree bitmap takes.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

inline constexpr unsigned kTreeMaxLevels = 5;
/// No prefix covers the address, or the one that does leaves it to software.
inline constexpr u16 kTreeMiss = 0xFFFF;

struct TreeShape {
    unsigned root_bits;
    unsigned levels;
    unsigned start[kTreeMaxLevels];   ///< address bits before a node of the level
    unsigned stride[kTreeMaxLevels];  ///< 0: no level follows
    /// Lengths that end in a node, from its start on; the last level has one more than bits, for length 32.
    unsigned lengths[kTreeMaxLevels];
    bool uniform;  ///< nodes with all next hops equal store one

    constexpr unsigned level_of(unsigned len) const {
        unsigned level = 0;
        while (start[level] + lengths[level] <= len) ++level;
        return level;
    }
    /// Which of the nodes that follow is the address's.
    constexpr unsigned slot(u32 address, unsigned level) const {
        return (address << start[level]) >> (32 - stride[level]);
    }
    /// A prefix's bit of INTERNAL.
    constexpr unsigned bit(u32 prefix, unsigned len, unsigned level) const {
        const unsigned in_node = len - start[level];
        return (1U << in_node) - 1 + (in_node == 0 ? 0 : (prefix << start[level]) >> (32 - in_node));
    }
    /// Nodes or next hops of the longest block.
    constexpr u32 longest_nodes(unsigned level) const { return level == 0 ? 1 : 1U << stride[level - 1]; }
    constexpr u32 longest_results() const {
        u32 most = 0;
        for (unsigned level = 0; level < levels; ++level) {
            const u32 bits = (1U << lengths[level]) - 1;
            if (bits > most) most = bits;
        }
        return most;
    }
};

/// The engine's (regs/lpm.def).
inline constexpr TreeShape kEngineShape = {13, 5, {13, 17, 21, 25, 29}, {4, 4, 4, 4, 0}, {4, 4, 4, 4, 4}, true};
/// For software, which counts 64 bits in one instruction.
inline constexpr TreeShape kSoftwareShape = {13, 4, {13, 19, 25, 31}, {6, 6, 6, 0}, {6, 6, 6, 2}, false};

}  // namespace fw
