// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <vector>

#include "regs/checksum.h"
#include "tb/unit/checksum_bench.h"
#include "tb/unit/internet_sum.h"

namespace turnpike::tb {
namespace {

namespace csum = regs::checksum;

struct Expected {
    std::uint16_t sum;
    bool error;
    std::uint64_t last_edge;
};

/// Random sums back to back, offered and taken with the given chances.
void run_sums(ChecksumBench& bench, Random& random, unsigned count, unsigned offer, unsigned take) {
    std::deque<Beat> beats;
    std::deque<std::pair<std::uint16_t, bool>> sums;  // of the beats not yet accepted
    std::deque<Expected> expected;
    for (unsigned n = 0; n < count; ++n) {
        const std::vector<std::uint8_t> packet = random_packet(random, random.below(300));
        const std::uint16_t seed = static_cast<std::uint16_t>(random.word());
        std::vector<Beat> packet_beats = beats_of(packet, random.below(64), seed, random);
        const bool error = random.percent(10);
        packet_beats.back().error = error;
        beats.insert(beats.end(), packet_beats.begin(), packet_beats.end());
        sums.emplace_back(internet_sum(packet, seed), error);
    }
    unsigned answered = 0;
    bool waiting = false;
    while (answered < count) {
        if (!waiting && !beats.empty() && random.percent(offer)) {
            bench.offer(beats.front());
            waiting = true;
        }
        bench.ports.ready_i = random.percent(take);
        bench.settle();
        const bool accepted = waiting && bench.ports.ready_o;
        if (accepted && beats.front().last) {
            expected.push_back({sums.front().first, sums.front().second, bench.edge});
            sums.pop_front();
        }
        if (bench.ports.valid_o && bench.ports.ready_i) {
            ASSERT_FALSE(expected.empty());
            EXPECT_EQ(bench.ports.sum_o, expected.front().sum);
            EXPECT_EQ(bench.ports.error_o != 0, expected.front().error);
            if (take == 100) {
                EXPECT_EQ(bench.edge, expected.front().last_edge + 4);
            }
            expected.pop_front();
            ++answered;
        }
        bench.clock();
        if (accepted) {
            beats.pop_front();
            waiting = false;
            bench.ports.valid_i = 0;
        }
    }
}

TEST(ChecksumRtlBench, TheExampleOfRfc1071Section3) {
    Random random(1071);
    ChecksumBench bench;
    const std::vector<std::uint8_t> bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    // ddf2 in network order; the registers hold memory order.
    for (unsigned lane = 0; lane < 64; ++lane) EXPECT_EQ(bench.sum(beats_of(bytes, lane, 0, random)), 0xf2dd) << lane;
}

TEST(ChecksumRtlBench, RandomSumsUnderIdleAndStall) {
    Random random(791);
    ChecksumBench bench;
    for (const auto& [offer, take] : {std::pair{100u, 100u}, {30u, 100u}, {100u, 30u}, {50u, 50u}, {10u, 90u}}) {
        run_sums(bench, random, 1500, offer, take);
    }
}

TEST(ChecksumRtlBench, OneBeatIsAcceptedEveryClockAcrossSums) {
    Random random(64);
    ChecksumBench bench;
    unsigned finished = 0;
    for (unsigned n = 0; n < 200; ++n) {
        const std::vector<std::uint8_t> packet = random_packet(random, 1 + n % 64);
        bench.offer(beats_of(packet, 0, 0, random).front());
        bench.settle();
        ASSERT_TRUE(bench.ports.ready_o);
        finished += bench.ports.valid_o;
        bench.clock();
    }
    EXPECT_EQ(finished, 196u);  // all but those of the last 4 clocks
}

TEST(ChecksumRtlBench, AnEmptySumIsItsSeed) {
    Random random(1);
    ChecksumBench bench;
    EXPECT_EQ(bench.sum(beats_of({}, 0, 0x1234, random)), 0x1234);
    EXPECT_EQ(bench.sum(beats_of({}, 3, 0x1234, random)), 0x1234);
}

TEST(ChecksumRtlBench, LongSumsDoNotOverflow) {
    Random random(2);
    ChecksumBench bench;
    const std::vector<std::uint8_t> ones(65535, 0xFF);
    EXPECT_EQ(bench.sum(beats_of(ones, 1, 0xFFFF, random)), internet_sum(ones, 0xFFFF));
}

TEST(ChecksumRtlBench, ResultAndPacketsShowTheSumFromTheClockAfterItCameOut) {
    Random random(3);
    ChecksumBench bench;
    const std::vector<std::uint8_t> bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    std::vector<Beat> beats = beats_of(bytes, 0, 0, random);
    beats.back().error = true;
    bench.sum(beats);
    EXPECT_EQ(bench.read(csum::RESULT), csum::RESULT_SUM.of(0xf2dd) | csum::RESULT_BUS_ERROR.mask());
    EXPECT_EQ(bench.read(csum::PACKETS), 1u);
}

TEST(ChecksumRtlBench, ACommandIsHandedOnWithTheSeedOfThatMoment) {
    ChecksumBench bench;
    bench.write(csum::SEED, 0xBEEF);
    bench.ports.req_i = 1;
    bench.ports.we_i = 1;
    bench.ports.addr_i = csum::COMMAND;
    bench.ports.wdata_i = csum::COMMAND_ADDRESS.of(0x123456789ABC) | csum::COMMAND_LENGTH.of(1500);
    bench.settle();
    EXPECT_TRUE(bench.ports.command_valid_o);
    EXPECT_EQ(bench.ports.command_address_o, 0x123456789ABCu);
    EXPECT_EQ(bench.ports.command_length_o, 1500u);
    EXPECT_EQ(bench.ports.command_seed_o, 0xBEEFu);
    bench.clock();
    bench.ports.req_i = 0;
    bench.settle();
    EXPECT_FALSE(bench.ports.command_valid_o);
}

}  // namespace
}  // namespace turnpike::tb
