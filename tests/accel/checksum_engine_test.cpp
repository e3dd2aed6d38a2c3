// SPDX-License-Identifier: Apache-2.0
// Twin and RTL of the checksum engine against each other, clock by clock.
#include <gtest/gtest.h>

#include "models/accel/checksum_twin.h"
#include "models/accel/lockstep.h"
#include "models/accel/rtl/checksum_rtl.h"
#include "tests/accel/random.h"

namespace turnpike {
namespace {

namespace csum = regs::checksum;

class EachChecksumEngine : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Forms, EachChecksumEngine, testing::Values("tlm", "rtl", "lockstep"));

/// RFC 1071, section 3: 0001 f203 f4f5 f6f7 sums to ddf2 in network order, f2dd as memory order holds it.
ChecksumBeat rfc1071_example() {
    ChecksumBeat beat;
    beat.data[0] = 0xf7f6f5f403f20100;
    beat.keep = 0xFF;
    beat.last = true;
    return beat;
}

TEST_P(EachChecksumEngine, ASumComesOutFourClocksAfterItsLastBeat) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    engine->beat(rfc1071_example(), 100);
    EXPECT_FALSE(engine->sum(103));
    const std::optional<ChecksumSum> sum = engine->sum(104);
    ASSERT_TRUE(sum);
    EXPECT_EQ(sum->sum, 0xf2dd);
    EXPECT_EQ(sum->cycle, 104u);
    EXPECT_FALSE(engine->sum(105));
}

TEST_P(EachChecksumEngine, ResultShowsTheSumFromTheClockAfterItCameOut) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    engine->beat(rfc1071_example(), 100);
    EXPECT_EQ(engine->read(csum::RESULT, 104), 0u);
    EXPECT_EQ(engine->read(csum::PACKETS, 104), 0u);
    EXPECT_EQ(engine->read(csum::RESULT, 105), 0xf2ddu);
    EXPECT_EQ(engine->read(csum::PACKETS, 105), 1u);
}

TEST_P(EachChecksumEngine, ACommandCarriesTheSeedThatHeldWhenItWasWritten) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    EXPECT_FALSE(engine->write(csum::SEED, 0x5EED, 0));
    const std::optional<ChecksumCommand> command =
        engine->write(csum::COMMAND, csum::COMMAND_ADDRESS.of(0xABCDEF012345) | csum::COMMAND_LENGTH.of(65535), 1);
    EXPECT_EQ(command, (ChecksumCommand{0xABCDEF012345, 65535, 0x5EED, false}));
}

TEST_P(EachChecksumEngine, CheckSaysWhatToSendAndWhetherWhatCameIsGood) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    engine->beat(rfc1071_example(), 100);
    EXPECT_EQ(engine->read(csum::CHECK, 105), csum::CHECK_VALUE.of(0x0d22));  // RFC 1071, section 3: 220d
    ChecksumBeat beat = rfc1071_example();
    beat.seed = 0x0d22;
    for (const bool udp : {false, true}) {
        beat.udp = udp;
        engine->beat(beat, udp ? 120 : 110);
        EXPECT_EQ(engine->read(csum::CHECK, udp ? 125 : 115),
                  csum::CHECK_GOOD.mask() | csum::CHECK_VALUE.of(udp ? 0xFFFF : 0));
    }
}

TEST_P(EachChecksumEngine, BytesBeforeTheStartOffsetAreNotSummed) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    ChecksumBeat noise;
    noise.data.fill(0x1234567890ABCDEF);
    noise.keep = ~0ULL;
    for (const std::uint16_t start : {64, 128}) {
        const std::uint64_t cycle = 10 * start;
        for (unsigned n = 0; n < start / 64u; ++n) {
            noise.start = start;
            engine->beat(noise, cycle + n);
        }
        ChecksumBeat beat = rfc1071_example();
        beat.start = start;
        engine->beat(beat, cycle + 5);
        const std::optional<ChecksumSum> sum = engine->sum(cycle + 9);
        ASSERT_TRUE(sum);
        EXPECT_EQ(sum->sum, 0xf2dd);
        EXPECT_EQ(sum->check, 0x0d22);
    }
}

/// RFC 1624, section 4: 5555 becomes 3285 in a header whose checksum is DD2F; the new one is 0000.
TEST_P(EachChecksumEngine, UpdatedIsTheExampleOfRfc1624Section4) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    const std::uint64_t words = csum::UPDATE_WORDS_FROM.of(0x5555) | csum::UPDATE_WORDS_TO.of(0x8532);
    engine->write(csum::UPDATE_WORDS, words, 0);
    engine->write(csum::UPDATE_CHECK, csum::UPDATE_CHECK_VALUE.of(0x2FDD), 1);
    EXPECT_EQ(engine->read(csum::UPDATED, 2), 0u);
    engine->write(csum::UPDATE_CHECK, csum::UPDATE_CHECK_VALUE.of(0x2FDD) | csum::UPDATE_CHECK_UDP.mask(), 2);
    EXPECT_EQ(engine->read(csum::UPDATED, 3), 0xFFFFu);
    engine->write(csum::UPDATE_CHECK, csum::UPDATE_CHECK_UDP.mask(), 3);
    EXPECT_EQ(engine->read(csum::UPDATED, 4), 0u);
}

TEST(ChecksumLockstep, TwinAndRtlAgreeOnEveryClockOfRandomTraffic) {
    Random random(1145);
    LockstepChecksum engine(std::make_unique<ChecksumTwin>(), make_checksum_rtl());
    std::uint64_t cycle = 0;
    unsigned begun = 0;
    unsigned finished = 0;
    ChecksumBeat beat;
    beat.last = true;
    for (unsigned n = 0; n < 30000; ++n) {
        cycle += random.percent(70) ? 1 : random.below(15);
        while (engine.sum(cycle)) ++finished;
        if (random.percent(30)) {
            const regs::Register& reg = csum::kRegisters[random.below(std::size(csum::kRegisters))];
            if (random.percent(50)) {
                engine.read(reg.offset, cycle);
            } else {
                engine.write(reg.offset, std::uint64_t{random.word()} << 32 | random.word(), cycle);
            }
        }
        if (random.percent(80)) {
            if (beat.last) {
                ++begun;
                beat.seed = static_cast<std::uint16_t>(random.word());
                beat.start = static_cast<std::uint16_t>(random.percent(50) ? random.below(64) : random.below(400));
                beat.udp = random.percent(50);
            }
            for (std::uint64_t& word : beat.data) {
                word = random.percent(20) ? ~0ULL : std::uint64_t{random.word()} << 32 | random.word();
            }
            beat.keep = random.percent(50) ? ~0ULL : std::uint64_t{random.word()} << 32 | random.word();
            beat.last = random.percent(40);
            beat.error = beat.last && random.percent(20);
            engine.beat(beat, cycle);
        }
        ++cycle;
    }
    while (engine.sum(cycle + 4)) ++finished;
    EXPECT_EQ(finished, beat.last ? begun : begun - 1);
}

}  // namespace
}  // namespace turnpike
