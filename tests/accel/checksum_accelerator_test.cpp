// SPDX-License-Identifier: Apache-2.0
#include "models/accel/checksum_accelerator.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tb/unit/internet_sum.h"
#include "tests/accel/initiator.h"
#include "tests/accel/random.h"

namespace turnpike {
namespace {

namespace csum = regs::checksum;

/// Memory at address 0 that answers after a fixed time, and beyond its end with an error.
class Memory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<Memory> socket;
    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(64 * 1024 + 128);
    std::uint64_t latency_ps = 0;
    std::vector<std::uint64_t> reads;  ///< addresses, in order

    explicit Memory(const sc_core::sc_module_name& name) : sc_module(name), socket("socket") {
        socket.register_b_transport(this, &Memory::transport);
    }

  private:
    void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
        reads.push_back(payload.get_address());
        if (latency_ps > 0) sc_core::wait(from_ps(latency_ps));
        if (payload.get_address() + payload.get_data_length() > bytes.size()) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        std::memcpy(payload.get_data_ptr(), bytes.data() + payload.get_address(), payload.get_data_length());
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
};

struct Bench {
    explicit Bench(const std::string& mode, std::uint64_t outstanding_reads = 32, Steps steps = Steps::due)
        : params{mode, 250, outstanding_reads},
          checksum("checksum", params, make_checksum_engine(mode), steps),
          cpu("cpu"),
          memory("memory") {
        cpu.socket.bind(checksum.registers);
        checksum.dma.bind(memory.socket);
        Random random(2);
        for (std::uint8_t& byte : memory.bytes) byte = static_cast<std::uint8_t>(random.word());
    }
    void command(std::uint64_t address, std::uint64_t length) {
        cpu.write(csum::COMMAND, csum::COMMAND_ADDRESS.of(address) | csum::COMMAND_LENGTH.of(length));
    }
    std::uint64_t expected(std::uint64_t address, std::uint64_t length, std::uint16_t seed = 0) const {
        return tb::internet_sum(std::span(memory.bytes).subspan(address, length), seed);
    }

    regs::params::accel_checksum params;
    ChecksumAccelerator checksum;
    Initiator cpu;
    Memory memory;
};

class EachChecksumMode : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Modes, EachChecksumMode, testing::Values("tlm", "rtl", "lockstep"));

TEST_P(EachChecksumMode, AllLengthsTo2048AreRight) {
    Bench bench(GetParam());
    bench.cpu.thread([&] {
        for (std::uint64_t length = 0; length <= 2048; ++length) {
            const std::uint64_t address = 1024 + length * 7 % 64;
            bench.command(address, length);
            ASSERT_EQ(bench.cpu.read(csum::RESULT), bench.expected(address, length)) << length;
        }
        EXPECT_EQ(bench.cpu.read(csum::PACKETS), 2049u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.checksum.stats().sums, 2049u);
    EXPECT_EQ(bench.checksum.stats().bytes, 2048u * 2049 / 2);
}

TEST_P(EachChecksumMode, AllAlignmentsAreRightWhateverTheSeed) {
    Bench bench(GetParam());
    bench.cpu.thread([&] {
        for (std::uint64_t offset = 0; offset < 64; ++offset) {
            for (std::uint64_t length : {0, 1, 2, 3, 19, 20, 63, 64, 65, 127, 128, 129}) {
                const auto seed = static_cast<std::uint16_t>(0xFEDC * (offset + 1));
                bench.cpu.write(csum::SEED, seed);
                bench.command(256 + offset, length);
                ASSERT_EQ(bench.cpu.read(csum::RESULT), bench.expected(256 + offset, length, seed))
                    << offset << " " << length;
            }
        }
    });
    sc_core::sc_start();
}

TEST(ChecksumAccelerator, EveryLengthTo2048AtEveryAlignmentIsRight) {
    Bench bench("tlm");
    bench.cpu.thread([&] {
        for (std::uint64_t offset = 0; offset < 64; ++offset) {
            for (std::uint64_t length = 0; length <= 2048; ++length) {
                bench.command(offset, length);
                ASSERT_EQ(bench.cpu.read(csum::RESULT), bench.expected(offset, length)) << offset << " " << length;
            }
        }
    });
    sc_core::sc_start();
}

TEST_P(EachChecksumMode, TheLongestSumIsRight) {
    Bench bench(GetParam());
    bench.memory.bytes.assign(bench.memory.bytes.size(), 0xFF);
    bench.cpu.thread([&] {
        bench.command(1, 65535);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), bench.expected(1, 65535));
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.checksum.stats().beats, 1024u);
}

TEST_P(EachChecksumMode, OnlyTheAlignedBlocksOfTheRangeAreRead) {
    Bench bench(GetParam());
    bench.cpu.thread([&] {
        bench.command(127, 66);
        bench.cpu.read(csum::RESULT);
        bench.command(64, 64);
        bench.cpu.read(csum::RESULT);
        bench.command(64, 0);
        bench.cpu.read(csum::RESULT);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.memory.reads, (std::vector<std::uint64_t>{64, 128, 192, 64}));
}

TEST_P(EachChecksumMode, MemoryThatDoesNotAnswerEndsTheSumWithABusError) {
    Bench bench(GetParam());
    const std::uint64_t end = bench.memory.bytes.size();
    bench.cpu.thread([&] {
        bench.command(end - 64, 200);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), csum::RESULT_BUS_ERROR.mask() | bench.expected(end - 64, 64));
        bench.command(0xFFFFFFFFFFFF, 65535);
        EXPECT_TRUE(csum::RESULT_BUS_ERROR.test(bench.cpu.read(csum::RESULT)));
        bench.command(100, 20);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), bench.expected(100, 20));
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.checksum.stats().bus_errors, 2u);
}

