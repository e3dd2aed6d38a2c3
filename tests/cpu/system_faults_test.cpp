// SPDX-License-Identifier: Apache-2.0
// What system instructions refuse, and with which error code (Intel SDM volume 2, the instructions' own pages; volume
// 3, chapters 5 to 7).
#include <gtest/gtest.h>

#include "regs/address_map.h"
#include "regs/lapic.h"
#include "tests/cpu/paged_machine.h"

namespace turnpike::cpu {
namespace {

using Program = std::vector<u8>;
using M = PagedMachine;

constexpr u64 kNotCanonical = u64{1} << 47;
constexpr u64 kPresentBit = u64{1} << 47;  ///< of a descriptor

TEST(Cmpxchg16b, OfAnAddressThatIsNotAMultipleOf16IsAGeneralProtectionFault) {
    for (const bool aligned : {true, false}) {
        M machine;
        machine.boot({0x48, 0x0F, 0xC7, 0x0B, 0xF4}, false);  // cmpxchg16b [rbx]; hlt
        machine.core.set_reg(RBX, Guest::kData + (aligned ? 0 : 8));
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), aligned ? -1 : 13);
        if (aligned) continue;
        EXPECT_EQ(machine.on_stack(0), 0u);
    }
}

TEST(Sysret, ToAnAddressThatIsNotCanonicalFaultsAtPrivilege0) {
    M machine;
    machine.boot({0x4C, 0x89, 0xC1, 0x48, 0x0F, 0x07}, false);  // mov rcx, r8; sysretq
    machine.core.set_reg(R8, kNotCanonical);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 13);
    EXPECT_EQ(machine.on_stack(0), 0u);
    EXPECT_EQ(machine.on_stack(1), Guest::kCode + 3);
    EXPECT_EQ(machine.on_stack(2), M::kKernelCode);
}

struct Return {
    u64 rip, code, stack;
    u64 missing;  ///< selector of a descriptor that is not present
    int vector;
    u64 error;
};

TEST(Iretq, RefusesWhatIsNotThereOrNotAllowed) {
    constexpr u64 kTo = Guest::kCode + 0x100;
    const Return cases[] = {
        {kTo, M::kKernelCode, M::kKernelData, 0, -1, 0},
        {kTo, M::kUserCode, M::kUserData, 0, 6, 0},  // to the user, whose HLT is below replaced by UD2
        {kTo, M::kKernelCode, 0, 0, -1, 0},          // a null stack segment is fine at level 0
        {kNotCanonical, M::kKernelCode, M::kKernelData, 0, 13, 0},
        {kTo, 0, M::kKernelData, 0, 13, 0},
        {kTo, M::kKernelData, M::kKernelData, 0, 13, M::kKernelData},  // no code
        {kTo, 0x28, M::kKernelData, 0, 13, 0x28},                      // code of level 3 with RPL 0
        {kTo, 0x48, M::kKernelData, 0, 13, 0x48},                      // beyond the table
        {kTo, 0x0C, M::kKernelData, 0, 13, 0x0C},                      // in the local table, which is not there
        {kTo, M::kUserCode, 0, 0, 13, 0},
        {kTo, M::kUserCode, M::kKernelData, 0, 13, M::kKernelData},
        {kTo, M::kKernelCode, M::kUserData, 0, 13, 0x20},
        {kTo, M::kUserCode, M::kUserData, 0x28, 11, 0x28},
        {kTo, M::kUserCode, M::kUserData, 0x20, 12, 0x20},
    };
    for (const Return& one : cases) {
        M machine;
        machine.put<u16>(kTo, one.code == M::kUserCode ? 0x0B0F : 0xF4);
        if (one.missing != 0)
            machine.put(Guest::kGdt + one.missing, machine.at<u64>(Guest::kGdt + one.missing) & ~kPresentBit);
        machine.boot({0x48, 0xCF}, false);
        const u64 frame[5] = {one.rip, one.code, 2, M::kUserStack, one.stack};
        for (unsigned n = 0; n < 5; ++n) machine.put(Guest::kStack + 8 * n, frame[n]);
        ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
        ASSERT_EQ(machine.halted_in(), one.vector) << std::hex << one.rip << ' ' << one.code << ' ' << one.stack;
        if (one.vector < 8) continue;
        EXPECT_EQ(machine.on_stack(0), one.error) << std::hex << one.code << ' ' << one.stack;
        EXPECT_EQ(machine.on_stack(1), Guest::kCode);
    }
}

