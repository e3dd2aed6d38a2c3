// SPDX-License-Identifier: Apache-2.0
// Interrupts and exceptions through the IDT (Intel SDM volume 3, chapter 6).
#include <gtest/gtest.h>

#include "tests/cpu/guest.h"
#include "tests/cpu/guests.h"

namespace turnpike::cpu {
namespace {

constexpr u64 IF = 0x200, RF = 0x10000;

/// lidt [rip + …] in front of the program at kCode: the guest loads the table itself.
void load_with_idt(Guest& guest, std::span<const u8> program, u16 limit = 0xFFF) {
    guest.put<u16>(0x800, limit);
    guest.put<u64>(0x802, Guest::kIdt);
    guest.load({0x0F, 0x01, 0x1C, 0x25, 0x00, 0x08, 0x00, 0x00, 0xE9, 0xF3, 0x07, 0x00, 0x00}, 0x800 - 0x100);
    guest.load(program);
    // jmp from 0x70D to 0x1000
    guest.put<u32>(0x709, static_cast<u32>(Guest::kCode - 0x70D));
    guest.core.start(0x700, Guest::kStack);
}

TEST(Exceptions, FaultsPushTheFaultingAddressAndTrapsTheNext) {
    Guest guest;
    for (unsigned vector : {0U, 6U}) guest.gate(vector, Guest::kCode + 0x200);
    guest.gate(13, Guest::kCode + 0x280);
    for (unsigned vector : {3U, 0x40U}) guest.gate(vector, Guest::kCode + 0x300, 0x8F);
    load_with_idt(guest, faults_program());
    ASSERT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
    EXPECT_EQ(guest.at<u64>(0x40000), 2u);                   // #DE, #UD
    EXPECT_EQ(guest.at<u64>(0x40008), Guest::kCode + 0xB);   // the UD2
    EXPECT_EQ(guest.at<u64>(0x40010) & RF, RF);              // SDM 18.3.1.1
    EXPECT_EQ(guest.at<u64>(0x40018), 1u);                   // #GP
    EXPECT_EQ(guest.at<u64>(0x40020), 0u);                   // error code
    EXPECT_EQ(guest.at<u64>(0x40028), Guest::kCode + 0x17);  // the load from a non-canonical address
    EXPECT_EQ(guest.at<u64>(0x40030), 2u);                   // INT3, INT 0x40
    EXPECT_EQ(guest.at<u64>(0x40038), Guest::kCode + 0x1D);  // behind INT 0x40
    EXPECT_EQ(guest.core.stats().exceptions, 5u);
    EXPECT_EQ(guest.core.reg(RSP), Guest::kStack);
}

TEST(Exceptions, InterruptGatesClearTheInterruptFlagAndTrapGatesDoNot) {
    for (const u8 type : {u8{0x8E}, u8{0x8F}}) {
        Guest guest;
        guest.gate(0x40, Guest::kCode + 0x10, type);
        const u8 program[] = {0xFB, 0xCD, 0x40, 0xF4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x9C, 0x58, 0x48, 0xCF};
        load_with_idt(guest, program);  // sti; int 0x40; hlt; handler: pushfq; pop rax; iretq
        ASSERT_EQ(guest.run(), Stop::halt);
        EXPECT_EQ(guest.core.reg(RAX) & IF, type == 0x8F ? IF : 0u);
        EXPECT_EQ(guest.core.rflags() & IF, IF);
    }
}

TEST(Exceptions, AGateCanNameItsOwnStack) {
    Guest guest;
    guest.gate(6, Guest::kCode + 0x40, 0x8E, 1);
    constexpr u64 kTss = 0x22000;
    constexpr u64 kIst = 0x70000;
    guest.put<u64>(kTss + 0x24, kIst);
    guest.put<u64>(Guest::kGdt + 8, 0x00AF9A000000FFFF);   // 64-bit code
    guest.put<u64>(Guest::kGdt + 16, 0x00CF92000000FFFF);  // data
    guest.put<u64>(Guest::kGdt + 24, 0x0000890000000067 | (kTss << 16));
    guest.put<u16>(0x900, 0x2F);
    guest.put<u64>(0x902, Guest::kGdt);
    // lgdt [0x900]; mov eax, 0x18; ltr ax; mov rbx, rsp; ud2 … handler at 0x40: mov rcx, rsp; hlt
    std::vector<u8> program = {0x0F, 0x01, 0x14, 0x25, 0x00, 0x09, 0x00, 0x00, 0xB8,
                               0x18, 0x00, 0x00, 0x00, 0x0F, 0x00, 0xD8, 0x0F, 0x0B};
    program.resize(0x40);
    program.insert(program.end(), {0x48, 0x89, 0xE1, 0xF4});
    load_with_idt(guest, program);
    ASSERT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
    EXPECT_EQ(guest.core.reg(RCX), kIst - 40);             // five words, no error code
    EXPECT_EQ(guest.at<u64>(kIst - 16), Guest::kStack);    // the interrupted RSP
    EXPECT_EQ(guest.at<u8>(Guest::kGdt + 24 + 5), 0x8Bu);  // LTR marks the TSS busy
}

TEST(Exceptions, WithoutATableTheCoreShutsDownAndSaysWhy) {
    Guest guest;
    guest.load({0x48, 0x31, 0xC0, 0x0F, 0x0B});
    guest.core.start(Guest::kCode, Guest::kStack);
    EXPECT_EQ(guest.run(), Stop::shutdown);
    const std::string text = guest.core.diagnosis();
    EXPECT_NE(text.find("#UD"), std::string::npos) << text;
    EXPECT_NE(text.find("0x1003"), std::string::npos) << text;
    EXPECT_NE(text.find("0f 0b"), std::string::npos) << text;
    EXPECT_NE(text.find("rsp 80000"), std::string::npos) << text;
    EXPECT_EQ(guest.core.run(Guest::kForever), Stop::shutdown);
}

TEST(Exceptions, AMissingGateIsAGeneralProtectionFaultNamingTheVector) {
    Guest guest;
    guest.gate(13, Guest::kCode + 0x40);
    std::vector<u8> program = {0x0F, 0x0B};
    program.resize(0x40);
    program.insert(program.end(), {0x58, 0xF4});  // pop rax: the error code
    load_with_idt(guest, program);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 6u * 8 + 2 + 1);  // IDT, EXT (SDM volume 3, 6.13)
}

TEST(Exceptions, ASecondContributoryFaultIsADoubleFault) {
    Guest guest;
    guest.gate(8, Guest::kCode + 0x40);
    std::vector<u8> program = {0x31, 0xC9, 0xF7, 0xF1};  // xor ecx, ecx; div ecx, with no gate for #DE and #GP
    program.resize(0x40);
    program.insert(program.end(), {0x58, 0xF4});
    load_with_idt(guest, program);
    guest.core.set_reg(RAX, 1);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 0u);
}

