// SPDX-License-Identifier: Apache-2.0
// The branch predictor against its plain reference, branch by branch.
#include <gtest/gtest.h>

#include <random>

#include "tests/cpu/memory/asked.h"
#include "tests/cpu/memory/reference_predictor.h"

namespace turnpike::cpu {
namespace {

struct Site {
    u64 pc;
    BranchKind kind;
    u64 target;
    unsigned period;  ///< of a conditional branch that is not taken once a period; 0: random
};

/// A walk through a made-up program: some of its branches are loops, some random; others go on to where they lie.
class Walk {
  public:
    Walk(u64 seed, std::size_t sites) : random_(seed) {
        constexpr BranchKind kKinds[] = {BranchKind::conditional, BranchKind::conditional,   BranchKind::conditional,
                                         BranchKind::conditional, BranchKind::direct,        BranchKind::call,
                                         BranchKind::indirect,    BranchKind::indirect_call, BranchKind::ret};
        for (std::size_t n = 0; n < sites; ++n) {
            // Addresses above 32 bits, too, and many that meet in one set of the BTB.
            const u64 pc = (random_() % 4 << 36) + (random_() % 64 << 16) + random_() % 0x400 * 3;
            sites_.push_back({pc, kKinds[random_() % std::size(kKinds)], pc + random_() % 0x1000 - 0x800,
                              static_cast<unsigned>(random_() % 6)});
        }
    }

    /// Takes the next branch with both; whether they agree.
    template <class Left, class Right>
    ::testing::AssertionResult step(Left& left, Right& right) {
        const Site& site = sites_[at_];
        const bool conditional = site.kind == BranchKind::conditional;
        const bool taken = !conditional || (site.period == 0 ? random_() % 2 == 0 : ++count_ % site.period != 0);
        const bool elsewhere = !conditional && site.kind != BranchKind::direct && random_() % 8 == 0;
        u64 target = site.target + (elsewhere ? 0x40 : 0);
        if (site.kind == BranchKind::call || site.kind == BranchKind::indirect_call) calls_.push_back(site.pc + 5);
        if (site.kind == BranchKind::ret && !calls_.empty()) {
            target = calls_.back() + (elsewhere ? 1 : 0);
            calls_.pop_back();
        }
        at_ = (at_ * 5 + (taken ? 1 : 2) + (random_() % 32 == 0 ? random_() : 0)) % sites_.size();
        const BranchAnswer one = asked(left, site.pc, site.kind, taken, target, site.pc + 5);
        const BranchAnswer other = asked(right, site.pc, site.kind, taken, target, site.pc + 5);
        if (one == other) return ::testing::AssertionSuccess();
        return ::testing::AssertionFailure()
               << "kind " << static_cast<int>(site.kind) << " at 0x" << std::hex << site.pc << ": answers "
               << static_cast<unsigned>(one) << " and " << static_cast<unsigned>(other);
    }

  private:
    std::mt19937_64 random_;
    std::vector<Site> sites_;
    std::vector<u64> calls_;
    std::size_t at_ = 0;
    unsigned count_ = 0;
};

BranchShape shape(u64 tables, u64 table_log2, u64 tag_bits, u64 least, u64 most) {
    BranchShape shape;
    shape.tagged_tables = tables;
    shape.table_log2 = table_log2;
    shape.tag_bits = tag_bits;
    shape.min_history = least;
    shape.max_history = most;
    return shape;
}

TEST(BranchReference, EachShapePredictsAsItsReferenceDoes) {
    std::vector<BranchShape> shapes = {BranchShape{},
                                       shape(1, 4, 4, 1, 1),
                                       shape(1, 10, 9, 7, 7),
                                       shape(4, 7, 7, 2, 40),
                                       shape(5, 11, 10, 3, 64),
                                       shape(8, 13, 16, 1, 127),
                                       shape(8, 5, 5, 4, 128),
                                       shape(9, 12, 11, 5, 5),
                                       shape(16, 8, 13, 2, 200),
                                       shape(16, 20, 16, 3, 300)};
    for (std::size_t n = 0; n < shapes.size(); ++n) {
        shapes[n].bimodal_log2 = 4 + n;
        shapes[n].btb_ways = 1 + n % 4;
        shapes[n].btb_entries = shapes[n].btb_ways * (1 + n * 5);  // sets that are no power of two, too
        shapes[n].return_entries = 1 + 3 * n;
        BranchPredictor predictor(shapes[n]);
        ReferencePredictor reference(shapes[n]);
        Walk walk(n, 150);
        for (unsigned step = 0; step < 20'000; ++step) {
            ASSERT_TRUE(walk.step(predictor, reference)) << "shape " << n << ", step " << step;
        }
        EXPECT_GT(predictor.stats().resteers, 0u);
        EXPECT_GT(predictor.stats().wrong_direction, 100u);
    }
}

TEST(BranchReference, TheLongestHistoriesPredictAsTheirReferenceDoes) {
    const BranchShape longest = shape(16, 10, 12, 10, BranchHistory::kMostBranches - 16);
    BranchPredictor predictor(longest);
    ReferencePredictor reference(longest);
    Walk walk(1, 20);
    for (unsigned step = 0; step < 6000; ++step) ASSERT_TRUE(walk.step(predictor, reference)) << step;
}

TEST(BranchReference, UsefulEntriesAgeAsInTheReference) {
    const BranchShape small = shape(2, 4, 4, 1, 2);
    BranchPredictor predictor(small);
    ReferencePredictor reference(small);
    Walk walk(3, 60);
    for (unsigned step = 0; step < 100'000; ++step) ASSERT_TRUE(walk.step(predictor, reference)) << step;
    EXPECT_GT(reference.agings(), 3u);
}

TEST(BranchReference, WhatIsForeseenInVainChangesNothing) {
    BranchPredictor predictor{BranchShape{}};
    BranchPredictor distracted{BranchShape{}};
    Walk walk(4, 100);
    std::mt19937_64 random(5);
    for (unsigned step = 0; step < 20'000; ++step) {
        distracted.foresee(distracted.key(random() % 0x10000));
        ASSERT_TRUE(walk.step(predictor, distracted)) << step;
    }
}

}  // namespace
}  // namespace turnpike::cpu
