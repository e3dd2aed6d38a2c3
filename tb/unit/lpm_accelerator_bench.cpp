// SPDX-License-Identifier: Apache-2.0
#include <Vlpm_accelerator.h>

#include <deque>

#include "regs/lpm.h"
#include "tb/unit/bench.h"
#include "tb/unit/lpm_table.h"

namespace turnpike::tb {
namespace {

namespace lpm = regs::lpm;

class LpmBench : public Bench<Vlpm_accelerator> {
  public:
    void write_entry(unsigned level, std::uint32_t index, std::uint32_t data) {
        write(lpm::ENTRY_ADDR, lpm::ENTRY_ADDR_LEVEL.of(level) | lpm::ENTRY_ADDR_INDEX.of(index));
        write(lpm::ENTRY_DATA, data);
    }
    void load(const LpmTable& table) {
        for (const LpmTable::Entry& entry : table.entries()) write_entry(entry.level, entry.index, entry.data);
        write(lpm::CTRL, lpm::CTRL_ENABLE.mask());
    }
    /// One lookup with nothing else going on.
    std::uint16_t look_up(std::uint32_t address) {
        ports.valid_i = 1;
        ports.address_i = address;
        clock();
        ports.valid_i = 0;
        while (!ports.valid_o) clock();
        const std::uint16_t index = ports.index_o;
        clock();
        return index;
    }
};

struct Asked {
    std::uint32_t address;
    std::uint8_t tag;
    std::uint64_t edge;
};

/// Random lookups, offered and taken with the given chances; checks answers, order and tags. Returns the clocks it
/// took.
std::uint64_t run_lookups(LpmBench& bench, const LpmTable& table, Random& random, unsigned count, unsigned offer,
                          unsigned take) {
    std::deque<Asked> asked;
    unsigned offered = 0;
    unsigned answered = 0;
    const std::uint64_t begin = bench.edge;
    bool waiting = false;  // an offer stays until it is taken
    while (answered < count) {
        if (!waiting && offered < count && random.percent(offer)) {
            bench.ports.valid_i = 1;
            bench.ports.address_i = random_lpm_address(random, table);
            bench.ports.tag_i = static_cast<std::uint8_t>(random.word());
            ++offered;
            waiting = true;
        }
        bench.ports.ready_i = random.percent(take);
        bench.settle();
        if (waiting && bench.ports.ready_o) asked.push_back({bench.ports.address_i, bench.ports.tag_i, bench.edge});
        if (bench.ports.valid_o && bench.ports.ready_i) {
            EXPECT_FALSE(asked.empty());
            if (asked.empty()) return 0;
            const Asked lookup = asked.front();
            asked.pop_front();
            ++answered;
            EXPECT_EQ(bench.ports.index_o, table.lookup(lookup.address)) << std::hex << lookup.address;
            EXPECT_EQ(bench.ports.tag_o, lookup.tag);
            if (take == 100) {
                EXPECT_EQ(bench.edge, lookup.edge + 6);
            }
        }
        const bool accepted = waiting && bench.ports.ready_o;
        bench.clock();
        if (accepted) {
            waiting = false;
            bench.ports.valid_i = 0;
        }
    }
    return bench.edge - begin;
}

TEST(LpmRtlBench, RandomTablesAreAnsweredByTheirLongestPrefixUnderIdleAndStall) {
    Random random(824);
    LpmBench bench;
    for (const auto& [offer, take] : {std::pair{100u, 100u}, {30u, 100u}, {100u, 30u}, {50u, 50u}, {10u, 90u}}) {
        const LpmTable table = random_lpm_table(random, 120);
        ASSERT_LE(table.nodes(3), 256u);
        bench.load(table);
        run_lookups(bench, table, random, 4000, offer, take);
    }
}

TEST(LpmRtlBench, OneLookupIsAcceptedEveryClock) {
    Random random(6);
    LpmBench bench;
    const LpmTable table = random_lpm_table(random, 50);
    bench.load(table);
    EXPECT_EQ(run_lookups(bench, table, random, 1000, 100, 100), 1000u + 6);
}

TEST(LpmRtlBench, LatencyRegisterSaysTheSixClocksThatItTakes) {
    LpmBench bench;
    EXPECT_EQ(bench.read(lpm::LATENCY), 6u);
    bench.ports.valid_i = 1;
    const std::uint64_t accepted = bench.edge;
    bench.clock();
    bench.ports.valid_i = 0;
    while (!bench.ports.valid_o) bench.clock();
    EXPECT_EQ(bench.edge, accepted + 6);
}

TEST(LpmRtlBench, DisabledItAnswersAskSoftware) {
    LpmBench bench;
    bench.write_entry(0, 10, 7);
    EXPECT_EQ(bench.look_up(0x0A000001), 0xFFFF);
    bench.write(lpm::CTRL, 1);
    EXPECT_EQ(bench.look_up(0x0A000001), 7);
    bench.write(lpm::CTRL, 0);
    EXPECT_EQ(bench.look_up(0x0A000001), 0xFFFF);
}

TEST(LpmRtlBench, ChildrenThatNoMemoryHoldsAnswerAskSoftware) {
    LpmBench bench;
    bench.write(lpm::CTRL, 1);
    bench.write_entry(0, 10, 0x10000 | 256);  // level 1 has nodes 0 to 255
    EXPECT_EQ(bench.look_up(0x0A000001), 0xFFFF);
    bench.write_entry(0, 10, 0x10000);
    bench.write_entry(1, 0, 0x10000);
    bench.write_entry(2, 0, 0x10000);
    bench.write_entry(3, 1, 0x10000 | 5);  // there is no level 4
    bench.write_entry(3, 2, 5);
    EXPECT_EQ(bench.look_up(0x0A000001), 0xFFFF);
    EXPECT_EQ(bench.look_up(0x0A000002), 5);
}

TEST(LpmRtlBench, EntriesBeyondALevelAreDroppedAndReported) {
    LpmBench bench;
    bench.write(lpm::CTRL, 1);
    bench.write_entry(0, 0, 3);
    EXPECT_EQ(bench.read(lpm::STATUS), 0u);
    bench.write_entry(0, 256, 9);
    EXPECT_EQ(bench.read(lpm::STATUS), 1u);
    EXPECT_EQ(bench.look_up(0x00000001), 3);
    bench.write(lpm::STATUS, 1);
    EXPECT_EQ(bench.read(lpm::STATUS), 0u);
    bench.write_entry(3, 65535, 9);
    EXPECT_EQ(bench.read(lpm::STATUS), 0u);
    bench.write_entry(3, 65536, 9);
    EXPECT_EQ(bench.read(lpm::STATUS), 1u);
}

TEST(LpmRtlBench, EntryAddressMovesOnWithinItsLevel) {
    LpmBench bench;
    bench.write(lpm::ENTRY_ADDR, lpm::ENTRY_ADDR_LEVEL.of(1) | 0xFFFFFF);
    bench.write(lpm::ENTRY_DATA, 0);
    EXPECT_EQ(bench.read(lpm::ENTRY_ADDR), lpm::ENTRY_ADDR_LEVEL.of(1));
    bench.write(lpm::ENTRY_DATA, 0);
    EXPECT_EQ(bench.read(lpm::ENTRY_ADDR), lpm::ENTRY_ADDR_LEVEL.of(1) | 1);
}

TEST(LpmRtlBench, LookupsAreCountedWhenTheyAreAccepted) {
    LpmBench bench;
    for (unsigned n = 0; n < 5; ++n) bench.look_up(n);
    EXPECT_EQ(bench.read(lpm::LOOKUPS), 5u);
}

}  // namespace
}  // namespace turnpike::tb
