// SPDX-License-Identifier: Apache-2.0
// The tree bitmap of both shapes against the plain reference.
#include "sw/lpm/software_lookup.h"
#include "tests/lpm/tree_table.h"

namespace turnpike::lpm_test {
namespace {

using fw::kEngineShape;
using fw::kSoftwareShape;

class Tree : public testing::TestWithParam<const fw::TreeShape*> {
  protected:
    void put(Prefix prefix, std::uint16_t hop) {
        ASSERT_EQ(table_.tree.put(prefix.address, prefix.len, hop), 0);
        reference_.put(prefix, hop);
    }
    void remove(Prefix prefix) {
        const int wanted = reference_.remove(prefix) ? 0 : -fw::err::srch;
        ASSERT_EQ(table_.tree.remove(prefix.address, prefix.len), wanted);
    }
    std::uint16_t lookup(std::uint32_t address) {
        const std::uint16_t hop = table_.tree.lookup(address);
        if (GetParam() == &kSoftwareShape) {
            fw::SoftwareTable parts;
            parts.of(table_.tree);
            EXPECT_EQ(fw::software_lookup(parts, address), hop);
        }
        return hop;
    }
    void expect_same_near(Prefix prefix) {
        for (unsigned n = 0; n < 6; ++n) {
            const std::uint32_t address = source_.address_near(prefix);
            ASSERT_EQ(lookup(address), reference_.lookup(address)) << std::hex << address;
        }
    }
    void change(Prefix prefix) {
        expect_same_near(prefix);
        if (source_.below(5) < 3) {
            put(prefix, source_.hop());
        } else {
            remove(prefix);
        }
        expect_same_near(prefix);
    }

    TreeTable table_{*GetParam(), kRoomy};
    Reference reference_;
    PrefixSource source_{1};
};

INSTANTIATE_TEST_SUITE_P(Shapes, Tree, testing::Values(&kEngineShape, &kSoftwareShape), name_of);

TEST_P(Tree, AnEmptyTableMatchesNothing) {
    for (const std::uint32_t address : {0U, 1U, 0x7FFFFFFFU, 0xFFFFFFFFU}) EXPECT_EQ(lookup(address), kMiss);
    EXPECT_EQ(table_.tree.remove(0, 0), -fw::err::srch);
    EXPECT_EQ(table_.tree.remove(0x0A000000, 24), -fw::err::srch);
}

TEST_P(Tree, OfAllLengthsOverOneAddressTheLongestWinsWhateverTheOrder) {
    const std::uint32_t address = 0xC6336401;
    for (unsigned n = 0; n <= 32; ++n) put(prefix_of(address, n * 10 % 33), static_cast<std::uint16_t>(n * 10 % 33));
    for (unsigned len = 32;; --len) {
        EXPECT_EQ(lookup(address), len);
        if (len > 0) {
            EXPECT_EQ(lookup(address ^ (1U << (32 - len))), len - 1);
        }
        remove(prefix_of(address, len));
        if (len == 0) break;
    }
    EXPECT_EQ(lookup(address), kMiss);
    expect_same_usage(table_.tree.usage(), {});
}

TEST_P(Tree, EveryLengthAtBothEndsOfTheAddressSpaceIsARangeOfItsOwn) {
    for (unsigned len = 0; len <= 32; ++len) {
        for (const Prefix prefix : {prefix_of(0, len), prefix_of(~0U, len)}) {
            put(prefix, 7);
            expect_same_near(prefix);
            std::uint16_t hop = 0;
            EXPECT_TRUE(table_.tree.find(prefix.address, prefix.len, &hop));
            EXPECT_EQ(hop, 7);
            remove(prefix);
            EXPECT_FALSE(table_.tree.find(prefix.address, prefix.len, &hop));
        }
    }
}

TEST_P(Tree, ANextHopOf0xFFFFHidesTheShorterPrefix) {
    put(prefix_of(0x0A000000, 8), 1);
    put(prefix_of(0x0A010000, 16), kMiss);
    EXPECT_EQ(lookup(0x0A010203), kMiss);
    EXPECT_EQ(lookup(0x0A020203), 1);
}

TEST_P(Tree, AgreesBeforeAndAfterEachOf100000RandomChangesAndTakesNoMoreThanAFreshBuild) {
    for (unsigned n = 0; n < 100000; ++n) {
        change(source_.prefix());
        if (HasFatalFailure()) return;
    }
    EXPECT_GT(reference_.size(), 5000U);
    EXPECT_EQ(table_.tree.usage().prefixes, reference_.size());
    expect_same_usage(table_.tree.usage(), usage_of_fresh_build(reference_, *GetParam(), kRoomy));
}

TEST_P(Tree, EveryPrefixIsFoundAndWhenAllAreGoneNothingIsInUse) {
    for (unsigned n = 0; n < 20000; ++n) put(source_.prefix(), source_.hop());
    std::vector<Prefix> all;
    reference_.for_each([&](Prefix prefix, std::uint16_t wanted) {
        std::uint16_t hop = 0;
        ASSERT_TRUE(table_.tree.find(prefix.address, prefix.len, &hop));
        ASSERT_EQ(hop, wanted);
        all.push_back(prefix);
    });
    for (const Prefix prefix : all) remove(prefix);
    expect_same_usage(table_.tree.usage(), {});
}

TEST_P(Tree, MemoryLostToFragmentationIsLessThanOneChunkForEachSizeAndOneInSixOfTheRest) {
    for (unsigned n = 0; n < 60000; ++n) change(source_.prefix());
    const fw::TreeUsage usage = table_.tree.usage();
    const unsigned sizes = GetParam() == &kEngineShape ? 15 : 24;
    const unsigned chunk = fw::BlockPool::chunk_cells_for(kRoomy.results, GetParam()->longest_results());
    EXPECT_LE(usage.chunks.results, usage.blocks.results * 6 / 5 + sizes * chunk);
    EXPECT_GE(usage.chunks.results, usage.blocks.results);
}

}  // namespace
}  // namespace turnpike::lpm_test