TEST(Exceptions, CodeOutsideMemoryIsAFault) {
    Guest guest;
    guest.load({0xB8, 0x00, 0x00, 0x00, 0xE0, 0xFF, 0xE0});  // jmp to the device
    guest.core.start(Guest::kCode, Guest::kStack);
    EXPECT_EQ(guest.run(), Stop::shutdown);
    EXPECT_NE(guest.core.diagnosis().find("rip 0xe0000000"), std::string::npos) << guest.core.diagnosis();
    EXPECT_TRUE(guest.accesses.empty());
}

TEST(Interrupts, AnInterruptAtAnyBoundaryLeavesTheProgramAsItWas) {
    for (u64 at = 1; at < 120; ++at) {
        Guest guest;
        guest.core.set_functional(true);
        guest.gate(0x30, Guest::kCode + 0x100);
        load_with_idt(guest, counter_program());
        guest.core.set_reg(RDI, 20);
        guest.core.run(at);
        guest.request(0x30);
        ASSERT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
        EXPECT_EQ(guest.core.reg(RAX), 210u) << at;
        EXPECT_EQ(guest.core.reg(RSP), Guest::kStack);
        EXPECT_EQ(guest.at<u64>(0x40000) + guest.vectors.size(), 1u);
    }
}

TEST(Interrupts, StiShadowsOneInstructionSoThatHltAlwaysWakes) {
    Guest guest;
    guest.gate(0x30, Guest::kCode + 0x40);
    std::vector<u8> program = {0xFB, 0xF4, 0xFA, 0xF4};  // sti; hlt; cli; hlt
    program.resize(0x40);
    program.insert(program.end(), {0x48, 0x8B, 0x1C, 0x24, 0x48, 0xCF});  // mov rbx, [rsp]; iretq
    load_with_idt(guest, program);
    guest.request(0x30);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RBX), Guest::kCode + 2);  // taken behind the HLT, not before it
    EXPECT_EQ(guest.core.rip(), Guest::kCode + 4);
}

TEST(Interrupts, AHaltedCoreSleepsUntilTheRequestAndTheTimeIsIdle) {
    Guest guest;
    guest.gate(0x30, Guest::kCode + 0x40);
    std::vector<u8> program = {0xFB, 0xF4, 0xFA, 0xF4};
    program.resize(0x40);
    program.insert(program.end(), {0x48, 0xCF});
    load_with_idt(guest, program);
    ASSERT_EQ(guest.run(), Stop::halt);
    const u64 busy = guest.core.stats().busy_cycles;
    guest.core.idle_until(guest.core.cycles() + 5000);
    EXPECT_EQ(guest.core.run(Guest::kForever), Stop::halt);
    EXPECT_EQ(guest.core.stats().busy_cycles, busy);
    guest.request(0x30);
    EXPECT_EQ(guest.core.run(Guest::kForever), Stop::halt);
    EXPECT_EQ(guest.core.rip(), Guest::kCode + 4);
    EXPECT_EQ(guest.core.stats().idle_cycles, 5000u);
    EXPECT_EQ(guest.core.stats().interrupts, 1u);
}

TEST(Interrupts, AWithdrawnRequestIsNotTaken) {
    Guest guest;
    load_with_idt(guest, counter_program());
    guest.core.set_reg(RDI, 3);
    guest.core.set_interrupt(true);  // nothing to acknowledge
    guest.core.run(50);
    guest.core.set_interrupt(false);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 6u);
    EXPECT_EQ(guest.core.stats().interrupts, 0u);
}

}  // namespace
}  // namespace turnpike::cpu
