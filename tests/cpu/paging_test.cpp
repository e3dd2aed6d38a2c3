// SPDX-License-Identifier: Apache-2.0
// 4-level paging (Intel SDM volume 3, chapter 4).
#include <gtest/gtest.h>

#include <random>

#include "tests/cpu/paged_machine.h"

namespace turnpike::cpu {
namespace {

using Program = std::vector<u8>;
constexpr u64 kPage = PagedMachine::kPage;
constexpr u64 kPhysical = PagedMachine::kPhysical;
const Program kRead = {0x48, 0x8B, 0x03, 0x90, 0xF4};    // mov rax, [rbx]
const Program kWrite = {0x48, 0x89, 0x03, 0x90, 0xF4};   // mov [rbx], rax
const Program kUpdate = {0x83, 0x03, 0x01, 0x90, 0xF4};  // add dword [rbx], 1
const Program kFetch = {0xFF, 0xE3};                     // jmp rbx

struct FaultCase {
    const char* name;
    u64 entry;
    const Program& program;
    bool user;
    u64 code;
};

TEST(PageFault, TheErrorCodeSaysWhatTheAccessWasAndWhyItFailed) {
    using namespace pte;
    constexpr u64 kReserved = u64{1} << 45;
    const FaultCase cases[] = {
        {"read, not present", 0, kRead, false, 0},
        {"write, not present", 0, kWrite, false, error::W},
        {"fetch, not present", 0, kFetch, false, error::I},
        {"user read, not present", 0, kRead, true, error::U},
        {"user write, not present", 0, kWrite, true, error::U | error::W},
        {"user update, not present", 0, kUpdate, true, error::U | error::W},  // as measured on processors
        {"user fetch, not present", 0, kFetch, true, error::U | error::I},
        {"user read of a supervisor page", P | W, kRead, true, error::P | error::U},
        {"user write of a supervisor page", P | W, kWrite, true, error::P | error::U | error::W},
        {"user fetch from a supervisor page", P | W, kFetch, true, error::P | error::U | error::I},
        {"user write of a read-only page", P | U, kWrite, true, error::P | error::U | error::W},
        {"user update of a read-only page", P | U, kUpdate, true, error::P | error::U | error::W},
        {"write of a read-only page with WP", P, kWrite, false, error::P | error::W},
        {"write of a user's read-only page with WP", P | U, kWrite, false, error::P | error::W},
        {"fetch from a no-execute page", P | W | NX, kFetch, false, error::P | error::I},
        {"user fetch from a no-execute page", P | U | NX, kFetch, true, error::P | error::U | error::I},
        {"read through a reserved bit", P | W | kReserved, kRead, false, error::P | error::RSVD},
        {"user write through a reserved bit", P | W | U | kReserved, kWrite, true,
         error::P | error::RSVD | error::W | error::U},
        {"fetch through a reserved bit", P | kReserved, kFetch, false, error::P | error::RSVD | error::I},
    };
    for (const FaultCase& one : cases) {
        SCOPED_TRACE(one.name);
        PagedMachine machine;
        machine.map(kPage, one.entry == 0 ? 0 : kPhysical | one.entry);
        machine.boot(one.program, one.user);
        machine.core.set_reg(RBX, kPage + 0x123);
        ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
        EXPECT_EQ(machine.halted_in(), 14);
        EXPECT_EQ(machine.on_stack(0), one.code);
        EXPECT_EQ(machine.core.reg(R15), kPage + 0x123);
        const bool fetch = &one.program == &kFetch;
        EXPECT_EQ(machine.on_stack(1), fetch ? kPage + 0x123 : Guest::kCode);
        if (one.user) {
            EXPECT_EQ(machine.core.reg(RSP), PagedMachine::kKernelStack - 48);
            EXPECT_EQ(machine.on_stack(2), PagedMachine::kUserCode);
            EXPECT_EQ(machine.on_stack(4), PagedMachine::kUserStack);
            EXPECT_EQ(machine.on_stack(5), PagedMachine::kUserData);
        }
    }
}

TEST(PageFault, WithoutWpTheSupervisorWritesReadOnlyPages) {
    PagedMachine machine;
    machine.map(kPage, kPhysical | pte::P);
    machine.boot(kWrite, false, 2, PagedMachine::kNoWp);
    machine.core.set_reg(RBX, kPage);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), -1);
}

