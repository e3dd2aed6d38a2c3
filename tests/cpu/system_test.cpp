// SPDX-License-Identifier: Apache-2.0
// Privilege levels, system calls, nested exceptions, single-stepping, ports, counters (Intel SDM volume 3, chapters 5,
// 6, 18, 20; volume 2).
#include <gtest/gtest.h>

#include "models/cpu/insn.h"
#include "tests/cpu/paged_machine.h"

namespace turnpike::cpu {
namespace {

using Program = std::vector<u8>;

TEST(Privilege, SystemInstructionsAreForTheSupervisor) {
    const Program programs[] = {
        {0xF4},              // hlt
        {0xFA},              // cli
        {0xFB},              // sti
        {0x0F, 0x22, 0xC0},  // mov cr0, rax
        {0x0F, 0x20, 0xD8},  // mov rax, cr3
        {0x0F, 0x21, 0xF8},  // mov rax, dr7
        {0x0F, 0x23, 0xC0},  // mov dr0, rax
        {0x0F, 0x01, 0x13},  // lgdt [rbx]
        {0x0F, 0x01, 0x1B},  // lidt [rbx]
        {0x0F, 0x00, 0xD8},  // ltr ax
        {0x0F, 0x00, 0xD0},  // lldt ax
        {0x0F, 0x32},        // rdmsr
        {0x0F, 0x30},        // wrmsr
        {0x0F, 0x01, 0x3B},  // invlpg [rbx]
        {0x0F, 0x09},        // wbinvd
        {0x0F, 0x06},        // clts
        {0x0F, 0x01, 0xF8},  // swapgs
        {0x48, 0x0F, 0x07},  // sysretq
        {0xE4, 0xF8},        // in al, 0xF8: behind the TSS's bitmap
        {0x0F, 0x33},        // rdpmc
    };
    for (const Program& program : programs) {
        PagedMachine machine;
        machine.boot(program, true);
        machine.core.set_reg(RBX, PagedMachine::kUserStack - 0x100);
        ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
        EXPECT_EQ(machine.halted_in(), 13) << std::hex << +program[0] << ' ' << +program.back();
        EXPECT_EQ(machine.on_stack(0), 0u);
        EXPECT_EQ(machine.on_stack(1), Guest::kCode);
    }
}

TEST(Privilege, PopfLeavesTheUserItsInterruptFlagAndIopl) {
    PagedMachine machine;
    // push 0x3202 (IF, IOPL 3); popfq; pushfq; pop r8; ud2
    machine.boot({0x68, 0x02, 0x32, 0x00, 0x00, 0x9D, 0x9C, 0x41, 0x58, 0x0F, 0x0B}, true);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 6);
    EXPECT_EQ(machine.core.reg(R8) & 0x3200, 0u);
}

TEST(Privilege, AGateOfLevel3IsOpenToTheUserAndOneOfLevel0IsNot) {
    for (const bool open : {true, false}) {
        PagedMachine machine;
        machine.gate(0x80, PagedMachine::kHandlers + 32 * 0x80, open ? 0xEE : 0x8E);
        machine.boot({0xCD, 0x80}, true);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), open ? 0x80 : 13);
        EXPECT_EQ(machine.on_stack(0), open ? Guest::kCode + 2 : 0x80u * 8 + 2);  // the index, in the IDT, not external
        if (open) {
            EXPECT_EQ(machine.core.reg(RSP), PagedMachine::kKernelStack - 40);
            EXPECT_EQ(machine.on_stack(1), PagedMachine::kUserCode);
        }
    }
}

TEST(Privilege, IretqGoesBackToTheUserWithItsStackAndFlags) {
    PagedMachine machine;
    machine.gate(0x80, PagedMachine::kHandlers + 32 * 0x80, 0xEE);
    machine.handler(0x80, {0x48, 0x89, 0xE3, 0x48, 0xCF});                             // mov rbx, rsp; iretq
    machine.boot({0xCD, 0x80, 0x49, 0x89, 0xE0, 0x41, 0x8C, 0xC9, 0x0F, 0x0B}, true);  // …; mov r8,rsp; mov r9d,cs; ud2
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 6);
    EXPECT_EQ(machine.core.reg(RBX), PagedMachine::kKernelStack - 40);
    EXPECT_EQ(machine.core.reg(R8), PagedMachine::kUserStack);
    EXPECT_EQ(machine.core.reg(R9), PagedMachine::kUserCode);
}

