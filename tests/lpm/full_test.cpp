// SPDX-License-Identifier: Apache-2.0
// What happens when a memory is full.
#include "tests/lpm/tree_table.h"

namespace turnpike::lpm_test {
namespace {

/// Counts the words written; nobody looks at them.
struct Counter {
    unsigned words = 0;
    fw::TreeWriter writer = {
        this, [](void* at, fw::u32, const fw::TreeRoot&) { ++static_cast<Counter*>(at)->words; },
        [](void* at, unsigned, fw::u32, const fw::TreeNode&) { ++static_cast<Counter*>(at)->words; },
        [](void* at, fw::u32, fw::u16) { ++static_cast<Counter*>(at)->words; }, [](void*) {}};
};

class FullTree : public testing::TestWithParam<const fw::TreeShape*> {
  protected:
    /// Fills the table with prefixes of `next` until 200 did not fit; each refusal leaves everything alone.
    template <typename Next>
    void fill(fw::PrefixTree& tree, Next&& next) {
        Counter counter;
        tree.attach(&counter.writer);
        for (unsigned refused = 0; refused < 200;) {
            const Prefix prefix = next();
            const auto hop = static_cast<std::uint16_t>(source_.below(1000));
            const fw::TreeUsage before = tree.usage();
            const unsigned words = counter.words;
            const int result = tree.put(prefix.address, prefix.len, hop);
            if (result == 0) {
                reference_.put(prefix, hop);
                continue;
            }
            ++refused;
            ASSERT_EQ(result, -fw::err::nospc);
            ASSERT_EQ(counter.words, words);
            expect_same_usage(tree.usage(), before);
            const auto old = reference_.find(prefix);
            std::uint16_t found = 0;
            ASSERT_EQ(tree.find(prefix.address, prefix.len, &found), old.has_value());
            if (old) {
                ASSERT_EQ(found, *old);
            }
            ASSERT_EQ(tree.lookup(prefix.address), reference_.lookup(prefix.address));
        }
        tree.attach(nullptr);
    }
    /// In an order that leaves blocks of every size half full again and again.
    void empty(fw::PrefixTree& tree) {
        std::vector<Prefix> all;
        reference_.for_each([&](Prefix prefix, std::uint16_t) { all.push_back(prefix); });
        for (size_t n = all.size(); n > 1; --n) std::swap(all[n - 1], all[source_.below(static_cast<unsigned>(n))]);
        for (const Prefix prefix : all) {
            ASSERT_EQ(tree.remove(prefix.address, prefix.len), 0);
            reference_.remove(prefix);
            ASSERT_EQ(tree.lookup(prefix.address), reference_.lookup(prefix.address));
        }
        expect_same_usage(tree.usage(), {});
    }

    Reference reference_;
    PrefixSource source_{2};
};

INSTANTIATE_TEST_SUITE_P(Shapes, FullTree, testing::Values(&fw::kEngineShape, &fw::kSoftwareShape), name_of);

TEST_P(FullTree, RefusesWithNothingChangedAndAlwaysHasRoomToRemove) {
    constexpr fw::TreeCapacity kSmall = {{100, 1800, 2500, 2500, 2500}, 4000};
    TreeTable table(*GetParam(), kSmall);
    for (unsigned round = 0; round < 3; ++round) {
        fill(table.tree, [this] { return source_.prefix(); });
        EXPECT_GT(table.tree.usage().prefixes, 400U);
        empty(table.tree);
        if (HasFatalFailure()) return;
    }
}

TEST_P(FullTree, ResultsRunOutBeforeNodes) {
    constexpr fw::TreeCapacity kFewResults = {{8192, 16384, 16384, 16384, 16384}, 2048};
    TreeTable table(*GetParam(), kFewResults);
    fill(table.tree, [this] { return source_.prefix(); });
    EXPECT_GT(table.tree.usage().chunks.results, 400U);
    empty(table.tree);
}

TEST_P(FullTree, ShortPrefixesTakeNoMemoryAndAlwaysFit) {
    constexpr fw::TreeCapacity kNone = {{0, 0, 0, 0, 0}, 0};
    TreeTable table(*GetParam(), kNone);
    for (unsigned len = 0; len <= 12; ++len) EXPECT_EQ(table.tree.put(0, len, static_cast<std::uint16_t>(len)), 0);
    EXPECT_EQ(table.tree.put(0, 13, 13), -fw::err::nospc);
    EXPECT_EQ(table.tree.lookup(0), 12);
}

}  // namespace
}  // namespace turnpike::lpm_test