TEST(PageFault, EveryLevelCanForbid) {
    for (unsigned level = 1; level < 4; ++level) {
        PagedMachine machine;
        const u64 page = u64{1} << 40;  // tables of its own
        machine.map(page, kPhysical | pte::P | pte::W | pte::U);
        const u64 at = machine.entry(page, level);
        machine.put<u64>(at, machine.at<u64>(at) & ~pte::W);
        machine.boot(kWrite, true);
        machine.core.set_reg(RBX, page);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), 14);
        EXPECT_EQ(machine.on_stack(0), error::P | error::W | error::U);
    }
}

TEST(PageFlags, AReadSetsAccessedAtEveryLevelAndAWriteSetsDirtyInTheLast) {
    for (const bool write : {false, true}) {
        PagedMachine machine;
        const u64 page = u64{1} << 40;
        machine.map(page, kPhysical | pte::P | pte::W);
        machine.boot(write ? kWrite : kRead, false);
        machine.core.set_reg(RBX, page);
        ASSERT_EQ(machine.run(), Stop::halt);
        ASSERT_EQ(machine.halted_in(), -1);
        for (unsigned level = 0; level < 4; ++level) {
            const u64 entry = machine.at<u64>(machine.entry(page, level));
            EXPECT_NE(entry & pte::A, 0u) << level;
            EXPECT_EQ((entry & pte::D) != 0, write && level == 0) << level;
        }
    }
}

TEST(PageFlags, AWriteAfterAReadSetsDirtyToo) {
    PagedMachine machine;
    machine.map(kPage, kPhysical | pte::P | pte::W);
    machine.boot({0x48, 0x8B, 0x03, 0x48, 0x89, 0x03, 0xF4}, false);
    machine.core.set_reg(RBX, kPage);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.at<u64>(machine.entry(kPage)) & (pte::A | pte::D), pte::A | pte::D);
}

TEST(LargePages, OfTwoMebibytesAndOneGibibyteMapTheirWholeRange) {
    for (const unsigned level : {1U, 2U}) {
        PagedMachine machine;
        const u64 page = u64{5} << 30;
        machine.map(page, pte::P | pte::W | pte::PS, level);
        machine.put<u64>(0x54328, 0x1234);
        machine.boot(kRead, false);
        machine.core.set_reg(RBX, page + 0x54328);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), -1);
        EXPECT_EQ(machine.core.reg(RAX), 0x1234u);
        EXPECT_NE(machine.at<u64>(machine.entry(page, level)) & pte::A, 0u);
    }
}

TEST(LargePages, TheirLowAddressBitsAreReserved) {
    for (const unsigned level : {1U, 2U}) {
        PagedMachine machine;
        const u64 page = u64{5} << 30;
        machine.map(page, 0x2000 | pte::P | pte::W | pte::PS, level);
        machine.boot(kRead, false);
        machine.core.set_reg(RBX, page);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), 14);
        EXPECT_EQ(machine.on_stack(0), error::P | error::RSVD);
    }
}

TEST(Translations, InvlpgAndALoadOfCr3MakeAChangedEntryVisible) {
    // mov r10,[rbx]; mov [r8],r9; mov r11,[rbx]; then invlpg [rbx] or mov rax,cr3; mov cr3,rax; then mov r12,[rbx]; hlt
    const Program by_page = {0x4C, 0x8B, 0x13, 0x4D, 0x89, 0x08, 0x4C, 0x8B,
                             0x1B, 0x0F, 0x01, 0x3B, 0x4C, 0x8B, 0x23, 0xF4};
    const Program by_cr3 = {0x4C, 0x8B, 0x13, 0x4D, 0x89, 0x08, 0x4C, 0x8B, 0x1B, 0x0F,
                            0x20, 0xD8, 0x0F, 0x22, 0xD8, 0x4C, 0x8B, 0x23, 0xF4};
    for (const Program& program : {by_page, by_cr3}) {
        PagedMachine machine;
        machine.map(kPage, kPhysical | pte::P | pte::W);
        machine.put<u64>(kPhysical, 1);
        machine.put<u64>(kPhysical + 0x1000, 2);
        machine.boot(program, false);
        machine.core.set_reg(RBX, kPage);
        machine.core.set_reg(R8, machine.entry(kPage));
        machine.core.set_reg(R9, (kPhysical + 0x1000) | pte::P | pte::W);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.core.reg(R10), 1u);
        EXPECT_TRUE(machine.core.reg(R11) == 1 || machine.core.reg(R11) == 2);  // SDM volume 3, 4.10.4.3
        EXPECT_EQ(machine.core.reg(R12), 2u);
    }
}