/// wrmsr of STAR, LSTAR and FMASK, then sysretq to the user code at kCode + 0x100 with flags from R11.
Program system_call_program() {
    Program program = {
        0xB9, 0x81, 0x00, 0x00, 0xC0, 0x31, 0xC0, 0xBA, 0x08, 0x00, 0x1B, 0x00, 0x0F, 0x30,  // STAR: 0x1B, 0x08
        0xB9, 0x82, 0x00, 0x00, 0xC0, 0xB8, 0x00, 0x12, 0x00, 0x00, 0x31, 0xD2, 0x0F, 0x30,  // LSTAR: kCode + 0x200
        0xB9, 0x84, 0x00, 0x00, 0xC0, 0xB8, 0x00, 0x06, 0x00, 0x00, 0x31, 0xD2, 0x0F, 0x30,  // FMASK: IF, DF
        0xB9, 0x00, 0x11, 0x00, 0x00, 0x41, 0xBB, 0x47, 0x06, 0x00, 0x00,                    // rcx: user, r11: flags
        0x48, 0x0F, 0x07};
    program.resize(0x100, 0xCC);
    const Program user = {0x41, 0x8C, 0xC8, 0x41, 0x8C, 0xD1, 0x0F, 0x05};  // mov r8d, cs; mov r9d, ss; syscall
    program.insert(program.end(), user.begin(), user.end());
    program.resize(0x200, 0xCC);
    const Program kernel = {0x41, 0x8C, 0xCC, 0x41, 0x8C, 0xD5, 0x9C, 0x41, 0x5E, 0xF4};  // cs, ss, flags; hlt
    program.insert(program.end(), kernel.begin(), kernel.end());
    return program;
}

TEST(SystemCall, SyscallAndSysretSwitchSegmentsFlagsAndPrivilege) {
    PagedMachine machine;
    machine.boot(system_call_program(), false);
    ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    ASSERT_EQ(machine.halted_in(), -1);
    EXPECT_EQ(machine.core.reg(R8), 0x2Bu);                  // STAR[63:48] + 16, RPL 3
    EXPECT_EQ(machine.core.reg(R9), 0x23u);                  // STAR[63:48] + 8, RPL 3
    EXPECT_EQ(machine.core.reg(R12), 0x08u);                 // STAR[47:32]
    EXPECT_EQ(machine.core.reg(R13), 0x10u);                 // + 8
    EXPECT_EQ(machine.core.reg(RCX), Guest::kCode + 0x108);  // behind the SYSCALL
    EXPECT_EQ(machine.core.reg(R11), 0x647u);                // CF, PF, ZF, IF, DF and bit 1
    EXPECT_EQ(machine.core.reg(R14), 0x47u);                 // less what FMASK names
}

TEST(SystemCall, WithoutSceItIsUndefined) {
    PagedMachine machine;
    // EFER = LME, LMA; syscall
    machine.boot({0xB9, 0x80, 0x00, 0x00, 0xC0, 0xB8, 0x00, 0x05, 0x00, 0x00, 0x31, 0xD2, 0x0F, 0x30, 0x0F, 0x05},
                 false);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 6);
}

TEST(Nested, APageFaultInTheDeliveryOfAPageFaultIsADoubleFault) {
    PagedMachine machine;
    machine.gate(8, PagedMachine::kHandlers + 32 * 8, 0x8E, 1);
    machine.map(PagedMachine::kKernelStack - 0x1000, 0);
    machine.boot({0x48, 0x8B, 0x03}, true);
    machine.core.set_reg(RBX, PagedMachine::kPage);
    ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    EXPECT_EQ(machine.halted_in(), 8);
    EXPECT_EQ(machine.on_stack(0), 0u);
    EXPECT_EQ(machine.on_stack(1), Guest::kCode);
    EXPECT_EQ(machine.core.reg(RSP), PagedMachine::kIst - 48);
    EXPECT_EQ(machine.core.reg(R15), PagedMachine::kKernelStack - 8);  // CR2 of the second
}