TEST(Iretq, WithTheNestedTaskFlagIsAFault) {
    M machine;
    machine.boot({0x68, 0x02, 0x40, 0x00, 0x00, 0x9D, 0x48, 0xCF}, false);  // push NT; popfq; iretq
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 13);
    EXPECT_EQ(machine.on_stack(0), 0u);
    EXPECT_EQ(machine.on_stack(1), Guest::kCode + 6);
}

TEST(Segments, LoadsAreCheckedAgainstTheDescriptor) {
    struct Case {
        u8 segment;  ///< 2: SS, 3: DS
        u64 selector;
        bool missing;
        int vector;
        u64 error;
    };
    const Case cases[] = {
        {3, M::kKernelData, false, -1, 0},
        {3, 0, false, -1, 0},
        {3, M::kUserData, false, -1, 0},  // less privileged data is fine
        {3, 0x48, false, 13, 0x48},       // beyond the table
        {3, 0x30, false, 13, 0x30},       // a TSS
        {3, M::kKernelData, true, 11, M::kKernelData},
        {2, M::kKernelData, false, -1, 0},
        {2, 0, false, -1, 0},
        {2, 1, false, 13, 0},
        {2, M::kUserData, false, 13, 0x20},
        {2, M::kKernelCode, false, 13, M::kKernelCode},
        {2, M::kKernelData, true, 12, M::kKernelData},
    };
    for (const Case& one : cases) {
        M machine;
        machine.boot({0x44, 0x89, 0xC0, 0x8E, static_cast<u8>(0xC0 | (one.segment << 3)), 0xF4}, false);
        machine.core.set_reg(R8, one.selector);
        if (one.missing) machine.put(Guest::kGdt + 0x10, machine.at<u64>(Guest::kGdt + 0x10) & ~kPresentBit);
        // The boot's own IRETQ must not need what is missing: a null stack segment does at level 0.
        machine.put<u64>(M::kFrame + 32, 0);
        ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
        ASSERT_EQ(machine.halted_in(), one.vector) << std::hex << +one.segment << ' ' << one.selector;
        if (one.vector < 0) continue;
        EXPECT_EQ(machine.on_stack(0), one.error);
    }
}

TEST(TaskRegister, TakesOnlyATaskThatIsFree) {
    struct Case {
        u64 selector, error;
    };
    for (const Case& one : {Case{0x30, 0x30}, Case{0, 0}, Case{0x10, 0x10}, Case{0x48, 0x48}}) {  // 0x30: busy by now
        M machine;
        machine.boot({0x44, 0x89, 0xC0, 0x0F, 0x00, 0xD8}, false);  // mov eax, r8d; ltr ax
        machine.core.set_reg(R8, one.selector);
        ASSERT_EQ(machine.run(), Stop::halt);
        ASSERT_EQ(machine.halted_in(), 13) << one.selector;
        EXPECT_EQ(machine.on_stack(0), one.error);
    }
}

TEST(Tables, OfAnAddressThatIsNotCanonicalAreRefused) {
    for (const u8 digit : {2, 3}) {
        M machine;
        machine.put<u16>(Guest::kData, 0xFF);
        machine.put(Guest::kData + 2, kNotCanonical);
        machine.boot({0x0F, 0x01, static_cast<u8>(0x03 | (digit << 3))}, false);  // lgdt, lidt [rbx]
        machine.core.set_reg(RBX, Guest::kData);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), 13);
        EXPECT_EQ(machine.on_stack(0), 0u);
    }
}

