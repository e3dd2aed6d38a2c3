// SPDX-License-Identifier: Apache-2.0
// Forms that compilers never choose; expected results from the Intel SDM, volume 2, and seen on processors.
#include <gmock/gmock.h>

#include "tests/cpu/guest.h"
#include "tests/cpu/paged_machine.h"

namespace turnpike::cpu {
namespace {

using testing::HasSubstr;

TEST(Corner, AnInstructionOfMoreThan15BytesIsAGeneralProtectionFault) {
    for (const unsigned prefixes : {14U, 15U, 20U}) {
        Guest guest;
        std::vector<u8> code(prefixes, 0x66);
        code.push_back(0x90);
        code.push_back(0xF4);
        guest.load(code);
        guest.core.start(Guest::kCode, Guest::kStack);
        if (prefixes == 14) {
            EXPECT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
        } else {
            EXPECT_EQ(guest.run(), Stop::shutdown);
            EXPECT_THAT(guest.core.diagnosis(), HasSubstr("#GP"));
        }
    }
}

TEST(Corner, HintsForUnitsThatAreNotThereDoNothing) {
    const std::initializer_list<u8> hints[] = {
        {0xF3, 0x48, 0x0F, 0x1E, 0xC8},  // rdsspq rax, as code made for shadow stacks has it
        {0x0F, 0x1C, 0x07},              // cldemote [rdi]
        {0x66, 0x0F, 0x1A, 0xC1},        // bndmov bnd0, bnd1
        {0x0F, 0x19, 0xC0},              // nop
        {0xF3, 0x0F, 0x1E, 0xFA},        // endbr64
    };
    for (const auto hint : hints) {
        Guest guest;
        guest.prepare = [&] { guest.core.set_reg(RAX, 0x1234); };
        EXPECT_EQ(guest.execute(hint), Stop::halt) << guest.core.diagnosis();
        EXPECT_EQ(guest.core.reg(RAX), 0x1234u);
    }
}

// SDM volume 2, ENTER: each frame pointer is read and pushed before the next is read. The last push goes into the page
// of the code, which takes the checked path.
TEST(Corner, EnterCopiesFramePointersThatItOverwritesItself) {
    Guest guest;
    constexpr u64 kEdge = Guest::kCode + 0x1000;
    guest.prepare = [&] {
        guest.core.set_reg(RSP, kEdge + 24);
        guest.core.set_reg(RBP, kEdge + 8);
        guest.put<u64>(kEdge, 0xAAAA);
        guest.put<u64>(kEdge - 8, 0xBBBB);
    };
    EXPECT_EQ(guest.execute({0xC8, 0x00, 0x00, 0x03}), Stop::halt) << guest.core.diagnosis();
    EXPECT_EQ(guest.at<u64>(kEdge + 16), kEdge + 8);
    EXPECT_EQ(guest.at<u64>(kEdge + 8), 0xAAAAu);
    EXPECT_EQ(guest.at<u64>(kEdge), 0xBBBBu);
    EXPECT_EQ(guest.at<u64>(kEdge - 8), kEdge + 16);
    EXPECT_EQ(guest.core.reg(RBP), kEdge + 16);
    EXPECT_EQ(guest.core.reg(RSP), kEdge - 8);
}

TEST(Corner, NinetyWithRexBExchangesWithR8EvenBehindRep) {
    const struct {
        std::initializer_list<u8> code;
        u64 rax, r8;
    } forms[] = {
        {{0x41, 0x90}, 0x12345678, 0x9ABCDEF0},                              // xchg r8d, eax
        {{0xF3, 0x41, 0x90}, 0x12345678, 0x9ABCDEF0},                        // with the prefix of PAUSE
        {{0xF3, 0x49, 0x90}, 0x1111111112345678, 0x222222229ABCDEF0},        // of 64 bits
        {{0x66, 0xF3, 0x41, 0x90}, 0x222222229ABC5678, 0x111111111234DEF0},  // of 16 bits
        {{0xF3, 0x44, 0x90}, 0x222222229ABCDEF0, 0x1111111112345678},        // REX.R alone: PAUSE
    };
    for (const auto& form : forms) {
        Guest guest;
        guest.prepare = [&] {
            guest.core.set_reg(RAX, 0x222222229ABCDEF0);
            guest.core.set_reg(R8, 0x1111111112345678);
        };
        ASSERT_EQ(guest.execute(form.code), Stop::halt) << guest.core.diagnosis();
        EXPECT_EQ(guest.core.reg(RAX), form.rax);
        EXPECT_EQ(guest.core.reg(R8), form.r8);
    }
}

// POP: "If the ESP register is used as a base register for addressing a destination operand in memory, the POP
// instruction computes the effective address of the operand after it increments the ESP register."
TEST(Corner, PopToMemoryRelativeToRspUsesItsNewValueWithEveryPrefix) {
    const std::initializer_list<u8> pops[] = {
        {0x8F, 0x44, 0x24, 0x10},        // pop [rsp+0x10]
        {0x67, 0x8F, 0x44, 0x24, 0x10},  // pop [esp+0x10]
        {0x64, 0x8F, 0x44, 0x24, 0x10},  // pop fs:[rsp+0x10]
    };
    for (const auto pop : pops) {
        Guest guest;
        guest.prepare = [&] {
            guest.put<u64>(Guest::kData, 0x55AA);
            guest.core.set_reg(RSP, Guest::kData);
        };
        ASSERT_EQ(guest.execute(pop), Stop::halt) << guest.core.diagnosis();
        EXPECT_EQ(guest.at<u64>(Guest::kData + 0x18), 0x55AAu);
        EXPECT_EQ(guest.at<u64>(Guest::kData + 0x10), 0u);
        EXPECT_EQ(guest.core.reg(RSP), Guest::kData + 8);
    }
}

TEST(Corner, EnterOf16BitsKeepsHalvesOfWordsOnA64BitStack) {
    Guest guest;
    guest.prepare = [&] {
        guest.core.set_reg(RSP, 0x12345);
        guest.core.set_reg(RBP, Guest::kData + 0x100);
        guest.put<u16>(Guest::kData + 0xFE, 0x1107);
        guest.put<u16>(Guest::kData + 0xFC, 0x1106);
    };
    ASSERT_EQ(guest.execute({0x66, 0xC8, 8, 0, 3}), Stop::halt);  // enter 8, 3
    EXPECT_EQ(guest.at<u16>(0x12343), static_cast<u16>(Guest::kData + 0x100));
    EXPECT_EQ(guest.at<u16>(0x12341), 0x1107u);
    EXPECT_EQ(guest.at<u16>(0x1233F), 0x1106u);
    EXPECT_EQ(guest.at<u16>(0x1233D), 0x2343u);  // the frame's address
    EXPECT_EQ(guest.core.reg(RSP), 0x1233Du - 8);
    EXPECT_EQ(guest.core.reg(RBP), (Guest::kData & ~u64{0xFFFF}) | 0x2343);
}

TEST(Corner, FlushingALineOfADeviceReadsNothingThere) {
    Guest guest;
    guest.prepare = [&] { guest.core.set_reg(RDI, Guest::kDevice); };
    ASSERT_EQ(guest.execute({0x0F, 0xAE, 0x3F}), Stop::halt) << guest.core.diagnosis();  // clflush [rdi]
    EXPECT_TRUE(guest.accesses.empty());
    guest.prepare = [&] { guest.core.set_reg(RDI, u64{1} << 63); };
    EXPECT_EQ(guest.execute({0x0F, 0xAE, 0x3F}), Stop::shutdown);
    EXPECT_THAT(guest.core.diagnosis(), HasSubstr("#GP"));
}

// SYSRET: "IF (CS.L != 1) or (IA32_EFER.LMA != 1) or (IA32_EFER.SCE != 1) THEN #UD" comes before the privilege.
TEST(Corner, SysretWithoutSceIsUndefinedForTheUserToo) {
    PagedMachine machine;
    machine.boot({0x48, 0x0F, 0x07}, true);
    ASSERT_EQ(machine.at<u16>(0x71E), 0x0D01);  // what the boot code writes to EFER
    machine.put<u8>(0x71E, 0);
    ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    EXPECT_EQ(machine.halted_in(), 6);
}

}  // namespace
}  // namespace turnpike::cpu