TEST_P(EachChecksumMode, AHeaderTakesItsMemoryReadAndFourClocksAndTheRegister) {
    Bench bench(GetParam());
    bench.memory.latency_ps = 90'000;
    bench.cpu.thread([&] {
        wait_until_ns(100);
        bench.command(128, 20);  // written at the edge at 100 ns, read from memory until 190
        EXPECT_EQ(now_ps(), 104'000u);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), bench.expected(128, 20));
        // Accepted at 192, out at 208, in RESULT at 212, the access is over at 216.
        EXPECT_EQ(now_ps(), 216'000u);
    });
    sc_core::sc_start();
}

TEST_P(EachChecksumMode, CommandsQueueInOrderAndResultWaitsForTheLast) {
    Bench bench(GetParam());
    bench.memory.latency_ps = 500'000;
    bench.cpu.thread([&] {
        for (unsigned n = 0; n < 40; ++n) bench.command(64 * n, 10 + n);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), bench.expected(64 * 39, 49));
        EXPECT_EQ(bench.cpu.read(csum::PACKETS), 40u);
    });
    sc_core::sc_start();
    std::vector<std::uint64_t> in_order;
    for (std::uint64_t n = 0; n < 40; ++n) in_order.push_back(64 * n);
    EXPECT_EQ(bench.memory.reads, in_order);
}

TEST_P(EachChecksumMode, AFullQueueHoldsTheNextCommandUp) {
    Bench bench(GetParam(), 1);
    bench.memory.latency_ps = 1'000'000;
    bench.cpu.thread([&] {
        for (unsigned n = 0; n < 17; ++n) bench.command(64 * n, 64);  // one under way, 16 waiting
        EXPECT_EQ(now_ps(), 17u * 4'000);
        bench.command(64, 64);  // until the first sum's memory has answered at 1000 ns
        EXPECT_GE(now_ps(), 1'000'000u);
        EXPECT_LE(now_ps(), 1'012'000u);
    });
    sc_core::sc_start();
}

/// Out of 40 blocks of a sum 8 are asked for at once, and each that is summed makes room for the next.
TEST_P(EachChecksumMode, AsManyReadsAreOutstandingAsTheMachineSays) {
    Bench bench(GetParam(), 8);
    bench.memory.latency_ps = 1'000'000;
    bench.cpu.thread([&] {
        bench.command(0, 40 * 64);
        wait_until_ns(900);
        EXPECT_EQ(bench.memory.reads.size(), 8u);
        wait_until_ns(1'900);
        EXPECT_EQ(bench.memory.reads.size(), 16u);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), bench.expected(0, 40 * 64));
        EXPECT_LT(now_ps(), 5'200'000u);
    });
    sc_core::sc_start();
}

