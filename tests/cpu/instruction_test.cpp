// SPDX-License-Identifier: Apache-2.0
// Single instructions; expected results worked out from the Intel SDM, volume 2.
#include <gtest/gtest.h>

#include "tests/cpu/guest.h"

namespace turnpike::cpu {
namespace {

constexpr u64 CF = 1, PF = 4, AF = 0x10, ZF = 0x40, SF = 0x80, DF = 0x400, OF = 0x800, kStatus = 0x8D5;

struct Registers {
    u64 rax = 0, rcx = 0, rdx = 0, rbx = 0;
};

class Instruction : public ::testing::Test {
  protected:
    void run(std::initializer_list<u8> code, Registers in = {}) {
        guest.prepare = [this, in] {
            guest.core.set_reg(RAX, in.rax);
            guest.core.set_reg(RCX, in.rcx);
            guest.core.set_reg(RDX, in.rdx);
            guest.core.set_reg(RBX, in.rbx);
        };
        ASSERT_EQ(guest.execute(code), Stop::halt) << guest.core.diagnosis();
    }
    u64 rax() const { return guest.core.reg(RAX); }
    u64 rdx() const { return guest.core.reg(RDX); }
    u64 flags(u64 mask = kStatus) const { return guest.core.rflags() & mask; }

    Guest guest;
};

TEST_F(Instruction, AddSetsEveryStatusFlag) {
    run({0x00, 0xC8}, {.rax = 0x7F, .rcx = 0x01});  // add al, cl
    EXPECT_EQ(rax(), 0x80u);
    EXPECT_EQ(flags(), OF | SF | AF);
    run({0x48, 0x01, 0xC8}, {.rax = ~u64{0}, .rcx = 1});  // add rax, rcx
    EXPECT_EQ(rax(), 0u);
    EXPECT_EQ(flags(), CF | ZF | AF | PF);
}

TEST_F(Instruction, A32BitResultClearsTheUpperHalfAndSmallerOnesKeepTheRest) {
    run({0x01, 0xC8}, {.rax = 0xAAAAAAAA00000001, .rcx = 2});  // add eax, ecx
    EXPECT_EQ(rax(), 3u);
    run({0x66, 0x01, 0xC8}, {.rax = 0xAAAAAAAABBBBFFFF, .rcx = 1});  // add ax, cx
    EXPECT_EQ(rax(), 0xAAAAAAAABBBB0000u);
    run({0x00, 0xCC}, {.rax = 0x1122334455667788, .rcx = 0x11});  // add ah, cl
    EXPECT_EQ(rax(), 0x1122334455668888u);
}

TEST_F(Instruction, SubtractionBorrowsThroughSbb) {
    run({0x48, 0x29, 0xC8, 0x48, 0x19, 0xDA}, {.rax = 0, .rcx = 1, .rdx = 5, .rbx = 2});  // sub rax,rcx; sbb rdx,rbx
    EXPECT_EQ(rax(), ~u64{0});
    EXPECT_EQ(rdx(), 2u);
    EXPECT_EQ(flags(), 0u);
}

TEST_F(Instruction, IncAndDecLeaveTheCarryFlag) {
    run({0xF9, 0xFE, 0xC0}, {.rax = 0x7F});  // stc; inc al
    EXPECT_EQ(flags(), CF | OF | SF | AF);
    run({0xF8, 0xFE, 0xC8}, {.rax = 0x80});  // clc; dec al
    EXPECT_EQ(rax(), 0x7Fu);
    EXPECT_EQ(flags(), OF | AF);
}

TEST_F(Instruction, NegSetsCarryUnlessTheOperandIsZero) {
    run({0xF7, 0xD8}, {.rax = 5});
    EXPECT_EQ(rax(), 0xFFFFFFFBu);
    EXPECT_EQ(flags(CF | ZF | SF), CF | SF);
    run({0xF7, 0xD8}, {.rax = 0});
    EXPECT_EQ(flags(CF | ZF | SF), ZF);
}

TEST_F(Instruction, MulGivesTheDoubleWidthProduct) {
    run({0x48, 0xF7, 0xE1}, {.rax = ~u64{0}, .rcx = ~u64{0}});  // mul rcx
    EXPECT_EQ(rax(), 1u);
    EXPECT_EQ(rdx(), ~u64{0} - 1);
    EXPECT_EQ(flags(CF | OF), CF | OF);
    run({0xF6, 0xE9}, {.rax = 0xFF, .rcx = 0x02});  // imul cl: -1 * 2
    EXPECT_EQ(rax(), 0xFFFEu);
    EXPECT_EQ(flags(CF | OF), 0u);
}

TEST_F(Instruction, DivAndIdivTruncateTowardsZero) {
    run({0x48, 0xF7, 0xF1}, {.rax = 0, .rcx = 2, .rdx = 1});  // 2^64 / 2
    EXPECT_EQ(rax(), u64{1} << 63);
    run({0x99, 0xF7, 0xF9}, {.rax = 0xFFFFFFF9, .rcx = 2});  // cdq; idiv ecx: -7 / 2
    EXPECT_EQ(rax(), 0xFFFFFFFDu);
    EXPECT_EQ(rdx(), 0xFFFFFFFFu);
}

TEST_F(Instruction, ShiftsTakeTheLastBitOutAsCarry) {
    run({0xD1, 0xE0}, {.rax = 0xC0000000});  // shl eax, 1
    EXPECT_EQ(rax(), 0x80000000u);
    EXPECT_EQ(flags(CF | OF | SF | ZF), CF | SF);
    run({0xD1, 0xE8}, {.rax = 0x80000001});  // shr eax, 1: OF is the old top bit
    EXPECT_EQ(rax(), 0x40000000u);
    EXPECT_EQ(flags(CF | OF), CF | OF);
    run({0x48, 0xC1, 0xF8, 0x3F}, {.rax = u64{1} << 63});  // sar rax, 63
    EXPECT_EQ(rax(), ~u64{0});
    run({0x31, 0xD2, 0xF9, 0xC1, 0xE0, 0x20}, {.rax = 7});  // a count of 32 is 0: flags stay
    EXPECT_EQ(rax(), 7u);
    EXPECT_EQ(flags(CF | ZF), CF | ZF);
}

TEST_F(Instruction, RotatesThroughCarryAreOneBitWider) {
    run({0xF9, 0xD0, 0xD0}, {.rax = 0x80});  // stc; rcl al, 1
    EXPECT_EQ(rax(), 1u);
    EXPECT_EQ(flags(CF), CF);
    run({0xF8, 0xC0, 0xD8, 0x09}, {.rax = 0xA5});  // clc; rcr al, 9: all the way round
    EXPECT_EQ(rax(), 0xA5u);
    EXPECT_EQ(flags(CF), 0u);
}

TEST_F(Instruction, DoubleShiftsFillFromTheOtherOperand) {
    run({0x0F, 0xA4, 0xC8, 0x08}, {.rax = 0x11223344, .rcx = 0xAABBCCDD});  // shld eax, ecx, 8
    EXPECT_EQ(rax(), 0x223344AAu);
    EXPECT_EQ(flags(CF), CF);                                               // bit 0 of 0x11
    run({0x0F, 0xAC, 0xC8, 0x08}, {.rax = 0x11223344, .rcx = 0xAABBCCDD});  // shrd eax, ecx, 8
    EXPECT_EQ(rax(), 0xDD112233u);
}

TEST_F(Instruction, BitTestsOnMemoryReachBeyondTheOperand) {
    run({0x0F, 0xAB, 0x0B}, {.rcx = 0xFFFFFFFF, .rbx = Guest::kData + 4});  // bts [rbx], ecx: bit -1
    EXPECT_EQ(guest.at<u32>(Guest::kData), 0x80000000u);
    EXPECT_EQ(flags(CF), 0u);
    run({0x48, 0x0F, 0xA3, 0x0B}, {.rcx = 100, .rbx = Guest::kData});  // bt [rbx], rcx
    EXPECT_EQ(flags(CF), 0u);
}

TEST_F(Instruction, BitCounts) {
    run({0xF3, 0x0F, 0xBC, 0xC1}, {.rcx = 0});  // tzcnt eax, ecx
    EXPECT_EQ(rax(), 32u);
    EXPECT_EQ(flags(CF | ZF), CF);
    run({0xF3, 0x48, 0x0F, 0xBD, 0xC1}, {.rcx = 1});  // lzcnt rax, rcx
    EXPECT_EQ(rax(), 63u);
    run({0xF3, 0x0F, 0xB8, 0xC1}, {.rcx = 0xF0F0});  // popcnt
    EXPECT_EQ(rax(), 8u);
    run({0x0F, 0xBD, 0xC1}, {.rcx = 0x1000});  // bsr
    EXPECT_EQ(rax(), 12u);
}

TEST_F(Instruction, Crc32cOfTheCheckStringIsTheKnownOne) {
    // CRC-32C of "123456789" is 0xE3069283 (RFC 3720 B.4's polynomial; the catalogue's check value).
    const char text[] = "123456789";
    u64 head;
    std::memcpy(&head, text, 8);
    // mov eax,-1; crc32 rax,rcx; crc32 eax,dl; not eax
    run({0xB8, 0xFF, 0xFF, 0xFF, 0xFF, 0xF2, 0x48, 0x0F, 0x38, 0xF1, 0xC1, 0xF2, 0x0F, 0x38, 0xF0, 0xC2, 0xF7, 0xD0},
        {.rcx = head, .rdx = '9'});
    EXPECT_EQ(rax(), 0xE3069283u);
}

TEST_F(Instruction, BmiExtractsAndDeposits) {
    run({0xC4, 0xE2, 0x72, 0xF5, 0xC2}, {.rcx = 0x12345678, .rdx = 0xFF00FF00});  // pext eax, ecx, edx
    EXPECT_EQ(rax(), 0x1256u);
    run({0xC4, 0xE2, 0x73, 0xF5, 0xC2}, {.rcx = 0x1256, .rdx = 0xFF00FF00});  // pdep eax, ecx, edx
    EXPECT_EQ(rax(), 0x12005600u);
    run({0xC4, 0xE2, 0x70, 0xF2, 0xC2}, {.rcx = 0xF0, .rdx = 0xFF});  // andn eax, ecx, edx
    EXPECT_EQ(rax(), 0x0Fu);
    EXPECT_EQ(flags(CF | OF | ZF | SF), 0u);
}

TEST_F(Instruction, BzhiClearsFromTheIndexOnAndCarriesBeyondTheOperand) {
    run({0xC4, 0xE2, 0x68, 0xF5, 0xC1}, {.rcx = 0xFFFFFFFF, .rdx = 31});  // bzhi eax, ecx, edx
    EXPECT_EQ(rax(), 0x7FFFFFFFu);
    EXPECT_EQ(flags(CF), 0u);
    run({0xC4, 0xE2, 0x68, 0xF5, 0xC1}, {.rcx = 0xFFFFFFFF, .rdx = 32});
    EXPECT_EQ(rax(), 0xFFFFFFFFu);
    EXPECT_EQ(flags(CF | SF), CF | SF);
}

TEST_F(Instruction, BextrTakesTheFieldAndZerosBeyondTheOperand) {
    run({0xC4, 0xE2, 0x68, 0xF7, 0xC1}, {.rcx = 0xFFFFFFFF12345678, .rdx = 0x0808});  // bextr eax, ecx, edx
    EXPECT_EQ(rax(), 0x56u);
    run({0xC4, 0xE2, 0x68, 0xF7, 0xC1}, {.rcx = 0xFFFFFFFF12345678, .rdx = 0x2018});
    EXPECT_EQ(rax(), 0x12u);
    run({0xC4, 0xE2, 0x68, 0xF7, 0xC1}, {.rcx = 0x12345678, .rdx = 0x0820});
    EXPECT_EQ(rax(), 0u);
    EXPECT_EQ(flags(ZF | CF | OF), ZF);
}

TEST_F(Instruction, BsfOfZeroLeavesTheWholeTarget) {
    run({0x0F, 0xBC, 0xC1}, {.rax = 0x1234567812345678, .rcx = 0});  // measured on silicon
    EXPECT_EQ(rax(), 0x1234567812345678u);
    EXPECT_EQ(flags(ZF), ZF);
}

TEST_F(Instruction, BlsiIsolatesTheLowestBitAndCarriesUnlessZero) {
    run({0xC4, 0xE2, 0x78, 0xF3, 0xD9}, {.rcx = 0x58});  // blsi eax, ecx
    EXPECT_EQ(rax(), 8u);
    EXPECT_EQ(flags(CF | ZF), CF);
    run({0xC4, 0xE2, 0x78, 0xF3, 0xD9}, {.rcx = 0});
    EXPECT_EQ(flags(CF | ZF), ZF);
}

TEST_F(Instruction, MovbeSwapsBytesBothWays) {
    guest.put<u32>(Guest::kData, 0x11223344);
    run({0x0F, 0x38, 0xF0, 0x03}, {.rbx = Guest::kData});  // movbe eax, [rbx]
    EXPECT_EQ(rax(), 0x44332211u);
    run({0x66, 0x0F, 0x38, 0xF1, 0x03}, {.rax = 0xAABB, .rbx = Guest::kData});  // movbe [rbx], ax
    EXPECT_EQ(guest.at<u32>(Guest::kData), 0x1122BBAAu);
}

TEST_F(Instruction, AFailedCmpxchgOfRegistersLeavesTheTargetsUpperHalf) {
    run({0x0F, 0xB1, 0xCA}, {.rax = 1, .rcx = 7, .rdx = 0x3333333344444444});  // measured on silicon
    EXPECT_EQ(rax(), 0x44444444u);
    EXPECT_EQ(rdx(), 0x3333333344444444u);
}

TEST_F(Instruction, CmpxchgWritesOnlyWhereEqualAndLoadsTheAccumulatorElse) {
    guest.put<u64>(Guest::kData, 5);
    run({0xF0, 0x48, 0x0F, 0xB1, 0x0B}, {.rax = 5, .rcx = 9, .rbx = Guest::kData});
    EXPECT_EQ(guest.at<u64>(Guest::kData), 9u);
    EXPECT_EQ(flags(ZF), ZF);
    run({0xF0, 0x48, 0x0F, 0xB1, 0x0B}, {.rax = 5, .rcx = 1, .rbx = Guest::kData});
    EXPECT_EQ(guest.at<u64>(Guest::kData), 9u);
    EXPECT_EQ(rax(), 9u);
    EXPECT_EQ(flags(ZF), 0u);
}

TEST_F(Instruction, Cmpxchg16bComparesBothHalves) {
    guest.put<u64>(Guest::kData, 1);
    guest.put<u64>(Guest::kData + 8, 2);
    guest.load({0xF0, 0x48, 0x0F, 0xC7, 0x0E, 0xF4});  // lock cmpxchg16b [rsi]
    guest.core.start(Guest::kCode, Guest::kStack);
    guest.core.set_reg(RSI, Guest::kData);
    guest.core.set_reg(RAX, 1);
    guest.core.set_reg(RDX, 2);
    guest.core.set_reg(RBX, 3);
    guest.core.set_reg(RCX, 4);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.at<u64>(Guest::kData), 3u);
    EXPECT_EQ(guest.at<u64>(Guest::kData + 8), 4u);
}

TEST_F(Instruction, StackOperationsFollowRsp) {
    run({0x68, 0x78, 0x56, 0x34, 0x82, 0x58});  // push -0x7DCBA988; pop rax
    EXPECT_EQ(rax(), 0xFFFFFFFF82345678u);
    EXPECT_EQ(guest.core.reg(RSP), Guest::kStack);
    run({0x54, 0x58});  // push rsp pushes the old value
    EXPECT_EQ(rax(), Guest::kStack);
    run({0x51, 0x8F, 0x04, 0x24}, {.rcx = 7});  // push rcx; pop [rsp]: the address is taken after the pop
    EXPECT_EQ(guest.at<u64>(Guest::kStack), 7u);
    run({0xC8, 0x20, 0x00, 0x00, 0x48, 0x89, 0xE0, 0xC9});  // enter 32, 0; mov rax, rsp; leave
    EXPECT_EQ(rax(), Guest::kStack - 8 - 32);
    EXPECT_EQ(guest.core.reg(RSP), Guest::kStack);
}

TEST_F(Instruction, RepMovsCopiesOverlappingBytesOneByOne) {
    guest.put<u64>(Guest::kData, 0x41);
    guest.load({0xF3, 0xA4, 0xF4});
    guest.core.start(Guest::kCode, Guest::kStack);
    guest.core.set_reg(RSI, Guest::kData);
    guest.core.set_reg(RDI, Guest::kData + 1);
    guest.core.set_reg(RCX, 1000);
    ASSERT_EQ(guest.run(), Stop::halt);
    for (u64 n = 0; n <= 1000; ++n) ASSERT_EQ(guest.at<u8>(Guest::kData + n), 0x41u) << n;
    EXPECT_EQ(guest.core.reg(RCX), 0u);
    EXPECT_EQ(guest.core.reg(RDI), Guest::kData + 1001);
}

TEST_F(Instruction, RepneScasStopsAtTheByte) {
    std::memcpy(guest.memory.data() + Guest::kData, "first packet", 13);
    guest.load({0xF2, 0xAE, 0xF4});  // repne scasb
    guest.core.start(Guest::kCode, Guest::kStack);
    guest.core.set_reg(RDI, Guest::kData);
    guest.core.set_reg(RCX, ~u64{0});
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RDI), Guest::kData + 13);
    EXPECT_EQ(flags(ZF), ZF);
}