TEST(Nested, AContributoryFaultThenAPageFaultAreServedOneAfterTheOther) {
    PagedMachine machine;
    machine.gate(13, PagedMachine::kHandlers + 32 * 13, 0x8E, 2);
    machine.put<u64>(PagedMachine::kTss + 0x2C, PagedMachine::kPage);  // a stack on a page that is not there
    machine.boot({0x0F, 0x22, 0xC0}, true);                            // mov cr0, rax: #GP
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), 14);  // SDM volume 3, table 6-5
    EXPECT_EQ(machine.on_stack(0), error::W);
    EXPECT_EQ(machine.on_stack(1), Guest::kCode);
    EXPECT_EQ(machine.core.reg(R15), PagedMachine::kPage - 8);
}

TEST(Nested, AThirdFaultShutsDownAndTheDiagnosisNamesTheFirst) {
    PagedMachine machine;
    machine.map(PagedMachine::kKernelStack - 0x1000, 0);
    machine.boot({0x48, 0x8B, 0x03}, true);
    machine.core.set_reg(RBX, PagedMachine::kPage);
    ASSERT_EQ(machine.run(), Stop::shutdown);
    EXPECT_NE(machine.core.diagnosis().find("#PF"), std::string::npos);
    EXPECT_NE(machine.core.diagnosis().find("0x1000"), std::string::npos);
}

TEST(SingleStep, ATrapComesBehindEveryInstructionAndEveryRepetition) {
    PagedMachine machine;
    machine.handler(1, {0x50, 0x8A, 0x44, 0x24, 0x08, 0xE6, 0x90, 0x58, 0x48, 0xCF});  // out 0x90, low byte of RIP
    // nop; mov rdi,r8; mov ecx,3; rep stosb; ud2
    machine.boot({0x90, 0x4C, 0x89, 0xC7, 0xB9, 0x03, 0x00, 0x00, 0x00, 0xF3, 0xAA, 0x0F, 0x0B}, false, 0x102);
    machine.core.set_reg(R8, Guest::kData);
    ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    EXPECT_EQ(machine.halted_in(), 6);  // which is a fault: no trap behind it
    std::vector<u32> behind;
    for (const auto& write : machine.ports) behind.push_back(write.value);
    EXPECT_EQ(behind, (std::vector<u32>{0x01, 0x04, 0x09, 0x09, 0x09, 0x0B}));
}

TEST(SingleStep, TheTrapSaysSoInDr6) {
    PagedMachine machine;
    machine.handler(1, {0x0F, 0x21, 0xF0, 0xF4});  // mov rax, dr6; hlt
    machine.boot({0x90, 0x90}, false, 0x102);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.core.reg(RAX), 0xFFFF4FF0u);  // BS
    EXPECT_EQ(machine.on_stack(0), Guest::kCode + 1);
    EXPECT_EQ(machine.on_stack(2) & 0x100, 0x100u);  // the handler's IRETQ goes on stepping
}

TEST(Interrupts, AUserLoopDoesNotNoticeAnInterruptAtAnyBoundary) {
    // mov r9d,20; xor eax,eax; L: push r9; add rax,[rsp]; pop r10; adc eax,0; mov rdi,r8; mov ecx,5; rep stosb; dec r9;
    // jnz L; ud2
    const Program loop = {0x41, 0xB9, 0x14, 0x00, 0x00, 0x00, 0x31, 0xC0, 0x41, 0x51, 0x48, 0x03,
                          0x04, 0x24, 0x41, 0x5A, 0x83, 0xD0, 0x00, 0x4C, 0x89, 0xC7, 0xB9, 0x05,
                          0x00, 0x00, 0x00, 0xF3, 0xAA, 0x49, 0xFF, 0xC9, 0x75, 0xE6, 0x0F, 0x0B};
    unsigned taken = 0;
    for (u64 at = 1; at < 260; ++at) {
        PagedMachine machine;
        machine.handler(0x30, {0x50, 0x31, 0xC0, 0x58, 0x48, 0xCF});
        machine.boot(loop, true, 0x202);
        machine.core.set_reg(R8, PagedMachine::kUserStack - 0x800);
        machine.core.run(at);
        machine.request(0x30);
        ASSERT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
        ASSERT_EQ(machine.halted_in(), 6);
        EXPECT_EQ(machine.core.reg(RAX), 210u) << at;
        EXPECT_EQ(machine.on_stack(3), PagedMachine::kUserStack);
        taken += machine.vectors.empty() ? 1 : 0;
    }
    EXPECT_GT(taken, 180u);  // nine boundaries a round, twenty rounds
}