/// Memory answers 92 ns after a read: 23 clocks, and 24 reads are enough for a block a clock, across commands too.
TEST_P(EachChecksumMode, ABlockAClockIsSummedWithoutABubbleBetweenCommands) {
    Bench bench(GetParam(), 24);
    bench.memory.latency_ps = 92'000;
    bench.cpu.thread([&] {
        for (unsigned n = 0; n < 16; ++n) bench.command(640 * n, 640);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), bench.expected(640 * 15, 640));
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.checksum.stats().beats, 160u);
    EXPECT_EQ(bench.checksum.stats().busy_cycles, 160u + 23);
}

TEST_P(EachChecksumMode, WhatWasAskedForBeyondAFailedReadIsDroppedAndTheNextSumIsWhole) {
    Bench bench(GetParam(), 8);
    bench.memory.latency_ps = 100'000;
    const std::uint64_t end = bench.memory.bytes.size();
    bench.cpu.thread([&] {
        bench.command(end - 64, 640);
        bench.command(64, 1280);
        EXPECT_EQ(bench.cpu.read(csum::RESULT), bench.expected(64, 1280));
        EXPECT_EQ(bench.cpu.read(csum::PACKETS), 2u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.checksum.stats().bus_errors, 1u);
    EXPECT_EQ(bench.checksum.stats().beats, 22u);
}

/// TURNPIKE_CHECKSUM_PACKETS packets (5,000 if unset) of random lengths at random addresses.
TEST_P(EachChecksumMode, RandomPacketsInMemoryAreSummedRight) {
    Bench bench(GetParam());
    bench.memory.latency_ps = 92'000;
    const char* wanted = std::getenv("TURNPIKE_CHECKSUM_PACKETS");
    const std::uint64_t packets = wanted == nullptr ? 5'000 : std::strtoull(wanted, nullptr, 10);
    Random random(9728);
    bench.cpu.thread([&] {
        for (std::uint64_t n = 0; n < packets; ++n) {
            const std::uint64_t length = random.percent(90) ? random.below(1'600) : random.below(9'729);
            const std::uint64_t address = random.below(32'768);
            const auto seed = static_cast<std::uint16_t>(random.word());
            bench.cpu.write(csum::SEED, seed);
            bench.command(address, length);
            ASSERT_EQ(bench.cpu.read(csum::RESULT), bench.expected(address, length, seed)) << address << " " << length;
        }
    });
    sc_core::sc_start();
}

/// Random commands, some of them several in a row, by an initiator that is ahead of time now and then.
TEST_P(EachChecksumMode, TheStepsInWhichTimePassesShowInNoAnswerAndNoTime) {
    std::vector<std::vector<std::uint64_t>> seen(2);
    std::vector<std::unique_ptr<Bench>> benches;
    for (const Steps steps : {Steps::due, Steps::each}) {
        benches.push_back(std::make_unique<Bench>(GetParam(), 32, steps));
        Bench& bench = *benches.back();
        std::vector<std::uint64_t>& told = seen[benches.size() - 1];
        bench.memory.latency_ps = 92'377;
        bench.cpu.thread([&bench, &told] {
            Random random(5);
            for (unsigned n = 0; n < 500; ++n) {
                for (std::uint64_t more = random.below(3); more > 0; --more)
                    bench.command(random.below(9'000), random.below(300));
                bench.cpu.ahead = from_ps(random.below(6'000));
                told.push_back(bench.cpu.read(random.percent(80) ? csum::RESULT : csum::PACKETS));
                told.push_back(now_ps());
                bench.cpu.ahead = sc_core::SC_ZERO_TIME;
                wait_until_ns(now_ps() / 1000 + random.below(200));
            }
        });
    }
    sc_core::sc_start();
    ASSERT_EQ(seen[0].size(), 1000u);
    EXPECT_EQ(seen[0], seen[1]);
}

TEST(ChecksumAccelerator, NoOutstandingReadAtAllIsAMistakeOfTheMachine) {
    EXPECT_THROW(Bench("tlm", 0), std::invalid_argument);
}

TEST_P(EachChecksumMode, ResultOfNoCommandAtAllIsReadAtOnce) {
    Bench bench(GetParam());
    bench.cpu.thread([&] { EXPECT_EQ(bench.cpu.read(csum::RESULT), 0u); });
    sc_core::sc_start();
}

}  // namespace
}  // namespace turnpike
