// SPDX-License-Identifier: Apache-2.0
// Lookups: random traffic in every shape, the rate, the latency, what is done under back-pressure.
#include "tb/unit/lpm_bench.h"

namespace turnpike::tb {
namespace {

namespace lpm = regs::lpm;

template <typename Shape>
class LpmLookups : public testing::Test {};
TYPED_TEST_SUITE(LpmLookups, LpmShapes);

TYPED_TEST(LpmLookups, RandomTablesAreAnsweredByTheirLongestPrefixUnderIdleAndStall) {
    Random random(824);
    LpmBench<TypeParam> bench;
    for (const Traffic traffic : {Traffic{100, 100}, {30, 100}, {100, 30}, {50, 50}, {10, 90}}) {
        const LpmTable table = bench.random_table(random, 100);
        bench.load(table);
        run_lookups(bench, table, random, 4000, traffic);
        EXPECT_EQ(bench.read(lpm::STATUS), 0u);
    }
}

TYPED_TEST(LpmLookups, NodesWithAllPrefixesAndChildrenAreAnsweredRight) {
    Random random(2004);
    LpmBench<TypeParam> bench;
    for (unsigned n = 0; n < 10; ++n) {
        const LpmTable table = bench.placed(random, full_nodes_table(random));
        bench.load(table);
        run_lookups(bench, table, random, 1000, {90, 90});
        EXPECT_EQ(bench.read(lpm::STATUS), 0u);
    }
}

TYPED_TEST(LpmLookups, OneLookupIsAcceptedEveryClock) {
    Random random(6);
    LpmBench<TypeParam> bench;
    const LpmTable table = bench.random_table(random, 50);
    bench.load(table);
    EXPECT_EQ(run_lookups(bench, table, random, 70'000, {100, 100}), 70'000u + bench.latency());
}

TYPED_TEST(LpmLookups, LatencyIsSevenClocksAndThoseOfTheMemories) {
    LpmBench<TypeParam> bench;
    EXPECT_EQ(bench.read(lpm::LATENCY), bench.latency());
    EXPECT_EQ(bench.read(lpm::MEMORY_CLOCKS), TypeParam::kMemoryClocks);
    bench.ports.valid_i = 1;
    const std::uint64_t accepted = bench.edge;
    bench.clock();
    bench.ports.valid_i = 0;
    while (!bench.ports.valid_o) bench.clock();
    EXPECT_EQ(bench.edge, accepted + bench.latency());
}

TYPED_TEST(LpmLookups, With32UnansweredNoneIsAcceptedAndNoneGetsLost) {
    LpmBench<TypeParam> bench;
    bench.write_word(0, 0, lpm::ENTRY_DATA_ROOT_DEFAULT.of(77));
    bench.write(lpm::CTRL, 1);
    bench.ports.ready_i = 0;
    bench.ports.valid_i = 1;
    bench.ports.address_i = 0;
    unsigned accepted = 0;
    for (unsigned n = 0; n < 100; ++n) {
        bench.ports.tag_i = static_cast<std::uint8_t>(accepted);
        bench.settle();
        accepted += bench.ports.ready_o;
        bench.clock();
    }
    EXPECT_EQ(accepted, 32u);
    bench.ports.ready_i = 1;
    bench.clock();
    EXPECT_TRUE(bench.ports.ready_o);  // the place of the first answer
    bench.clock();
    bench.ports.valid_i = 0;
    for (unsigned n = 2; n < 33; ++n) {
        while (!bench.ports.valid_o) bench.clock();
        EXPECT_EQ(bench.ports.tag_o, n);
        EXPECT_EQ(bench.ports.index_o, 77);
        bench.clock();
    }
    EXPECT_FALSE(bench.ports.valid_o);
    EXPECT_EQ(bench.read(lpm::LOOKUPS), 33u);
}

TYPED_TEST(LpmLookups, DisabledItAnswersAskSoftware) {
    LpmBench<TypeParam> bench;
    bench.write_word(0, 0x0A000001 >> 19, lpm::ENTRY_DATA_ROOT_DEFAULT.of(7));
    EXPECT_EQ(bench.look_up(0x0A000001), 0xFFFF);
    bench.write(lpm::CTRL, 1);
    EXPECT_EQ(bench.look_up(0x0A000001), 7);
    bench.write(lpm::CTRL, 0);
    EXPECT_EQ(bench.look_up(0x0A000001), 0xFFFF);
}

TYPED_TEST(LpmLookups, AWordThatIsReplacedUnderFullTrafficGivesTheOldAnswerThenTheNew) {
    Random random(13);
    LpmBench<TypeParam> bench;
    const LpmTable before({{0x0A010203, 32, 1}, {0x0A010200, 24, 2}});
    bench.load(before);
    // A copy of the last node with another result, in words not used yet; then its parent, word 0 of level 4, is moved.
    const std::uint64_t all = lpm::ENTRY_DATA_NODE_INTERNAL.of(1 << (7 + 3));
    bench.write_word(6, 100, 9);
    bench.write_word(5, 50, all | lpm::ENTRY_DATA_NODE_RESULTS.of(100));
    bench.write(lpm::ENTRY_ADDR, LpmTable::place(4, 0));
    bench.write(lpm::ENTRY_HIGH, 50);
    bench.ports.valid_i = 1;
    bench.ports.address_i = 0x0A010203;
    bool changed = false;
    for (unsigned n = 0; n < 100; ++n) {
        bench.ports.req_i = bench.ports.we_i = n == 40;
        bench.ports.addr_i = lpm::ENTRY_DATA;
        bench.ports.wdata_i = lpm::ENTRY_DATA_NODE_EXTERNAL.of(1);  // 0x0A010200 to 0x0A01020F
        bench.clock();
        if (!bench.ports.valid_o) continue;
        if (bench.ports.index_o == 9) changed = true;
        EXPECT_EQ(bench.ports.index_o, changed ? 9 : 1);
    }
    EXPECT_TRUE(changed);
}

}  // namespace
}  // namespace turnpike::tb
