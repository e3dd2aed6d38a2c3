// SPDX-License-Identifier: Apache-2.0
#include "models/accel/lpm_accelerator.h"

#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "tb/unit/lpm_table.h"
#include "tests/accel/initiator.h"
#include "tests/accel/random.h"

namespace turnpike {
namespace {

namespace lpm = regs::lpm;

/// A core at the register window, and another at the lookup window, of an accelerator clocked with `mhz`.
struct Bench {
    explicit Bench(const std::string& mode, std::uint64_t mhz = 250, Steps steps = Steps::due)
        : params{mode, mhz}, lpm("lpm", params, make_lpm_engine(mode), steps), cpu("cpu"), looker("looker") {
        cpu.socket.bind(lpm.registers);
        looker.socket.bind(lpm.lookup);
    }
    void write_word(const tb::LpmTable::Word& word) {
        cpu.write(lpm::ENTRY_ADDR, word.place);
        cpu.write(lpm::ENTRY_HIGH, word.high);
        cpu.write(lpm::ENTRY_DATA, word.data);
    }
    std::uint64_t look_up(std::uint32_t address) { return looker.read(std::uint64_t{address} * 4, 4); }

    regs::params::accel_lpm params;
    LpmAccelerator lpm;
    Initiator cpu;
    Initiator looker;
};

class EachLpmMode : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Modes, EachLpmMode, testing::Values("tlm", "rtl", "lockstep"));

TEST_P(EachLpmMode, RandomTablesWrittenByRegistersAreAnsweredByTheirLongestPrefix) {
    Bench bench(GetParam());
    Random random(99);
    const tb::LpmTable table = tb::random_lpm_table(random, 60);
    bench.cpu.thread([&] {
        for (const tb::LpmTable::Word& word : table.words()) bench.write_word(word);
        bench.cpu.write(lpm::CTRL, 1);
        for (unsigned n = 0; n < 2000; ++n) {
            const std::uint32_t address = tb::random_lpm_address(random, table);
            ASSERT_EQ(bench.look_up(address), table.lookup(address)) << std::hex << address;
        }
        EXPECT_EQ(bench.cpu.read(lpm::LOOKUPS), 2000u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.lpm.stats().lookups, 2000u);
    EXPECT_EQ(bench.lpm.stats().lookup_cycles, 38000u);
    EXPECT_EQ(bench.lpm.stats().wait_cycles, 0u);
}

TEST_P(EachLpmMode, ALookupBlocksUntilNineteenClocksAfterTheNextEdge) {
    Bench bench(GetParam());  // 250 MHz: an edge each 4 ns
    bench.looker.thread([&] {
        wait_until_ns(100);
        EXPECT_EQ(bench.look_up(1), 0xFFFFu);
        EXPECT_EQ(now_ps(), 176'000u);
        wait_until_ns(201);
        bench.look_up(1);
        EXPECT_EQ(now_ps(), 280'000u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.lpm.stats().misses, 2u);
}

TEST_P(EachLpmMode, EdgesOfAnOddClockAreExact) {
    Bench bench(GetParam(), 300);  // edge n at n * 3333.3 ps
    bench.looker.thread([&] {
        bench.look_up(1);
        EXPECT_EQ(now_ps(), 63'333u);  // edge 19
        bench.look_up(1);
        EXPECT_EQ(now_ps(), 126'666u);  // edge 38
        wait_until_ns(3'000'000);
        bench.look_up(1);
        EXPECT_EQ(now_ps(), 3'000'063'333u);
        wait_until_ns(3'000'064);  // between edges 900019 and 900020
        bench.look_up(1);
        EXPECT_EQ(now_ps(), 3'000'130'000u);  // edge 900039
    });
    sc_core::sc_start();
}

TEST_P(EachLpmMode, ConcurrentLookupsAreAcceptedOneAClockInTheirOrder) {
    Bench bench(GetParam());
    std::vector<std::uint64_t> done(3);
    bench.cpu.thread([&] {
        for (unsigned n = 0; n < 3; ++n) bench.write_word({tb::LpmTable::place(0, n), 0, 100 + n});
        bench.cpu.write(lpm::CTRL, 1);
    });
    for (unsigned n = 0; n < 3; ++n) {
        bench.looker.thread([&, n] {
            wait_until_ns(997 + n);  // all wait for the edge at 1000 ns
            EXPECT_EQ(bench.look_up(n << 19), 100 + n);
            done[n] = now_ps();
        });
    }
    sc_core::sc_start();
    EXPECT_EQ(done, (std::vector<std::uint64_t>{1'076'000, 1'080'000, 1'084'000}));
    EXPECT_EQ(bench.lpm.stats().wait_cycles, 0u + 1 + 2);
}

TEST_P(EachLpmMode, TheStepsInWhichTimePassesShowInNoAnswerAndNoTime) {
    std::vector<std::vector<std::uint64_t>> seen(2);
    std::vector<std::unique_ptr<Bench>> benches;
    for (const Steps steps : {Steps::due, Steps::each}) {
        benches.push_back(std::make_unique<Bench>(GetParam(), 250, steps));
        Bench& bench = *benches.back();
        std::vector<std::uint64_t>& told = seen[benches.size() - 1];
        bench.looker.thread([&bench, &told] {
            for (unsigned n = 0; n < 8; ++n) bench.write_word({tb::LpmTable::place(0, n), 0, 100 + n});
            bench.cpu.write(lpm::CTRL, 1);
            Random random(3);
            for (unsigned n = 0; n < 500; ++n) {
                bench.looker.ahead = from_ps(random.below(6'000));
                told.push_back(bench.look_up(static_cast<std::uint32_t>(random.below(8)) << 19));
                told.push_back(now_ps());
            }
        });
    }
    sc_core::sc_start();
    ASSERT_EQ(seen[0].size(), 1000u);
    EXPECT_EQ(seen[0], seen[1]);
}

TEST_P(EachLpmMode, LookupsOf2And8BytesAreZeroExtended) {
    Bench bench(GetParam());
    bench.looker.thread([&] {
        EXPECT_EQ(bench.looker.read(4, 2), 0xFFFFu);
        EXPECT_EQ(bench.looker.read(4, 8), 0xFFFFu);
        EXPECT_EQ(bench.looker.read(std::uint64_t{0xFFFFFFFF} * 4, 4), 0xFFFFu);
    });
    sc_core::sc_start();
}

TEST_P(EachLpmMode, LookupsThatAreNoneAreBusErrors) {
    Bench bench(GetParam());
    bench.looker.thread([&] {
        EXPECT_EQ(bench.looker.write_raw(4, 1, 4), tlm::TLM_COMMAND_ERROR_RESPONSE);
        EXPECT_EQ(bench.looker.read_raw(2, 2).status, tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(bench.looker.read_raw(4, 1).status, tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(bench.looker.read_raw(0x400000000, 4).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(now_ps(), 0u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.lpm.stats().lookups, 0u);
}

TEST_P(EachLpmMode, RegisterAccessesTakeOneClockEach) {
    Bench bench(GetParam());
    bench.cpu.thread([&] {
        wait_until_ns(9);
        bench.cpu.write(lpm::ENTRY_ADDR, 3);
        EXPECT_EQ(now_ps(), 16'000u);  // edge at 12 ns, over at the next
        EXPECT_EQ(bench.cpu.read(lpm::ENTRY_ADDR), 3u);
        EXPECT_EQ(now_ps(), 20'000u);
    });
    sc_core::sc_start();
}

TEST_P(EachLpmMode, RegistersAreReadWholeAndUnknownOnesReadZeroWithADiagnosis) {
    Bench bench(GetParam());
    std::uint64_t before = diagnosis_count();
    set_diagnosis_handler([](const std::string&) {});
    bench.cpu.thread([&] {
        EXPECT_EQ(bench.cpu.read_raw(lpm::ID, 4).status, tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(bench.cpu.read_raw(lpm::ID + 4, 8).status, tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(bench.cpu.read(0x800), 0u);
        bench.cpu.write(0x800, 1);
        bench.cpu.write(0x800, 2);
    });
    sc_core::sc_start();
    set_diagnosis_handler({});
    EXPECT_EQ(diagnosis_count() - before, 2u);
}

TEST(LpmAccelerator, AClockOrModeThatCannotBeIsRefused) {
    EXPECT_THROW(LpmAccelerator("a", regs::params::accel_lpm{"tlm", 0}), std::invalid_argument);
    EXPECT_THROW(LpmAccelerator("b", regs::params::accel_lpm{"software", 250}), std::invalid_argument);
}

}  // namespace
}  // namespace turnpike