TEST(Translations, InvlpgOfAnyAddressInALargePageForgetsAllOfIt) {
    PagedMachine machine;
    const u64 page = u64{5} << 30;
    machine.map(page, pte::P | pte::W | pte::PS, 1);
    machine.put<u64>(0x50000, 1);
    // mov r10,[rbx]; mov [r8],r9; invlpg [rbx+0x7000]; mov r12,[rbx]: not present now
    machine.boot({0x4C, 0x8B, 0x13, 0x4D, 0x89, 0x08, 0x0F, 0x01, 0xBB, 0x00, 0x70, 0x00, 0x00, 0x4C, 0x8B, 0x23, 0xF4},
                 false);
    machine.core.set_reg(RBX, page + 0x50000);
    machine.core.set_reg(R8, machine.entry(page, 1));
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 14);
    EXPECT_EQ(machine.core.reg(R10), 1u);
}

TEST(Translations, CodeFollowsTheMapping) {
    PagedMachine machine;
    machine.map(kPage, kPhysical | pte::P | pte::W);
    machine.load({0xB8, 0x01, 0x00, 0x00, 0x00, 0xC3}, kPhysical);           // mov eax, 1; ret
    machine.load({0xB8, 0x02, 0x00, 0x00, 0x00, 0xC3}, kPhysical + 0x1000);  // mov eax, 2; ret
    // call rbx; mov r10,rax; mov [r8],r9; invlpg [rbx]; call rbx; hlt
    machine.boot({0xFF, 0xD3, 0x49, 0x89, 0xC2, 0x4D, 0x89, 0x08, 0x0F, 0x01, 0x3B, 0xFF, 0xD3, 0xF4}, false);
    machine.core.set_reg(RBX, kPage);
    machine.core.set_reg(R8, machine.entry(kPage));
    machine.core.set_reg(R9, (kPhysical + 0x1000) | pte::P | pte::W);
    ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    EXPECT_EQ(machine.core.reg(R10), 1u);
    EXPECT_EQ(machine.core.reg(RAX), 2u);
}

TEST(Translations, AStoreThroughAnotherMappingChangesCode) {
    PagedMachine machine;
    machine.map(kPage, kPhysical | pte::P | pte::W);
    machine.map(kPage + 0x5000, kPhysical | pte::P | pte::W);
    machine.load({0xB8, 0x01, 0x00, 0x00, 0x00, 0xC3}, kPhysical);
    // call rbx; mov r10,rax; mov byte [r8+1],7; call rbx; hlt
    machine.boot({0xFF, 0xD3, 0x49, 0x89, 0xC2, 0x41, 0xC6, 0x40, 0x01, 0x07, 0xFF, 0xD3, 0xF4}, false);
    machine.core.set_reg(RBX, kPage);
    machine.core.set_reg(R8, kPage + 0x5000);
    ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    EXPECT_EQ(machine.core.reg(R10), 1u);
    EXPECT_EQ(machine.core.reg(RAX), 7u);
}

TEST(Crossing, AnInstructionThatSpansTwoPagesIsFetchedFromBoth) {
    PagedMachine machine;
    machine.map(kPage, kPhysical | pte::P);
    machine.map(kPage + 0x1000, (kPhysical + 0x8000) | pte::P);
    machine.load({0xB8, 0x11, 0x22}, kPhysical + 0xFFD);  // mov eax, 0x44332211; hlt
    machine.load({0x33, 0x44, 0xF4}, kPhysical + 0x8000);
    machine.boot(kFetch, false);
    machine.core.set_reg(RBX, kPage + 0xFFD);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.core.reg(RAX), 0x44332211u);
}

TEST(Crossing, AFetchThatFailsOnTheSecondPageNamesThatPageAndTheInstruction) {
    PagedMachine machine;
    machine.map(kPage, kPhysical | pte::P);
    machine.load({0xB8, 0x11, 0x22}, kPhysical + 0xFFD);
    machine.boot(kFetch, false);
    machine.core.set_reg(RBX, kPage + 0xFFD);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 14);
    EXPECT_EQ(machine.core.reg(R15), kPage + 0x1000);
    EXPECT_EQ(machine.on_stack(0), error::I);
    EXPECT_EQ(machine.on_stack(1), kPage + 0xFFD);
}

