// SPDX-License-Identifier: Apache-2.0
// The conditions of a measurement, expected as the description of the measured data states them.
#include "bench/silicon/program.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>

#include "bench/silicon/block_facts.h"
#include "cli/blocks/block_runner.h"

namespace turnpike::silicon {
namespace {

using testing::ElementsAre;
constexpr u8 kBlock[] = {0x48, 0x01, 0xD8};  // add rax, rbx

u32 word_at(const std::vector<u8>& bytes, u64 at) {
    u32 value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

TEST(SiliconProgram, CopiesAreAsManyAs512InstructionsTakeAndThreeTimesAsManyStayBelow20000Bytes) {
    EXPECT_EQ(copies_of(1, 3), 512u);
    EXPECT_EQ(copies_of(2, 5), 256u);
    EXPECT_EQ(copies_of(3, 9), 171u);    // 170.7
    EXPECT_EQ(copies_of(1, 15), 444u);   // 3 * 444 * 15 = 19,980
    EXPECT_EQ(copies_of(10, 7000), 1u);  // never none
}

TEST(SiliconProgram, CopiesStandBackToBackFromAnAddressAligned64) {
    const Program program = make_program(kCode, {}, kBlock, 7);
    EXPECT_EQ((kCode + kBlockOffset) % 64, 0u);
    ASSERT_EQ(program.bytes.size(), kBlockOffset + 7 * 3 + 5);
    for (u64 n = 0; n < 7; ++n) {
        EXPECT_TRUE(std::equal(kBlock, kBlock + 3, program.bytes.data() + kBlockOffset + n * 3)) << n;
    }
    EXPECT_EQ(program.bytes[kBlockOffset + 21], 0xE9);  // jmp rel32, backwards to before the copies
    const u32 target = static_cast<u32>(kBlockOffset) + 26 + word_at(program.bytes, kBlockOffset + 22);
    EXPECT_LT(target, program.leave);
}

/// MOV r32, imm32: B8 + register, behind REX.B for r8 to r15.
u32 loaded_into(const std::vector<u8>& bytes, unsigned number) {
    for (u64 at = 1; at < kBlockOffset; ++at) {
        const bool upper = bytes[at - 1] == 0x41;
        const bool is_load = bytes[at] == 0xB8 + (number & 7) && upper == (number >= 8);
        const u32 value = word_at(bytes, at + 1);
        if (is_load && (value >> 20) == 0x100) return value;
    }
    return 0;
}

TEST(SiliconProgram, RegistersStartAtTheirStatedValues) {
    const Program program = make_program(kCode, {}, kBlock, 1);
    EXPECT_EQ(loaded_into(program.bytes, 0), 0x10000800u);   // rax
    EXPECT_EQ(loaded_into(program.bytes, 1), 0x10001940u);   // rcx
    EXPECT_EQ(loaded_into(program.bytes, 4), 0x10004D00u);   // rsp
    EXPECT_EQ(loaded_into(program.bytes, 15), 0x10010AC0u);  // r15
}

TEST(SiliconProgram, PagesHoldTheStatedWords) {
    // The slots whose (uint32(s * 0x9E3779B1) >> 16) & 15 was worked out by hand.
    EXPECT_EQ(first_word(0), 0x10020800u);
    EXPECT_EQ(first_word(1), 0x10020800u + 0x40 * 7);   // 0x9E37
    EXPECT_EQ(first_word(2), 0x10020800u + 0x40 * 14);  // 0x13C6EF362: 0x3C6E
}

TEST(SiliconProgram, AShorterRunIsTheLongerOneWithAJumpInside) {
    const Program three = make_program(kCode, {}, kBlock, 3);
    const Jump jump = way_out_from({}, kBlockOffset + 3);
    const u32 from_inside = static_cast<u32>(kBlockOffset) + 8 + word_at({jump.begin(), jump.end()}, 1);
    const u32 from_end = static_cast<u32>(kBlockOffset) + 14 + word_at(three.bytes, kBlockOffset + 10);
    EXPECT_EQ(from_inside, from_end);
}

TEST(SiliconProgram, ACounterIsReadByItsNumber) {
    const auto has = [](const Program& program, std::vector<u8> wanted) {
        return std::search(program.bytes.begin(), program.bytes.end(), wanted.begin(), wanted.end()) !=
               program.bytes.end();
    };
    const std::vector<u8> rdtsc = {0x0F, 0xAE, 0xE8, 0x0F, 0x31, 0x0F, 0xAE, 0xE8};
    const std::vector<u8> rdpmc = {0x0F, 0xAE, 0xE8, 0xB9, 0x01, 0, 0, 0x40, 0x0F, 0x33, 0x0F, 0xAE, 0xE8};
    const Program time_stamps = make_program(kCode, {}, kBlock, 1);
    const Program counter = make_program(kCode, {0x40000001}, kBlock, 1);
    EXPECT_TRUE(has(time_stamps, rdtsc));
    EXPECT_FALSE(has(time_stamps, rdpmc));
    EXPECT_TRUE(has(counter, rdpmc));
    EXPECT_FALSE(has(counter, rdtsc));
}

TEST(SiliconProgram, TooLongABlockIsRefused) {
    const std::vector<u8> long_block(kCodeBytes / 3, 0x90);
    EXPECT_THROW(make_program(kCode, {}, long_block, 3), std::length_error);
}

BlockFacts facts(const std::string& hex) { return facts_of(blocks::bytes_of_hex(hex).value()); }

TEST(SiliconFacts, TagsAndInstructionsOfABlock) {
    EXPECT_EQ(facts("4801d8").tags, "");
    EXPECT_EQ(facts("488b06").tags, "L");           // mov rax, [rsi]
    EXPECT_EQ(facts("488906").tags, "S");           // mov [rsi], rax
    EXPECT_EQ(facts("480106").tags, "LS");          // add [rsi], rax
    EXPECT_EQ(facts("480fafc1").tags, "M");         // imul rax, rcx
    EXPECT_EQ(facts("48f7f148f7e1").tags, "MD");    // div rcx; mul rcx
    EXPECT_EQ(facts("f0480106").tags, "LSK");       // lock add [rsi], rax
    EXPECT_EQ(facts("488d4608").tags, "");          // lea rax, [rsi+8]
    EXPECT_EQ(facts("4801d850").instructions, 2u);  // and push rax
    EXPECT_EQ(facts("4801d850").tags, "S");
}

TEST(SiliconFacts, WhatCannotBeMeasuredIsRefusedWithItsPlace) {
    EXPECT_EQ(facts("9006").refusal, "no instruction at byte 1");    // 06 is none in 64-bit mode
    EXPECT_EQ(facts("90480f").refusal, "no instruction at byte 1");  // cut off
    EXPECT_EQ(facts("64488b0425000000").refusal, "no instruction at byte 0");
    EXPECT_EQ(facts("90644889042500000000").refusal, "uses FS or GS at byte 1");
    EXPECT_EQ(facts("f3480faed0").refusal, "uses FS or GS at byte 0");  // wrfsbase rax
    EXPECT_EQ(facts("4801d8").refusal, "");
}

}  // namespace
}  // namespace turnpike::silicon
