// SPDX-License-Identifier: Apache-2.0
#include "models/accel/lpm_memories.h"

#include "regs/address_map.h"

namespace turnpike {

namespace lpm = regs::lpm;
constexpr std::uint32_t kMiss = regs::map::LPM_MISS;

namespace {

constexpr unsigned kRootStride = 13;
constexpr unsigned kStride = 4;

/// Bits of `map` below bit `position`.
unsigned rank(std::uint32_t map, unsigned position) {
    return static_cast<unsigned>(__builtin_popcount(map & ((1U << position) - 1)));
}

void fail(LpmWalk& walk) { walk = {.address = walk.address, .memory = kLpmMemories, .bad = true, .value = kMiss}; }

/// The bits of the address that a level's nodes look at; the last level has three, and a 0 behind them.
unsigned stride_bits(std::uint32_t address, unsigned level) {
    const unsigned used = kRootStride + kStride * (level - 1);
    return (address << used) >> (32 - kStride);
}

}  // namespace

LpmMemories::LpmMemories() : root_(kLpmCapacity[kLpmRoot]), results_(kLpmCapacity[kLpmResult]) {
    for (unsigned level = 1; level <= kLpmLevels; ++level) levels_[level - 1].resize(kLpmCapacity[level]);
}

bool LpmMemories::write(unsigned memory, std::uint64_t index, std::uint64_t high, std::uint64_t data) {
    if (memory >= kLpmMemories || index >= kLpmCapacity[memory]) return false;
    if (memory == kLpmRoot) {
        if (lpm::ENTRY_DATA_ROOT_CHILD.get(data) >= kLpmCapacity[1]) return false;
        root_[index] = data;
    } else if (memory == kLpmResult) {
        results_[index] = static_cast<std::uint16_t>(lpm::ENTRY_DATA_RESULT_HOP.get(data));
    } else {
        const std::uint64_t children = lpm::ENTRY_HIGH_CHILDREN.get(high);
        const bool last = memory == kLpmLevels;
        if (!last && children >= kLpmCapacity[memory + 1]) return false;
        if (last) data &= ~lpm::ENTRY_DATA_NODE_EXTERNAL.mask();
        levels_[memory - 1][index] = {data, static_cast<std::uint32_t>(children)};
    }
    return true;
}

void LpmMemories::read(LpmWalk& walk) const {
    if (walk.memory == kLpmRoot) {
        const std::uint64_t word = root_[walk.address >> (32 - kRootStride)];
        walk.value = static_cast<std::uint32_t>(lpm::ENTRY_DATA_ROOT_DEFAULT.get(word));
        walk.node = static_cast<std::uint32_t>(lpm::ENTRY_DATA_ROOT_CHILD.get(word));
        walk.memory = lpm::ENTRY_DATA_ROOT_CHILD_VALID.test(word) ? 1 : kLpmMemories;
    } else if (walk.memory != kLpmResult) {
        read_node(walk);
    } else if (walk.value < results_.size()) {
        walk.value = results_[walk.value];
        walk.memory = kLpmMemories;
    } else {
        fail(walk);
    }
}

void LpmMemories::read_node(LpmWalk& walk) const {
    const std::vector<Node>& level = levels_[walk.memory - 1];
    if (walk.node >= level.size()) return fail(walk);
    const Node& node = level[walk.node];
    const unsigned bits = stride_bits(walk.address, walk.memory);
    const auto internal = static_cast<std::uint32_t>(lpm::ENTRY_DATA_NODE_INTERNAL.get(node.data));
    const auto external = static_cast<std::uint32_t>(lpm::ENTRY_DATA_NODE_EXTERNAL.get(node.data));
    // The longest first: 3 bits of the stride, 2, 1, none.
    for (const unsigned position : {7 + (bits >> 1), 3 + (bits >> 2), 1 + (bits >> 3), 0U}) {
        if ((internal >> position & 1) == 0) continue;
        walk.hit = true;
        walk.value = static_cast<std::uint32_t>(lpm::ENTRY_DATA_NODE_RESULTS.get(node.data));
        if (!lpm::ENTRY_DATA_NODE_UNIFORM.test(node.data)) walk.value += rank(internal, position);
        break;
    }
    if ((external >> bits & 1) != 0) {
        walk.node = node.children + rank(external, bits);
        ++walk.memory;
    } else {
        walk.memory = walk.hit ? kLpmResult : kLpmMemories;
    }
}

}  // namespace turnpike
