// SPDX-License-Identifier: Apache-2.0
// Registers: places that do not exist, pointers that lead nowhere, counters, doorbells.
#include "tb/unit/lpm_bench.h"

namespace turnpike::tb {
namespace {

namespace lpm = regs::lpm;

constexpr std::uint64_t kHit = lpm::ENTRY_DATA_NODE_INTERNAL.of(1);
constexpr std::uint64_t kChild0 = lpm::ENTRY_DATA_NODE_EXTERNAL.of(1);
constexpr std::uint64_t kRootChild0 = lpm::ENTRY_DATA_ROOT_CHILD_VALID.mask();

template <typename Shape>
class LpmRegisters : public testing::Test {};
TYPED_TEST_SUITE(LpmRegisters, LpmShapes);

TYPED_TEST(LpmRegisters, CapacitiesAreThoseOfTheShape) {
    LpmBench<TypeParam> bench;
    for (unsigned n = 0; n < 6; ++n) EXPECT_EQ(bench.read(lpm::CAPACITY_LEVEL1 + 8 * n), TypeParam::kWords[n]);
}

TYPED_TEST(LpmRegisters, WordsBeyondAMemoryAreDroppedAndReported) {
    LpmBench<TypeParam> bench;
    const auto written = [&](unsigned memory, std::uint64_t index) {
        bench.write(lpm::STATUS, 0xF);
        bench.write_word(memory, index, 0);
        return bench.read(lpm::STATUS) == 0;
    };
    EXPECT_TRUE(written(0, 8191));
    EXPECT_FALSE(written(0, 8192));
    for (unsigned memory = 1; memory < 7; ++memory) {
        EXPECT_TRUE(written(memory, TypeParam::kWords[memory - 1] - 1)) << memory;
        EXPECT_FALSE(written(memory, TypeParam::kWords[memory - 1])) << memory;
        EXPECT_FALSE(written(memory, 0xFFFFFF)) << memory;
    }
    EXPECT_FALSE(written(7, 0));
    EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BAD_ADDRESS.mask());
}

TYPED_TEST(LpmRegisters, WordsWithChildrenBeyondTheLevelBelowAreDroppedAndReported) {
    LpmBench<TypeParam> bench;
    bench.write_word(0, 0, lpm::ENTRY_DATA_ROOT_CHILD.of(TypeParam::kWords[0] - 1));
    for (unsigned level = 1; level < 5; ++level) bench.write_word(level, 0, 0, TypeParam::kWords[level] - 1);
    bench.write_word(5, 0, 0, 0xFFFFF);  // the last level has no children
    EXPECT_EQ(bench.read(lpm::STATUS), 0u);
    bench.write_word(0, 0, lpm::ENTRY_DATA_ROOT_CHILD.of(TypeParam::kWords[0]));
    EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BAD_ADDRESS.mask());
    for (unsigned level = 1; level < 5; ++level) {
        bench.write(lpm::STATUS, lpm::STATUS_BAD_ADDRESS.mask());
        bench.write_word(level, 0, 0, TypeParam::kWords[level]);
        EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BAD_ADDRESS.mask()) << level;
    }
}

/// A chain of first children from the root to `level`, whose node 0 is then `word`.
template <typename Shape>
void write_chain(LpmBench<Shape>& bench, unsigned level, std::uint64_t word, std::uint64_t high) {
    bench.write(lpm::CTRL, 1);
    bench.write_word(0, 0, kRootChild0);
    for (unsigned n = 1; n < level; ++n) bench.write_word(n, 0, kChild0);
    bench.write_word(level, 0, word, high);
}

TYPED_TEST(LpmRegisters, AChildBeyondItsLevelAnswersAskSoftwareAndIsReported) {
    for (unsigned level = 1; level < 5; ++level) {
        LpmBench<TypeParam> bench;
        // 16 children, of which only the first fits.
        write_chain(bench, level, kHit | lpm::ENTRY_DATA_NODE_EXTERNAL.of(0xFFFF), TypeParam::kWords[level] - 1);
        EXPECT_EQ(bench.look_up(0), 0) << level;
        EXPECT_EQ(bench.read(lpm::STATUS), 0u) << level;
        EXPECT_EQ(bench.look_up(15U << (32 - 13 - 4 * level)), 0xFFFF) << level;
        EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BAD_POINTER.mask()) << level;
        bench.write(lpm::STATUS, lpm::STATUS_BAD_POINTER.mask());
        EXPECT_EQ(bench.read(lpm::STATUS), 0u) << level;
    }
}

