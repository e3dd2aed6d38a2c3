// SPDX-License-Identifier: Apache-2.0
#include "cli/lpm/lpm_sizing.h"

#include <algorithm>

namespace turnpike::lpm {
namespace {

/// Memories are made in pieces of this many words.
constexpr std::uint64_t kPiece = 256;

/// `cells` and what is spare, and the chunks that the control plane keeps for removals (BlockPool).
std::uint64_t words_for(std::uint64_t cells, unsigned spare_percent, std::uint32_t largest) {
    const std::uint64_t wanted = cells + (cells * spare_percent + 99) / 100;
    const auto chunk = fw::BlockPool::chunk_cells_for(static_cast<std::uint32_t>(wanted), largest);
    const std::uint64_t kept = largest == 1 ? 0 : std::uint64_t{largest} * chunk;
    return (wanted + kept + kPiece - 1) / kPiece * kPiece;
}

}  // namespace

LpmCapacity capacity_for(const fw::TreeUsage& usage, unsigned spare_percent) {
    LpmCapacity words = {kLpmCapacity[kLpmRoot]};
    for (unsigned level = 0; level < kLpmLevels; ++level) {
        words[level + 1] = words_for(usage.chunks.nodes[level], spare_percent, fw::kEngineShape.longest_nodes(level));
    }
    // There is no more than one node of level 1 for each word of the root.
    words[1] = std::min(words[1], words[kLpmRoot]);
    words[kLpmResult] = words_for(usage.chunks.results, spare_percent, fw::kEngineShape.longest_results());
    return words;
}

fw::TreeCapacity tree_capacity(const LpmCapacity& words) {
    fw::TreeCapacity capacity = {};
    for (unsigned level = 0; level < kLpmLevels; ++level) {
        capacity.nodes[level] = static_cast<std::uint32_t>(words[level + 1]);
    }
    capacity.results = static_cast<std::uint32_t>(words[kLpmResult]);
    return capacity;
}

}  // namespace turnpike::lpm