TEST(Ports, ReachTheMachineAndReadAllOnesWhereNothingAnswers) {
    PagedMachine machine;
    // mov dx,0x1234; mov eax,0x55667788; out dx,eax; out 0x70,al; in eax,dx; hlt
    machine.boot({0x66, 0xBA, 0x34, 0x12, 0xB8, 0x88, 0x77, 0x66, 0x55, 0xEF, 0xE6, 0x70, 0xED, 0xF4}, false);
    ASSERT_EQ(machine.run(), Stop::halt);
    ASSERT_EQ(machine.ports.size(), 2u);
    EXPECT_EQ(machine.ports[0].port, 0x1234);
    EXPECT_EQ(machine.ports[0].value, 0x55667788u);
    EXPECT_EQ(machine.ports[1].port, 0x70);
    EXPECT_EQ(machine.ports[1].bytes, 1u);
    EXPECT_EQ(machine.core.reg(RAX), 0xFFFFFFFFu);
}

TEST(Ports, TheBitmapOfTheTssOpensThemToTheUser) {
    for (const bool open : {true, false}) {
        PagedMachine machine;
        if (!open) machine.put<u8>(PagedMachine::kTss + 0x68 + 0x70 / 8, 1);
        machine.boot({0xE6, 0x70, 0x0F, 0x0B}, true);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), open ? 6 : 13);
        EXPECT_EQ(machine.ports.size(), open ? 1u : 0u);
    }
}

TEST(ControlRegisters, ValuesThatLongModeDoesNotAllowAreFaults) {
    struct Case {
        u64 value;
        u8 number;
        bool fault;
    };
    const Case cases[] = {{0x11, 0, true},                       // PG off
                          {0x80000010, 0, true},                 // PE off
                          {0xA0010011, 0, true},                 // NW without CD
                          {0x180010011, 0, true},                // upper half
                          {0x80010011, 0, false}, {0, 4, true},  // PAE off
                          {0x1020, 4, true},                     // LA57, not in CPUID
                          {0xA0, 4, false},       {u64{1} << 62, 3, true}};
    for (const Case& one : cases) {
        PagedMachine machine;
        machine.boot({0x0F, 0x22, static_cast<u8>(0xC3 + 8 * one.number), 0xF4}, false);  // mov crN, rbx
        machine.core.set_reg(RBX, one.value);
        ASSERT_EQ(machine.run(), Stop::halt);
        EXPECT_EQ(machine.halted_in(), one.fault ? 13 : -1) << std::hex << +one.number << ' ' << one.value;
    }
}

TEST(Counters, AreThoseOfTheMaker) {
    struct Case {
        const char* maker;
        u32 instructions, cycles;
    };
    for (const Case& one : {Case{"intel", 0x40000000, 0x40000001}, Case{"amd", 1, 0}}) {
        regs::CpuProfile profile;
        profile.core.maker = one.maker;
        PagedMachine machine(profile);
        // mov ecx,r8d; rdpmc; mov r10,rax; nop; nop; rdpmc; sub rax,r10; mov r11,rax; mov ecx,r9d; rdpmc; hlt
        machine.boot({0x44, 0x89, 0xC1, 0x0F, 0x33, 0x49, 0x89, 0xC2, 0x90, 0x90, 0x0F, 0x33,
                      0x4C, 0x29, 0xD0, 0x49, 0x89, 0xC3, 0x44, 0x89, 0xC9, 0x0F, 0x33, 0xF4},
                     false);
        machine.core.set_reg(R8, one.instructions);
        machine.core.set_reg(R9, one.cycles);
        ASSERT_EQ(machine.run(), Stop::halt);
        ASSERT_EQ(machine.halted_in(), -1);
        EXPECT_EQ(machine.core.reg(R11), 4u);                                    // rdpmc, mov, nop, nop
        EXPECT_EQ(machine.core.reg(RAX), machine.core.stats().busy_cycles - 2);  // before RDPMC and HLT, a cycle each
    }
}