TEST(Msr, ValuesThatTheRegisterCannotHoldAreFaults) {
    struct Case {
        u32 number;
        u64 value;
        bool fault;
    };
    const Case cases[] = {
        {0xC0000080, 0xD01, false},        {0xC0000080, 0x2D01, true},  // EFER: a bit that is not there
        {0xC0000080, 0x401, true},                                      // LME off while paging
        {0xC0000082, 0x1000, false},       {0xC0000082, kNotCanonical, true}, {0xC0000100, kNotCanonical, true},
        {0xC0000101, kNotCanonical, true}, {0xC0000102, kNotCanonical, true}, {0xC0000103, u64{1} << 32, true}};
    for (const Case& one : cases) {
        M machine;
        // mov ecx,r8d; mov eax,r9d; mov rdx,r10; wrmsr; hlt
        machine.boot({0x44, 0x89, 0xC1, 0x44, 0x89, 0xC8, 0x4C, 0x89, 0xD2, 0x0F, 0x30, 0xF4}, false);
        machine.core.set_reg(R8, one.number);
        machine.core.set_reg(R9, one.value);
        machine.core.set_reg(R10, one.value >> 32);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), one.fault ? 13 : -1) << std::hex << one.number << ' ' << one.value;
    }
}

TEST(Swapgs, ExchangesTheTwoBases) {
    M machine;
    // mov ecx,KERNEL_GS_BASE; mov eax,0x1111; xor edx,edx; wrmsr; dec ecx (GS_BASE); mov eax,0x2222; wrmsr; swapgs;
    // rdmsr; mov r8,rax; inc ecx; rdmsr; hlt
    machine.boot(
        {0xB9, 0x02, 0x01, 0x00, 0xC0, 0xB8, 0x11, 0x11, 0x00, 0x00, 0x31, 0xD2, 0x0F, 0x30, 0xFF, 0xC9, 0xB8, 0x22,
         0x22, 0x00, 0x00, 0x0F, 0x30, 0x0F, 0x01, 0xF8, 0x0F, 0x32, 0x49, 0x89, 0xC0, 0xFF, 0xC1, 0x0F, 0x32, 0xF4},
        false);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.core.reg(R8), 0x1111u);
    EXPECT_EQ(machine.core.reg(RAX), 0x2222u);
}

TEST(Rdtscp, GivesTheTimeAndTscAux) {
    M machine;
    // mov ecx,TSC_AUX; mov eax,0x1234; xor edx,edx; wrmsr; rdtscp; mov r8,rax; rdtsc; hlt
    machine.boot({0xB9, 0x03, 0x01, 0x00, 0xC0, 0xB8, 0x34, 0x12, 0x00, 0x00, 0x31, 0xD2,
                  0x0F, 0x30, 0x0F, 0x01, 0xF9, 0x49, 0x89, 0xC0, 0x0F, 0x31, 0xF4},
                 false);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.core.reg(RCX), 0x1234u);
    EXPECT_EQ(machine.core.reg(RAX), machine.core.reg(R8) + 2);  // functional: RDTSCP and MOV, a cycle each
}

TEST(Rdtsc, IsRefusedToTheUserWhereTsdIsSet) {
    constexpr u64 kTsd = 4;
    for (const Program& program : {Program{0x0F, 0x31, 0x0F, 0x0B}, Program{0x0F, 0x01, 0xF9, 0x0F, 0x0B}}) {
        for (const bool refused : {true, false}) {
            M machine;
            // mov rax,cr4; or rax,r8; mov cr4,rax; then to the user as an INT handler never could: IRETQ
            Program whole = {0x0F, 0x20, 0xE0, 0x4C, 0x09, 0xC0, 0x0F, 0x22, 0xE0, 0x48, 0xCF};
            machine.load(program, Guest::kCode + 0x100);
            machine.boot(whole, false);
            const u64 frame[5] = {Guest::kCode + 0x100, M::kUserCode, 2, M::kUserStack, M::kUserData};
            for (unsigned n = 0; n < 5; ++n) machine.put(Guest::kStack + 8 * n, frame[n]);
            machine.core.set_reg(R8, refused ? kTsd : 0);
            ASSERT_EQ(machine.run(), Stop::halt);
            EXPECT_EQ(machine.halted_in(), refused ? 13 : 6);
        }
    }
}