TYPED_TEST(LpmRegisters, AResultBeyondItsMemoryAnswersAskSoftwareAndIsReported) {
    for (unsigned level = 1; level < 6; ++level) {
        LpmBench<TypeParam> bench;
        const std::uint64_t last = TypeParam::kWords[5] - 1;
        bench.write_word(6, last, 5);
        const auto stride = [&](std::uint32_t bits) { return level == 5 ? bits : bits << (32 - 16 - 4 * (level - 1)); };
        const std::uint64_t results = lpm::ENTRY_DATA_NODE_RESULTS.of(last);
        write_chain(bench, level, lpm::ENTRY_DATA_NODE_INTERNAL.of(0x7FFF) | results, 0);
        EXPECT_EQ(bench.look_up(stride(7)), 0xFFFF) << level;  // the last of 15 results
        EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BAD_POINTER.mask());
        bench.write(lpm::STATUS, 0xF);
        write_chain(bench, level, lpm::ENTRY_DATA_NODE_INTERNAL.of(3) | results, 0);
        EXPECT_EQ(bench.look_up(0), 0xFFFF) << level;  // the second of two
        EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BAD_POINTER.mask());
        bench.write(lpm::STATUS, 0xF);
        EXPECT_EQ(bench.look_up(stride(4)), 5) << level;  // the first
        EXPECT_EQ(bench.read(lpm::STATUS), 0u);
    }
}

TYPED_TEST(LpmRegisters, EntryAddressMovesOnWithinItsMemory) {
    LpmBench<TypeParam> bench;
    bench.write(lpm::ENTRY_ADDR, LpmTable::place(1, 0xFFFFFF));
    bench.write(lpm::ENTRY_DATA, 0);
    EXPECT_EQ(bench.read(lpm::ENTRY_ADDR), LpmTable::place(1, 0));
    bench.write(lpm::ENTRY_DATA, 0);
    EXPECT_EQ(bench.read(lpm::ENTRY_ADDR), LpmTable::place(1, 1));
}

TYPED_TEST(LpmRegisters, LookupsAreCountedWhenTheyAreAccepted) {
    LpmBench<TypeParam> bench;
    for (unsigned n = 0; n < 5; ++n) bench.look_up(n);
    EXPECT_EQ(bench.read(lpm::LOOKUPS), 5u);
}

TYPED_TEST(LpmRegisters, DrainCountsWhatWasAcceptedBeforeItWasWrittenDownToNone) {
    LpmBench<TypeParam> bench;
    EXPECT_EQ(bench.read(lpm::DRAIN), 0u);
    bench.ports.ready_i = 0;
    bench.ports.valid_i = 1;
    bench.clock();
    bench.clock();
    bench.clock();
    bench.write(lpm::DRAIN, 0);  // a fourth is accepted in this clock
    bench.ports.valid_i = 0;
    EXPECT_EQ(bench.read(lpm::DRAIN), 3u);
    while (!bench.ports.valid_o) bench.clock();
    EXPECT_EQ(bench.read(lpm::DRAIN), 3u);
    bench.ports.ready_i = 1;
    bench.clock();
    EXPECT_EQ(bench.read(lpm::DRAIN), 2u);  // the read's clock takes one more
    bench.clock();
    EXPECT_EQ(bench.read(lpm::DRAIN), 0u);
}

