// SPDX-License-Identifier: Apache-2.0
// The checksum unit in each of its widths. TURNPIKE_CHECKSUM_PACKETS: random packets a test (500 if unset);
// TURNPIKE_CHECKSUM_LENGTH_STEP: 1 takes every length (263 if unset). docs/accelerators.md has the command for all.
#include <Vchecksum_stream_16.h>
#include <Vchecksum_stream_32.h>
#include <Vchecksum_stream_64.h>
#include <Vchecksum_stream_8.h>

#include <cstdlib>
#include <deque>
#include <vector>

#include "regs/checksum.h"
#include "tb/unit/bench.h"
#include "tb/unit/internet_sum.h"

namespace turnpike::tb {
namespace {

constexpr unsigned kLatency = 4;
constexpr unsigned kLongestFrame = 9'728;  // bytes: what the 82599 takes at most (data sheet 1.4)

unsigned setting(const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

struct Packet {
    std::vector<std::uint8_t> bytes;
    std::vector<bool> kept;
    std::uint16_t start = 0;
    std::uint16_t seed = 0;
    bool udp = false;
    bool error = false;

    /// After RFC 1071, section 4.1; bytes that are not enabled count as 0.
    std::uint16_t sum() const {
        std::vector<std::uint8_t> summed;
        for (std::size_t n = start; n < bytes.size(); ++n) summed.push_back(kept[n] ? bytes[n] : 0);
        return internet_sum(summed, seed);
    }
};

struct Due {
    std::uint16_t sum;
    bool udp;
    bool error;
    std::uint64_t last_edge;
};

template <typename Model, unsigned Bytes>
class StreamBench {
  public:
    StreamBench() {
        ports.valid_i = 0;
        ports.ready_i = 1;
        ports.rst_ni = 0;
        for (int n = 0; n < 3; ++n) clock();
        ports.rst_ni = 1;
        edge = 0;
    }
    ~StreamBench() {
        ports.final();
        save_coverage(context_);
    }
    StreamBench(const StreamBench&) = delete;
    StreamBench& operator=(const StreamBench&) = delete;

    void clock() {
        ports.clk_i = 1;
        ports.eval();
        ports.clk_i = 0;
        ports.eval();
        ++edge;
    }

    static std::size_t beats(const Packet& packet) {
        return packet.bytes.empty() ? 1 : (packet.bytes.size() + Bytes - 1) / Bytes;
    }
    void offer(const Packet& packet, std::size_t beat) {
        std::uint64_t keep = 0;
        std::uint64_t data[8] = {};
        for (unsigned n = 0; n < Bytes; ++n) {
            const std::size_t at = beat * Bytes + n;
            const std::uint64_t byte = at < packet.bytes.size() ? packet.bytes[at] : 0xA5;  // noise, not enabled
            data[n / 8] |= byte << (8 * (n % 8));
            if (at < packet.bytes.size() && packet.kept[at]) keep |= 1ULL << n;
        }
        if constexpr (Bytes == 8) {
            ports.data_i = data[0];
        } else {
            for (unsigned n = 0; n < Bytes / 4; ++n) {
                ports.data_i[n] = static_cast<std::uint32_t>(data[n / 2] >> (32 * (n % 2)));
            }
        }
        ports.valid_i = 1;
        ports.keep_i = static_cast<decltype(ports.keep_i + 0)>(keep);
        ports.last_i = beat + 1 == beats(packet);
        ports.error_i = packet.error && ports.last_i;
        ports.udp_i = packet.udp;
        ports.start_i = packet.start;
        ports.seed_i = packet.seed;
    }

    /// Offers and takes with the given chances. Returns how many clocks it took.
    std::uint64_t run(const std::vector<Packet>& packets, Random& random, unsigned offer_chance, unsigned take_chance) {
        const std::uint64_t begin = edge;
        std::size_t packet = 0, beat = 0, answered = 0;
        bool waiting = false;
        std::deque<Due> due;
        while (answered < packets.size()) {
            if (!waiting && packet < packets.size() && (offer_chance == 100 || random.percent(offer_chance))) {
                offer(packets[packet], beat);
                waiting = true;
            }
            ports.ready_i = take_chance == 100 || random.percent(take_chance);
            ports.eval();
            const bool accepted = waiting && ports.ready_o;
            if (take_chance == 100) {
                EXPECT_TRUE(ports.ready_o) << "a bubble";
            }
            if (accepted && ports.last_i) {
                const Packet& whole = packets[packet];
                due.push_back({whole.sum(), whole.udp, whole.error, edge});
            }
            if (ports.valid_o && ports.ready_i) {
                if (due.empty()) {
                    ADD_FAILURE() << "a result of no packet";
                    return 0;
                }
                check(due.front(), take_chance == 100);
                due.pop_front();
                ++answered;
            }
            clock();
            if (accepted) {
                waiting = false;
                ports.valid_i = 0;
                if (++beat == beats(packets[packet])) {
                    beat = 0;
                    ++packet;
                }
            }
        }
        return edge - begin;
    }

    void check(const Due& due, bool on_time) {
        EXPECT_EQ(ports.sum_o, due.sum);
        EXPECT_EQ(ports.good_o != 0, due.sum == 0xFFFF);
        const auto complement = static_cast<std::uint16_t>(~due.sum);
        EXPECT_EQ(ports.check_o, due.udp && complement == 0 ? 0xFFFF : complement);
        EXPECT_EQ(ports.error_o != 0, due.error);
        if (on_time) {
            EXPECT_EQ(edge, due.last_edge + kLatency);
        }
    }

  private:
    VerilatedContext context_;

  public:
    Model ports{&context_};
    std::uint64_t edge = 0;
};

Packet random_packet(Random& random) {
    Packet packet;
    packet.bytes.resize(random.percent(90) ? random.below(300) : random.below(2000));
    packet.kept.assign(packet.bytes.size(), true);
    const unsigned kind = random.below(4);  // carries and both zeroes come from stretches of ones and zeroes
    for (std::uint8_t& byte : packet.bytes) {
        byte = kind == 0 ? 0xFF : kind == 1 ? 0x00 : static_cast<std::uint8_t>(random.word());
    }
    if (random.percent(20)) {
        for (std::size_t n = 0; n < packet.kept.size(); ++n) packet.kept[n] = random.percent(80);
    }
    packet.start = static_cast<std::uint16_t>(random.below(random.percent(80)   ? 64
                                                           : random.percent(80) ? 400
                                                                                : 65'536));
    packet.seed = static_cast<std::uint16_t>(random.percent(30) ? 0 : random.word());
    packet.udp = random.percent(50);
    packet.error = random.percent(5);
    return packet;
}

template <typename Bench>
class ChecksumStreamBench : public testing::Test {};
using Widths = testing::Types<StreamBench<Vchecksum_stream_8, 8>, StreamBench<Vchecksum_stream_16, 16>,
                              StreamBench<Vchecksum_stream_32, 32>, StreamBench<Vchecksum_stream_64, 64>>;
TYPED_TEST_SUITE(ChecksumStreamBench, Widths);

template <typename Bench>
void random_packets(std::uint32_t seed, unsigned offer, unsigned take) {
    Random random(seed);
    Bench bench;
    constexpr unsigned kBatch = 500;
    for (unsigned done = 0; done < setting("TURNPIKE_CHECKSUM_PACKETS", kBatch); done += kBatch) {
        std::vector<Packet> packets;
        std::uint64_t beats = 0;
        for (unsigned n = 0; n < kBatch; ++n) {
            packets.push_back(random_packet(random));
            beats += Bench::beats(packets.back());
        }
        const std::uint64_t clocks = bench.run(packets, random, offer, take);
        if (offer == 100 && take == 100) {
            // One beat a clock from the first to the last; the result's own clock ends it.
            ASSERT_EQ(clocks, beats + kLatency);
        }
        if (testing::Test::HasFailure()) return;
    }
}

TYPED_TEST(ChecksumStreamBench, OneBeatAClockWithoutABubbleBetweenPackets) { random_packets<TypeParam>(1, 100, 100); }
TYPED_TEST(ChecksumStreamBench, RandomPacketsUnderIdle) { random_packets<TypeParam>(2, 50, 100); }
TYPED_TEST(ChecksumStreamBench, RandomPacketsUnderStall) { random_packets<TypeParam>(3, 100, 50); }
TYPED_TEST(ChecksumStreamBench, RandomPacketsUnderIdleAndStall) { random_packets<TypeParam>(4, 60, 40); }

TYPED_TEST(ChecksumStreamBench, TheSumMayBeginAsFarIntoThePacketAsStartCanSay) {
    Random random(6);
    TypeParam bench;
    Packet packet;
    packet.bytes.resize(65'600);
    for (std::uint8_t& byte : packet.bytes) byte = static_cast<std::uint8_t>(random.word());
    packet.kept.assign(packet.bytes.size(), true);
    std::vector<Packet> packets;
    for (const std::uint16_t start : {65'535, 65'534, 65'472}) {
        packet.start = start;
        packets.push_back(packet);
    }
    bench.run(packets, random, 100, 100);
}

/// The reference grows by a byte a length, so that all lengths cost no more than the longest.
TEST(ChecksumStreamBench512, LengthsTo9728AtEveryStartAlignmentAreRight) {
    using Bench = StreamBench<Vchecksum_stream_64, 64>;
    Random random(5);
    Bench bench;
    const unsigned step = setting("TURNPIKE_CHECKSUM_LENGTH_STEP", 263);
    std::vector<std::uint8_t> noise(kLongestFrame);
    for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random.word());
    for (unsigned start = 0; start < 64; ++start) {
        std::uint16_t network = 0;  // sum of the first `length` bytes, memory order
        unsigned summed = 0;
        for (unsigned length = start % step; length <= kLongestFrame; length += step) {
            for (; summed < length; ++summed) {
                const std::uint8_t pair[2] = {summed % 2 == 0 ? noise[summed] : std::uint8_t{0},
                                              summed % 2 == 0 ? std::uint8_t{0} : noise[summed]};
                network = internet_sum(pair, network);
            }
            Packet packet;
            packet.bytes.assign(start, 0xEE);
            packet.bytes.insert(packet.bytes.end(), noise.begin(), noise.begin() + length);
            packet.kept.assign(packet.bytes.size(), true);
            packet.start = static_cast<std::uint16_t>(start);
            for (std::size_t beat = 0; beat < Bench::beats(packet); ++beat) {
                bench.offer(packet, beat);
                bench.clock();
            }
            bench.ports.valid_i = 0;
            while (!bench.ports.valid_o) bench.clock();
            ASSERT_EQ(bench.ports.sum_o, network) << length << " bytes from " << start;
            bench.clock();
        }
    }
}

}  // namespace
}  // namespace turnpike::tb