TEST(Outside, InstructionsThatTheModelDoesNotHaveAreUndefinedAndToldWithTheirBytes) {
    struct Case {
        Program code;
        const char* bytes;
    };
    const Case cases[] = {{{0x0F, 0x01, 0xC8}, "0f 01 c8"},           // monitor
                          {{0x0F, 0x01, 0xC9}, "0f 01 c9"},           // mwait
                          {{0x0F, 0x01, 0xD0}, "0f 01 d0"},           // xgetbv
                          {{0x0F, 0xB2, 0x03}, "0f b2 03"},           // lss
                          {{0x0F, 0xC7, 0xF0}, "0f c7 f0"},           // rdrand
                          {{0xD9, 0xE8}, "d9 e8"},                    // fld1
                          {{0x0F, 0x58, 0xC1}, "0f 58 c1"},           // addps
                          {{0xC5, 0xFC, 0x58, 0xC1}, "c5 fc 58 c1"},  // vaddps
                          {{0x6C}, "6c"},                             // insb
                          {{0xFF, 0x2B}, "ff 2b"},                    // jmp far
                          {{0x06}, "06"},                             // push es, not in 64-bit mode
                          {{0x0F, 0x0B}, "0f 0b"},                    // ud2
                          {{0xF0, 0x01, 0xC0}, "f0 01 c0"}};          // lock add eax, eax
    for (const Case& one : cases) {
        M machine;
        machine.boot(one.code, false);
        machine.core.set_reg(RBX, Guest::kData);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), 6) << one.bytes;
        EXPECT_EQ(machine.on_stack(0), Guest::kCode);
        ASSERT_EQ(machine.core.notes().size(), 1u) << one.bytes;
        EXPECT_NE(machine.core.notes()[0].find("#UD at rip 0x1000, bytes " + std::string(one.bytes)), std::string::npos)
            << machine.core.notes()[0];
    }
}

TEST(Length, OfMoreThan15BytesIsAGeneralProtectionFault) {
    for (const unsigned prefixes : {13U, 14U}) {
        Program program(prefixes, 0x2E);
        program.insert(program.end(), {0x89, 0xC0, 0xF4});  // mov eax, eax; hlt
        M machine;
        machine.boot(program, false);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), prefixes == 13 ? -1 : 13);
    }
}

TEST(Clts, ClearsTheTaskSwitchedFlagAndNothingElse) {
    M machine;
    // mov rax,cr0; or al,8; mov cr0,rax; mov rbx,cr0; clts; mov rdx,cr0; hlt
    machine.boot({0x0F, 0x20, 0xC0, 0x0C, 0x08, 0x0F, 0x22, 0xC0, 0x0F, 0x20, 0xC3, 0x0F, 0x06, 0x0F, 0x20, 0xC2, 0xF4},
                 false);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.core.reg(RBX), M::kWp | 8);
    EXPECT_EQ(machine.core.reg(RDX), M::kWp);
}

/// With the task-priority register of a local APIC.
class WithTpr : public M {
  public:
    bool bus_read(u64 address, void* data, unsigned bytes) override {
        if (address == kTpr) std::memcpy(data, &tpr, bytes);
        return address == kTpr || M::bus_read(address, data, bytes);
    }
    bool bus_write(u64 address, const void* data, unsigned bytes) override {
        if (address == kTpr) std::memcpy(&tpr, data, bytes);
        return address == kTpr || M::bus_write(address, data, bytes);
    }
    static constexpr u64 kTpr = regs::map::LAPIC_BASE + regs::lapic::TPR;
    u32 tpr = 0;
};