TYPED_TEST(LpmRegisters, RecordsOfUpdateListsWaitWhileTheBusWrites) {
    LpmBench<TypeParam> bench;
    bench.write(lpm::CTRL, 1);
    bench.write(lpm::UPDATE_DOORBELL, 2);
    EXPECT_EQ(bench.read(lpm::UPDATE_PENDING), 2u);
    bench.ports.update_valid_i = 1;
    bench.ports.update_place_i = static_cast<std::uint32_t>(LpmTable::place(0, 3));
    bench.ports.update_high_i = 0;
    bench.ports.update_data_i = 21;
    bench.ports.req_i = bench.ports.we_i = 1;
    bench.settle();
    EXPECT_FALSE(bench.ports.update_ready_o);
    bench.write(lpm::ENTRY_ADDR, 5);
    bench.settle();
    EXPECT_TRUE(bench.ports.update_ready_o);
    bench.clock();
    bench.ports.update_valid_i = 0;
    EXPECT_EQ(bench.read(lpm::UPDATE_PENDING), 1u);
    EXPECT_EQ(bench.read(lpm::ENTRY_ADDR), 5u);
    EXPECT_EQ(bench.look_up(3U << 19), 21);
    bench.ports.dropped_i = 1;
    bench.ports.bus_error_i = 1;
    bench.clock();
    bench.ports.dropped_i = bench.ports.bus_error_i = 0;
    EXPECT_EQ(bench.read(lpm::UPDATE_PENDING), 0u);
    EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BUS_ERROR.mask());
}

TYPED_TEST(LpmRegisters, DoorbellsAreHandedOnWithWhatCountsForThem) {
    LpmBench<TypeParam> bench;
    auto& ports = bench.ports;
    bench.write(lpm::UPDATE_BASE, 0x123456789ABF);
    bench.write(lpm::LOOKASIDE_REQUESTS, 0xABCDEF012345);
    bench.write(lpm::LOOKASIDE_COMPLETIONS, 0x543210FEDCBA);
    bench.write(lpm::LOOKASIDE_ENTRIES, 256);
    const auto ring = [&](std::uint64_t offset, std::uint64_t value) {
        ports.req_i = ports.we_i = 1;
        ports.addr_i = static_cast<std::uint16_t>(offset);
        ports.wdata_i = value;
        bench.settle();
    };
    ring(lpm::UPDATE_DOORBELL, 0x12345678FFFFF);
    EXPECT_TRUE(ports.update_o && !ports.lookaside_o);
    EXPECT_EQ(ports.update_base_o, 0x123456789AB0u);
    EXPECT_EQ(ports.count_o, 0xFFFFFu);
    ring(lpm::LOOKASIDE_TAIL, 0x1FFFFFFFF);
    EXPECT_TRUE(ports.lookaside_o && !ports.update_o);
    EXPECT_EQ(ports.lookaside_requests_o, 0xABCDEF012340u);
    EXPECT_EQ(ports.lookaside_completions_o, 0x543210FEDC80u);
    EXPECT_EQ(ports.lookaside_entries_o, 256u);
    EXPECT_EQ(ports.count_o, 0xFFFFFFFFu);
    bench.clock();
    ports.req_i = 0;
    bench.settle();
    EXPECT_FALSE(ports.update_o || ports.lookaside_o);
}

TYPED_TEST(LpmRegisters, CompletionsMoveTheHeadAndANewRingStartsAtZero) {
    LpmBench<TypeParam> bench;
    bench.write(lpm::LOOKASIDE_TAIL, 9);
    bench.ports.completed_i = 8;
    bench.clock();
    bench.ports.completed_i = 1;
    bench.ports.bad_ring_i = 1;
    bench.clock();
    bench.ports.completed_i = bench.ports.bad_ring_i = 0;
    EXPECT_EQ(bench.read(lpm::LOOKASIDE_HEAD), 9u);
    bench.ports.completed_i = 8;
    for (unsigned n = 0; n < 9'000; ++n) bench.clock();
    bench.ports.completed_i = 0;
    EXPECT_EQ(bench.read(lpm::LOOKASIDE_HEAD), 9u + 8 * 9'000);
    EXPECT_EQ(bench.read(lpm::STATUS), lpm::STATUS_BAD_RING.mask());
    bench.write(lpm::LOOKASIDE_ENTRIES, 64);
    EXPECT_EQ(bench.read(lpm::LOOKASIDE_HEAD), 0u);
    EXPECT_EQ(bench.read(lpm::LOOKASIDE_TAIL), 0u);
}

}  // namespace
}  // namespace turnpike::tb