TEST(Crossing, AStoreWhoseSecondPageFaultsHasWrittenNothing) {
    for (const Program& program : {kWrite, kUpdate}) {
        PagedMachine machine;
        machine.map(kPage, kPhysical | pte::P | pte::W);
        machine.put<u64>(kPhysical + 0xFF8, 0x5555555555555555);
        unsigned faults = 0;
        machine.on_fault([&] {
            ++faults;
            EXPECT_EQ(machine.core.reg(R15), kPage + 0x1000);
            EXPECT_EQ(machine.at<u64>(kPhysical + 0xFF8), 0x5555555555555555u);
            machine.map(kPage + 0x1000, (kPhysical + 0x4000) | pte::P | pte::W);
        });
        machine.boot(program, false);
        machine.core.set_reg(RBX, kPage + 0xFFE);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(faults, 1u);
        EXPECT_EQ(machine.halted_in(), -1);
        EXPECT_NE(machine.at<u16>(kPhysical + 0xFFE), 0x5555u);  // and then it has
    }
}

TEST(Crossing, ARepeatedMoveStopsAtTheFaultAndGoesOnBehindIt) {
    for (const bool down : {false, true}) {
        PagedMachine machine;
        machine.map(kPage, kPhysical | pte::P | pte::W);
        machine.map(kPage + 0x1000, (kPhysical + 0x3000) | pte::P | pte::W);
        for (u64 n = 0; n < 200; ++n) machine.memory[Guest::kData + n] = static_cast<u8>(n * 7 + 1);
        const u64 missing = down ? kPage : kPage + 0x1000;
        const u64 entry = machine.at<u64>(machine.entry(missing));
        machine.map(missing, 0);
        unsigned faults = 0;
        machine.on_fault([&] {
            ++faults;
            EXPECT_EQ(machine.core.reg(RCX), 100u);
            EXPECT_EQ(machine.core.reg(RDI), down ? kPage + 0xFFF : kPage + 0x1000);
            EXPECT_EQ(machine.core.reg(RSI), Guest::kData + (down ? 99 : 100));
            machine.map(missing, entry);
        });
        // mov rdi,r8; mov rsi,r9; mov ecx,200; rep movsb; hlt
        machine.boot({0x4C, 0x89, 0xC7, 0x4C, 0x89, 0xCE, 0xB9, 0xC8, 0x00, 0x00, 0x00, 0xF3, 0xA4, 0xF4}, false,
                     down ? 0x402 : 2);
        machine.core.set_reg(R8, kPage + 0x1000 - 100 + (down ? 199 : 0));
        machine.core.set_reg(R9, Guest::kData + (down ? 199 : 0));
        ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
        EXPECT_EQ(faults, 1u);
        EXPECT_EQ(machine.core.reg(RCX), 0u);
        for (u64 n = 0; n < 200; ++n) {
            const u64 at = n < 100 ? kPhysical + 0x1000 - 100 + n : kPhysical + 0x3000 + n - 100;
            ASSERT_EQ(machine.memory[at], machine.memory[Guest::kData + n]) << n;
        }
    }
}

TEST(Paging, DevicesAreReachedAtTheirPhysicalAddress) {
    PagedMachine machine;
    machine.map(kPage, Guest::kDevice | pte::P | pte::W);
    machine.boot(kRead, false);
    machine.core.set_reg(RBX, kPage + 0x40);
    ASSERT_EQ(machine.run(), Stop::halt);
    ASSERT_EQ(machine.accesses.size(), 1u);
    EXPECT_EQ(machine.accesses[0].address, Guest::kDevice + 0x40);
    EXPECT_EQ(machine.core.reg(RAX), machine.device_value);
}

TEST(Paging, RandomTablesNeitherCrashNorHang) {
    std::mt19937_64 random(2027);
    for (unsigned round = 0; round < 150; ++round) {
        PagedMachine machine;
        for (u64 at = Guest::kCode; at < Guest::kCode + 0x1000; ++at) machine.memory[at] = static_cast<u8>(random());
        machine.boot({0x90}, round % 2 == 0);
        for (unsigned n = 0; n < 60; ++n) {
            const u64 at = PagedMachine::kTop + 8 * (random() % 0xA00);
            machine.put<u64>(at, random() % 3 == 0 ? random() : (random() & 0xFFFFF) | (random() << 63) | 7);
        }
        for (unsigned n = 0; n < 16; ++n) {
            if (n != RSP && n != RDI && n != RSI) machine.core.set_reg(n, random() % 0x2000000);
        }
        machine.run(4000);
    }
}

}  // namespace
}  // namespace turnpike::cpu