TEST(Cr8, IsTheUpperHalfOfTheTaskPriority) {
    for (const u64 value : {u64{0}, u64{9}, u64{15}, u64{16}}) {
        WithTpr machine;
        machine.boot({0x44, 0x0F, 0x22, 0xC0, 0x44, 0x0F, 0x20, 0xC3, 0xF4}, false);  // mov cr8,rax; mov rbx,cr8; hlt
        machine.load({0x4C, 0x89, 0xC0, 0x44, 0x0F, 0x22, 0xC0, 0x44, 0x0F, 0x20, 0xC3, 0xF4}, Guest::kCode);
        machine.core.set_reg(R8, value);
        ASSERT_EQ(machine.run(), Stop::halt);
        ASSERT_EQ(machine.halted_in(), value > 15 ? 13 : -1);
        if (value > 15) continue;
        EXPECT_EQ(machine.tpr, value << 4);
        EXPECT_EQ(machine.core.reg(RBX), value);
    }
}

TEST(Delivery, ToAStackThatIsNotCanonicalIsAStackFault) {
    M machine;
    machine.gate(0x80, M::kHandlers + 32 * 0x80, 0xEE);
    machine.gate(12, M::kHandlers + 32 * 12, 0x8E, 1);
    machine.put(M::kTss + 4, 2 * kNotCanonical);
    machine.boot({0xCD, 0x80}, true);
    ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    EXPECT_EQ(machine.halted_in(), 12);
    EXPECT_EQ(machine.on_stack(0), 0u);
    EXPECT_EQ(machine.on_stack(1), Guest::kCode);
}

TEST(Delivery, ThroughAGateThatIsNotPresentNamesTheGate) {
    for (const bool external : {true, false}) {
        M machine;
        machine.gate(0x40, M::kHandlers, 0x0E);
        // An interrupt that comes while the program waits, or INT 0x40.
        machine.boot(external ? Program{0xFB, 0xF4, 0xF4} : Program{0xCD, 0x40}, false);
        if (external) machine.request(0x40);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), 11);
        EXPECT_EQ(machine.on_stack(0), 0x40u * 8 + 2 + (external ? 1 : 0));  // index, in the IDT, external
    }
}

TEST(Repetitions, OfAComparisonThatFaultLeaveTheFlagsFromBefore) {
    // SDM volume 2, REP: "the EFLAGS value is restored to the state prior to the execution of the instruction".
    M machine;
    machine.map(M::kPage, M::kPhysical | pte::P | pte::W);
    machine.boot({0xF9, 0xF3, 0xA6}, false);  // stc; repe cmpsb
    machine.core.set_reg(RCX, 100);
    Program setup = {0x4C, 0x89, 0xC6, 0x4C, 0x89, 0xCF,
                     0x44, 0x89, 0xD1, 0xF9, 0xF3, 0xA6};  // mov rsi,r8; rdi,r9; ecx
    machine.load(setup);
    machine.core.set_reg(R8, M::kPage + 0x1000 - 10);
    machine.core.set_reg(R9, Guest::kData);
    machine.core.set_reg(R10, 100);
    ASSERT_EQ(machine.run(), Stop::halt);
    ASSERT_EQ(machine.halted_in(), 14);
    EXPECT_EQ(machine.core.reg(RCX), 90u);  // ten elements are done
    EXPECT_EQ(machine.core.reg(RSI), M::kPage + 0x1000);
    EXPECT_EQ(machine.on_stack(3) & 0x8D5, 1u);  // CF alone, as STC left it
}

TEST(Enter, FaultsWhereTheEndOfTheFrameCannotBeWritten) {
    M machine;
    machine.boot({0xC8, 0x00, 0x20, 0x00}, true);  // enter 0x2000, 0: below the user's stack nothing is the user's
    machine.core.set_reg(RBP, 0x1234);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 14);
    EXPECT_EQ(machine.on_stack(0), error::P | error::W | error::U);
    EXPECT_EQ(machine.core.reg(R15), M::kUserStack - 8 - 0x2000);
    EXPECT_EQ(machine.core.reg(RBP), 0x1234u);
    EXPECT_EQ(machine.on_stack(4), M::kUserStack);
}

}  // namespace
}  // namespace turnpike::cpu