TEST_F(Instruction, DirectionFlagWalksDown) {
    run({0xFD, 0x48, 0x89, 0xDF, 0xAB, 0x48, 0x89, 0xF8}, {.rax = 0x55, .rbx = Guest::kData + 8});  // std; stosd
    EXPECT_EQ(rax(), Guest::kData + 4);
    EXPECT_EQ(flags(DF), DF);
}

TEST_F(Instruction, CpuidNamesOnlyWhatIsModelled) {
    run({0x0F, 0xA2}, {.rax = 1});
    EXPECT_EQ(rdx() & ((1U << 0) | (1U << 25) | (1U << 26)), 0u);  // no FPU, SSE, SSE2
    EXPECT_NE(rdx() & (1U << 4), 0u);                              // TSC
    EXPECT_NE(guest.core.reg(RCX) & (1U << 23), 0u);               // POPCNT
}

TEST_F(Instruction, SegmentBasesMoveFsAndGsAddresses) {
    guest.put<u64>(Guest::kData + 0x18, 0xFEED);
    // mov ecx, 0xC0000101; wrmsr; mov rax, gs:[0x18]
    run({0xB9, 0x01, 0x01, 0x00, 0xC0, 0x31, 0xD2, 0xB8, 0x00, 0x00, 0x04, 0x00,
         0x0F, 0x30, 0x65, 0x48, 0x8B, 0x04, 0x25, 0x18, 0x00, 0x00, 0x00});
    EXPECT_EQ(rax(), 0xFEEDu);
}

TEST_F(Instruction, A32BitAddressIsCut) {
    guest.put<u32>(Guest::kData, 77);
    run({0x67, 0x8B, 0x03}, {.rbx = 0xFFFFFFFF00000000 + Guest::kData});  // mov eax, [ebx]
    EXPECT_EQ(rax(), 77u);
}

TEST_F(Instruction, AnUnknownMsrReadsZeroAndIsNotedOnce) {
    run({0x0F, 0x32, 0x0F, 0x32}, {.rcx = 0x1A0});
    EXPECT_EQ(rax(), 0u);
    ASSERT_EQ(guest.core.notes().size(), 1u);
    EXPECT_NE(guest.core.notes()[0].find("0x1a0"), std::string::npos);
}

}  // namespace
}  // namespace turnpike::cpu
