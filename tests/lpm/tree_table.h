// SPDX-License-Identifier: Apache-2.0
// A PrefixTree with memory of its own.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sw/kernel/error.h"
#include "sw/lpm/tree.h"
#include "tests/lpm/reference.h"

namespace turnpike::lpm_test {

/// Filled with junk: a tree may not rely on what it didn't write.
class TreeTable {
  public:
    TreeTable(const fw::TreeShape& shape, const fw::TreeCapacity& capacity)
        : memory_(fw::PrefixTree::bytes_for(shape, capacity) / sizeof(fw::TreeNode), junk()) {
        tree.init(shape, capacity, reinterpret_cast<fw::u8*>(memory_.data()));
    }
    fw::PrefixTree tree;

  private:
    static fw::TreeNode junk() { return {~0ULL, ~0ULL, ~0U, ~0U, ~0U, ~0U}; }
    std::vector<fw::TreeNode> memory_;
};

/// Names of the instances of a test for both shapes.
inline std::string name_of(const testing::TestParamInfo<const fw::TreeShape*>& shape) {
    return shape.param == &fw::kEngineShape ? "Engine" : "Software";
}

inline constexpr fw::TreeCapacity kRoomy = {{8192, 16384, 16384, 16384, 16384}, 65536};

inline bool operator==(const fw::TreeCapacity& a, const fw::TreeCapacity& b) {
    return a.results == b.results && std::equal(std::begin(a.nodes), std::end(a.nodes), std::begin(b.nodes));
}

/// What the same prefixes take when they are put into an empty table.
inline fw::TreeUsage usage_of_fresh_build(const Reference& reference, const fw::TreeShape& shape,
                                          const fw::TreeCapacity& capacity) {
    TreeTable fresh(shape, capacity);
    reference.for_each([&](Prefix prefix, std::uint16_t hop) { fresh.tree.put(prefix.address, prefix.len, hop); });
    return fresh.tree.usage();
}

inline void expect_same_usage(const fw::TreeUsage& a, const fw::TreeUsage& b) {
    EXPECT_EQ(a.prefixes, b.prefixes);
    EXPECT_TRUE(lpm_test::operator==(a.blocks, b.blocks));
    EXPECT_TRUE(lpm_test::operator==(a.chunks, b.chunks));
}

}  // namespace turnpike::lpm_test
