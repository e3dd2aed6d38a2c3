// SPDX-License-Identifier: Apache-2.0
// On the processor of the machine that runs the tests: what holds on every x86-64 processor, whatever its speed.
#include "bench/silicon/block_process.h"

#include <gtest/gtest.h>

#include "cli/blocks/block_runner.h"

namespace turnpike::silicon {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kAddressesAreFree = false;  // the sanitizer's own tables lie where the code goes
#else
constexpr bool kAddressesAreFree = true;
#endif

class Silicon : public testing::Test {
  protected:
    void SetUp() override {
        if (!kAddressesAreFree) GTEST_SKIP() << "the address sanitizer takes the code's addresses";
        process_.emplace(Measuring{});
    }
    Measured measure(const std::string& hex) { return process_->measure(blocks::bytes_of_hex(hex).value()); }
    double cycles(const std::string& hex) {
        const Measured measured = measure(hex);
        EXPECT_EQ(measured.failure, "") << hex;
        return measured.figure ? measured.figure->cycles : 0;
    }

  private:
    std::optional<BlockProcess> process_;
};

/// A cycle is what one addition of a chain takes, so this is exact but for disturbances; a tenth is left for those.
TEST_F(Silicon, AChainOfAdditionsTakesACycleForEach) {
    EXPECT_NEAR(cycles("4801c8"), 1, 0.1);        // add rax, rcx
    EXPECT_NEAR(cycles("4801c84801c8"), 2, 0.2);  // twice
    EXPECT_NEAR(cycles("4801c84801c84801c84801c84801c8"), 5, 0.5);
}

TEST_F(Silicon, AChainOfMultiplicationsTakesLongerThanOneOfAdditions) { EXPECT_GT(cycles("480fafc1"), 2); }

TEST_F(Silicon, IndependentAdditionsRunSideBySide) {
    EXPECT_LT(cycles("4801c84801ca4801cb4801cd"),
              3);  // add rax, rdx, rbx, rbp: no processor of 64 bits does one a cycle
}

TEST_F(Silicon, PagesComeAsTheyAreTouchedWithTheStatedWords) {
    // RSI is 0x10006F80, slot 0x1F0 of its page: the word is 0x10020800 + 0x40 * 11 (0x1F0 * 0x9E3779B1 ends in
    // 0x8B7BC6F0). mov rax, [rsi]; cmp rax, the word; je +2; ud2
    const Measured same = measure("488b06483dc00a021074020f0b");
    EXPECT_EQ(same.failure, "");
    EXPECT_EQ(same.pages, 1u);
    EXPECT_EQ(measure("488b06488b4710").pages, 2u);  // mov rax, [rsi]; mov rax, [rdi+16]
    EXPECT_EQ(measure("4801c8").pages, 0u);
}

TEST_F(Silicon, EveryRunStartsFromTheSameWords) {
    // mov rdx, [rsi+64]; cmp rdx, rcx; jne +2; ud2; then a store of RCX to a page nobody reads, or to [rsi+64], where
    // the next copy finds it. Were a store not taken back, the first block would fail behind the second.
    const std::string look = "488b56404839ca75020f0b";
    EXPECT_EQ(measure(look + "48894e40").failure.substr(0, 19), "illegal instruction");
    EXPECT_EQ(measure(look + "48898e40100000").failure, "");
}

TEST_F(Silicon, ABlockThatGoesWrongHasAReasonAndTheNextOneIsMeasured) {
    EXPECT_EQ(measure("0f0b").failure, "illegal instruction at 0xe7000100");
    EXPECT_EQ(measure("31c9f7f1").failure, "division error at 0xe7000102");              // xor ecx, ecx; div ecx
    EXPECT_EQ(measure("f4").failure.substr(0, 10), "an address");                        // hlt
    EXPECT_EQ(measure("48b800000000000000808b00").failure.substr(0, 10), "an address");  // mov eax, [1 << 63]
    EXPECT_EQ(measure("ebfe").failure, "does not come to its end");
    EXPECT_EQ(measure("c3").failure.substr(0, 8), "jumps to");
    EXPECT_EQ(measure("0f05").failure, "calls the system");
    EXPECT_EQ(measure("cd80").failure, "calls the system");
    EXPECT_EQ(measure("890500000000").failure, "writes into its own code");                 // mov [rip], eax
    EXPECT_EQ(measure("488b064881c600100000").failure.substr(0, 17), "touches more than");  // rsi += 4096
    EXPECT_EQ(measure("cc").failure.substr(0, 5), "debug");
    EXPECT_EQ(measure("9c810c24000100009d").failure.substr(0, 5), "debug");  // TF by POPFQ
    EXPECT_NEAR(cycles("4801c8"), 1, 0.1);
}

TEST_F(Silicon, FlagsThatABlockLeavesBehindHarmNobody) {
    EXPECT_EQ(measure("fd").failure, "");                  // std
    EXPECT_EQ(measure("9c810c24000004009d").failure, "");  // AC by POPFQ
    EXPECT_NEAR(cycles("4801c8"), 1, 0.1);
}

TEST_F(Silicon, ABlockThatEndsItsProcessIsCountedAndTheNextOneIsMeasured) {
    // Takes away the stack pointer that the way out needs: mov ecx, kSavedStack; mov dword [rcx], 0
    EXPECT_EQ(measure("b9000000e8c70100000000").failure, "ended the measuring process");
    EXPECT_NEAR(cycles("4801c8"), 1, 0.1);
}

TEST_F(Silicon, TheTimeStampCounterServesWhereItIsAskedFor) {
    BlockProcess process({25, 8, false, std::nullopt});
    EXPECT_EQ(process.clock(), "the time-stamp counter (as asked)");
    const u8 add[] = {0x48, 0x01, 0xC8};
    const Measured measured = process.measure(add);
    ASSERT_TRUE(measured.figure);
    EXPECT_NEAR(measured.figure->cycles, 1, 0.1);
}

}  // namespace
}  // namespace turnpike::silicon
