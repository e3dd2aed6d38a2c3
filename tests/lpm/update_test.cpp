// SPDX-License-Identifier: Apache-2.0
// Changes while lookups flow at one a clock: every answer is the table's before or after the change under way, and for
// one address never the old one after the new.
#include <map>

#include "tests/lpm/pipeline.h"
#include "tests/lpm/tree_table.h"

namespace turnpike::lpm_test {
namespace {

class UnderLookups : public testing::Test {
  protected:
    void SetUp() override {
        table_.tree.attach(pipeline_.writer());
        pipeline_.next = [this] { return source_.address_near(under_way_); };
        pipeline_.answered = [this](const Pipeline::Lookup& lookup, std::uint16_t hop, std::uint64_t) {
            judge(lookup.address, hop);
        };
    }
    /// Lookups that began before this change have come out when it begins: the pipeline is let run dry in between.
    void judge(std::uint32_t address, std::uint16_t hop) {
        ++answers_;
        const std::uint16_t before = before_.lookup(address), after = after_.lookup(address);
        if (hop != before && hop != after) ++wrong_;
        if (before == after) return;
        bool& new_seen = new_seen_[address];
        if (hop == before && new_seen) ++back_;
        if (hop == after) new_seen = true;
    }
    void change(Prefix prefix) {
        under_way_ = prefix;
        new_seen_.clear();
        if (source_.below(5) < 3) {
            const std::uint16_t hop = source_.hop();
            after_.put(prefix, hop);
            ASSERT_EQ(table_.tree.put(prefix.address, prefix.len, hop), 0);
        } else {
            const bool there = after_.remove(prefix);
            ASSERT_EQ(table_.tree.remove(prefix.address, prefix.len), there ? 0 : -fw::err::srch);
        }
        pipeline_.finish();
        if (const auto hop = after_.find(prefix)) {
            before_.put(prefix, *hop);
        } else {
            before_.remove(prefix);
        }
        // From here on only the new answers.
        for (unsigned n = 0; n < 3; ++n) {
            const std::uint32_t address = source_.address_near(prefix);
            ASSERT_EQ(table_.tree.lookup(address), after_.lookup(address));
        }
    }

    TreeTable table_{fw::kEngineShape, kRoomy};
    Pipeline pipeline_{kRoomy};
    Reference before_, after_;
    PrefixSource source_{3};
    Prefix under_way_ = {0, 0};
    std::map<std::uint32_t, bool> new_seen_;
    unsigned answers_ = 0, wrong_ = 0, back_ = 0;
};

TEST_F(UnderLookups, EachAnswerIsOfTheTableBeforeOrAfterAndNeverGoesBack) {
    for (unsigned n = 0; n < 20000; ++n) {
        change(source_.prefix());
        if (HasFatalFailure()) return;
    }
    EXPECT_GT(answers_, 100000U);
    EXPECT_EQ(wrong_, 0U);
    EXPECT_EQ(back_, 0U);
}

TEST_F(UnderLookups, ShortPrefixesWriteEachWordOfTheRootOnce) {
    std::map<std::uint32_t, bool> seen;
    const std::uint64_t before = pipeline_.written;
    change({0, 0});
    ASSERT_EQ(table_.tree.put(0, 0, 1), 0);
    EXPECT_LE(pipeline_.written - before, 2 * 8192U);
    for (unsigned n = 0; n < 60; ++n) change(prefix_of(source_.address(), source_.below(13)));
    EXPECT_EQ(wrong_, 0U);
    EXPECT_EQ(back_, 0U);
}

TEST_F(UnderLookups, OneNextHopReplacedIsOneWord) {
    for (unsigned n = 0; n < 2; ++n) {
        ASSERT_EQ(table_.tree.put(0x0A000000, 24, 1), 0);
        ASSERT_EQ(table_.tree.put(0x0A000100, 24, 2), 0);
        const std::uint64_t before = pipeline_.written;
        ASSERT_EQ(table_.tree.put(0x0A000100, 24, 3), 0);
        EXPECT_EQ(pipeline_.written, before + 1);
    }
}

TEST_F(UnderLookups, AWriterThatComesLateFindsEverythingInItsPlace) {
    table_.tree.attach(nullptr);
    for (unsigned n = 0; n < 5000; ++n) {
        const Prefix prefix = source_.prefix();
        const std::uint16_t hop = source_.hop();
        before_.put(prefix, hop);
        after_.put(prefix, hop);
        ASSERT_EQ(table_.tree.put(prefix.address, prefix.len, hop), 0);
    }
    pipeline_.next = nullptr;
    table_.tree.attach(pipeline_.writer());
    pipeline_.next = [this] { return source_.address(); };
    for (unsigned n = 0; n < 3000; ++n) pipeline_.drain();
    EXPECT_GT(answers_, 20000U);
    EXPECT_EQ(wrong_, 0U);
}

}  // namespace
}  // namespace turnpike::lpm_test