// Measured on an AMD Zen 5 (family 26), with FSGSBASE in a program: the sum is canonical, the offset is not.
TEST(SegmentBase, AnOffsetThatIsNotCanonicalIsRefusedByAmdAlone) {
    constexpr u64 kFarBase = 0xFFFF'8000'0000'0000;
    constexpr u64 kData = 0x50000;
    constexpr u64 kFarBits = 0x1000'0000'0000;  // in bytes
    // mov rsi,r8; mov rdi,r9; mov rdx,r10; mov ecx,3; xor eax,eax
    const std::vector<u8> registers = {0x4C, 0x89, 0xC6, 0x4C, 0x89, 0xCF, 0x4C, 0x89,
                                       0xD2, 0xB9, 3,    0,    0,    0,    0x31, 0xC0};
    struct Case {
        const char* name;
        std::vector<u8> code;
        bool hint = false;
    };
    const std::vector<Case> cases = {
        {"mov al, gs:[rbx]", {0x65, 0x8A, 0x03}},
        {"mov gs:[rbx], al", {0x65, 0x88, 0x03}},
        {"lodsb gs:[rsi]", {0x65, 0xAC}},
        {"movsb from gs:[rsi]", {0x65, 0xA4}},
        {"cmpsb gs:[rsi]", {0x65, 0xA6}},
        {"rep movsb from gs:[rsi]", {0xF3, 0x65, 0xA4}},
        {"xlat gs:[rbx + al]", {0x65, 0xD7}},
        {"bt gs:[rbp], rdx: the bit lies where the offset is not canonical", {0x65, 0x48, 0x0F, 0xA3, 0x55, 0x00}},
        {"push gs:[rbx]", {0x65, 0xFF, 0x33}},
        {"clflush gs:[rbx]", {0x65, 0x0F, 0xAE, 0x3B}},
        {"nop gs:[rbx]", {0x65, 0x0F, 0x1F, 0x03}, true},
        {"prefetcht0 gs:[rbx]", {0x65, 0x0F, 0x18, 0x0B}, true},
    };
    for (const char* maker : {"intel", "amd", "turnpike"}) {
        for (const Case& one : cases) {
            regs::CpuProfile profile;
            profile.core.maker = maker;
            PagedMachine machine(profile);
            std::vector<u8> code = registers;
            code.insert(code.end(), one.code.begin(), one.code.end());
            code.push_back(0xF4);
            machine.boot(code, false);
            machine.core.set_segment_base(kGs, kFarBase);
            machine.core.set_reg(RBX, kData - kFarBase);
            machine.core.set_reg(R8, kData - kFarBase);
            machine.core.set_reg(R9, kData + 64);
            machine.core.set_reg(RBP, kData - kFarBase - kFarBits);
            machine.core.set_reg(R10, kFarBits * 8);
            ASSERT_EQ(machine.run(), Stop::halt) << one.name;
            const bool refused = std::string(maker) == "amd" && !one.hint;
            EXPECT_EQ(machine.halted_in(), refused ? 13 : -1) << one.name << ", " << maker;
        }
    }
}

TEST(SegmentBase, ABitStringsOffsetCountsAsAWhole) {
    regs::CpuProfile profile;
    profile.core.maker = "amd";
    PagedMachine machine(profile);
    const std::vector<u8> code = {0x65, 0x4C, 0x0F, 0xA3, 0x03,
                                  0x0F, 0x92, 0xC0, 0xF4};  // bt gs:[rbx],r8; setc al; hlt
    machine.boot(code, false);
    constexpr u64 kBase = 0x40000, kNotCanonical = 0x8000'0000'0000;
    machine.core.set_segment_base(kGs, kBase);
    machine.core.set_reg(RBX, kNotCanonical);
    machine.core.set_reg(R8, (0x10000 - kNotCanonical) * 8 + 4);
    machine.put<u8>(kBase + 0x10000, 0x10);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.halted_in(), -1);
    EXPECT_EQ(machine.core.reg(RAX) & 1, 1u);
}

TEST(Counters, CpuidNamesTheMakerOfTheProfile) {
    regs::CpuProfile profile;
    profile.core.maker = "amd";
    PagedMachine machine(profile);
    machine.boot({0x31, 0xC0, 0x31, 0xC9, 0x0F, 0xA2, 0xF4}, false);
    ASSERT_EQ(machine.run(), Stop::halt);
    EXPECT_EQ(machine.core.reg(RBX), 0x68747541u);  // "Auth"
    EXPECT_EQ(machine.core.reg(RDX), 0x69746E65u);  // "enti"
    EXPECT_EQ(machine.core.reg(RCX), 0x444D4163u);  // "cAMD"
}

}  // namespace
}  // namespace turnpike::cpu
