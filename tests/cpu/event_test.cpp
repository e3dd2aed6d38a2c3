// SPDX-License-Identifier: Apache-2.0
// What comes between two instructions: interrupts at every boundary of a loop, non-maskable interrupts (Intel SDM
// volume 3, 6.7), and translations that the timing must forget (4.10.4).
#include <gtest/gtest.h>

#include <bit>
#include <string>

#include "config/machine.h"
#include "tests/cpu/paged_machine.h"

namespace turnpike::cpu {
namespace {

enum class Mode { functional, simple, zen5 };

regs::CpuProfile profile_of(Mode mode) {
    regs::CpuProfile profile;
    if (mode == Mode::zen5) config::load_cpu_profile(TURNPIKE_MACHINES_DIR, "zen5", profile);
    return profile;
}

using Bytes = std::vector<u8>;

/// A guest with an IDT and interrupts on, r15 at the device, and handlers for an interrupt and for NMI.
class Events : public testing::TestWithParam<Mode> {
  protected:
    static constexpr unsigned kVector = 0x40;
    static constexpr u64 kHandler = 0x3000, kNmiHandler = 0x3100, kIdtPointer = 0x810;
    static constexpr u64 kCount = 0x40010, kReturn = 0x40018;

    Events() : guest(profile_of(GetParam())) {
        guest.core.set_functional(GetParam() == Mode::functional);
        guest.put<u16>(kIdtPointer, 0xFFF);
        guest.put<u64>(kIdtPointer + 2, Guest::kIdt);
        guest.gate(kVector, kHandler);
        guest.gate(2, kNmiHandler);
    }
    /// lidt [0x810]; sti or cli; then the program.
    void start(const Bytes& program, bool interrupts = true) {
        Bytes code = {0x0F, 0x01, 0x1C, 0x25, 0x10, 0x08, 0x00, 0x00, static_cast<u8>(interrupts ? 0xFB : 0xFA)};
        code.insert(code.end(), program.begin(), program.end());
        guest.load(code);
        guest.core.start(Guest::kCode, Guest::kStack);
        guest.core.set_reg(R15, Guest::kDevice);
    }
    static constexpr u64 kProgram = Guest::kCode + 9;
    Guest guest;
};

std::string name_of(const testing::TestParamInfo<Mode>& info) {
    constexpr const char* kNames[] = {"Functional", "Simple", "Zen5"};
    return kNames[static_cast<unsigned>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(Timing, Events, testing::Values(Mode::functional, Mode::simple, Mode::zen5), name_of);

// Flags pass over every boundary between their producer and their consumer, also into the loop's branch.
const std::vector<Bytes> kLoop = {
    {0x48, 0x01, 0xD8},                                      // add rax, rbx
    {0x48, 0x11, 0xD2},                                      // adc rdx, rdx
    {0x48, 0xC1, 0xC3, 0x07},                                // rol rbx, 7
    {0x48, 0x83, 0xD0, 0x05},                                // adc rax, 5
    {0x48, 0x89, 0x04, 0x25, 0x00, 0x00, 0x04, 0x00},        // mov [0x40000], rax
    {0xF0, 0x48, 0xFF, 0x04, 0x25, 0x08, 0x00, 0x04, 0x00},  // lock inc qword [0x40008]
    {0x48, 0x33, 0x1C, 0x25, 0x00, 0x00, 0x04, 0x00},        // xor rbx, [0x40000]
    {0x50},                                                  // push rax
    {0x59},                                                  // pop rcx
    {0x48, 0x0F, 0xAF, 0xCB},                                // imul rcx, rbx
    {0x48, 0x31, 0xCA},                                      // xor rdx, rcx
    {0x49, 0xFF, 0xC8},                                      // dec r8
};
constexpr u64 kRounds = 10;

struct Result {
    u64 rax = 0x0123456789ABCDEF, rbx = 0xFEDCBA9876543210, rcx = 0, rdx = 1;
};
/// What the loop computes.
Result loop_result() {
    Result r;
    for (u64 n = 0; n < kRounds; ++n) {
        const u64 sum = r.rax + r.rbx;
        r.rdx = r.rdx + r.rdx + (sum < r.rax ? 1 : 0);
        r.rbx = std::rotl(r.rbx, 7);
        r.rax = sum + 5 + (r.rbx & 1);
        r.rbx ^= r.rax;
        r.rcx = r.rax * r.rbx;
        r.rdx ^= r.rcx;
    }
    return r;
}

TEST_P(Events, AnInterruptAtEveryInstructionBoundaryOfALoopChangesNothingInIt) {
    // push rax; mov rax, [rsp+8]; mov [kReturn], rax; inc qword [kCount]; xor eax, eax; pop rax; iretq
    guest.load({0x50, 0x48, 0x8B, 0x44, 0x24, 0x08, 0x48, 0x89, 0x04, 0x25, 0x18, 0x00, 0x04, 0x00,
                0x48, 0xFF, 0x04, 0x25, 0x10, 0x00, 0x04, 0x00, 0x31, 0xC0, 0x58, 0x48, 0xCF},
               kHandler);
    guest.on_access = [this](const BusAccess&) { guest.request(kVector); };
    const Result expected = loop_result();
    // A device write in front of each instruction in turn, and of the branch, asks for the interrupt right there.
    for (std::size_t boundary = 0; boundary <= kLoop.size(); ++boundary) {
        Bytes program;
        u64 behind = 0;
        for (std::size_t n = 0; n <= kLoop.size(); ++n) {
            if (n == boundary) {
                program.insert(program.end(), {0x41, 0x89, 0x07});  // mov [r15], eax
                behind = kProgram + program.size();
            }
            if (n < kLoop.size()) program.insert(program.end(), kLoop[n].begin(), kLoop[n].end());
        }
        program.insert(program.end(), {0x75, static_cast<u8>(0 - (program.size() + 2)), 0xF4});  // jnz; hlt
        guest.memory[kCount] = 0;
        guest.put<u64>(0x40008, 0);
        start(program);
        const Result first;
        guest.core.set_reg(RAX, first.rax);
        guest.core.set_reg(RBX, first.rbx);
        guest.core.set_reg(RDX, first.rdx);
        guest.core.set_reg(R8, kRounds);
        ASSERT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
        EXPECT_EQ(guest.at<u64>(kCount), kRounds) << boundary;
        EXPECT_EQ(guest.at<u64>(kReturn), behind) << boundary << ": not at the boundary";
        EXPECT_EQ(guest.core.reg(RAX), expected.rax) << boundary;
        EXPECT_EQ(guest.core.reg(RBX), expected.rbx) << boundary;
        EXPECT_EQ(guest.core.reg(RCX), expected.rcx) << boundary;
        EXPECT_EQ(guest.core.reg(RDX), expected.rdx) << boundary;
        EXPECT_EQ(guest.at<u64>(0x40008), kRounds) << boundary;
        EXPECT_EQ(guest.core.reg(RSP), Guest::kStack) << boundary;
    }
}

// The NMI handler writes to the device when it begins and 8 bytes further when it ends.
const std::initializer_list<u8> kTellBothEnds = {0x41, 0x89, 0x07, 0x90, 0x41, 0x89, 0x47, 0x08, 0x48, 0xCF};

// mov [r15+24], eax; nop; hlt: asks for what is to come once the table is loaded.
const Bytes kAsk = {0x41, 0x89, 0x47, 0x18, 0x90, 0xF4};
constexpr u64 kAsked = 24;

std::vector<u64> order_of(const Guest& guest) {
    std::vector<u64> order;
    for (const BusAccess& access : guest.accesses) order.push_back(access.address - Guest::kDevice);
    return order;
}

TEST_P(Events, AnNmiInTheHandlerOfAnotherWaitsForItsIret) {
    guest.load(kTellBothEnds, kNmiHandler);
    guest.on_access = [this](const BusAccess&) {
        if (guest.accesses.size() == 1) guest.core.set_nmi();
        // Two more while the first is being handled are one.
        if (guest.accesses.size() == 2) guest.core.set_nmi(), guest.core.set_nmi();
    };
    start(kAsk, false);
    ASSERT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
    EXPECT_EQ(order_of(guest), (std::vector<u64>{kAsked, 0, 8, 0, 8}));
}

TEST_P(Events, AnNmiWakesACoreThatSleepsWithInterruptsOff) {
    guest.load({0x48, 0xFF, 0x04, 0x25, 0x10, 0x00, 0x04, 0x00, 0x48, 0xCF}, kNmiHandler);  // inc qword [kCount]
    start({0xF4, 0xB3, 0x07, 0xF4}, false);                                                 // hlt; mov bl, 7; hlt
    ASSERT_EQ(guest.run(), Stop::halt);
    guest.request(kVector);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RBX), 0u) << "a maskable interrupt does not";
    guest.core.set_nmi();
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.at<u64>(kCount), 1u);
    EXPECT_EQ(guest.core.reg(RBX), 7u);
}

TEST_P(Events, OfAnNmiAndAnInterruptTheNmiGoesFirst) {
    guest.load(kTellBothEnds, kNmiHandler);
    guest.load({0x41, 0x89, 0x47, 0x10, 0x48, 0xCF}, kHandler);  // mov [r15+16], eax; iretq
    guest.on_access = [this](const BusAccess&) {
        if (guest.accesses.size() != 1) return;
        guest.request(kVector);
        guest.core.set_nmi();
    };
    start(kAsk);
    ASSERT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
    EXPECT_EQ(order_of(guest), (std::vector<u64>{kAsked, 0, 8, 16}));
}

/// Page walks for data that a program on the scheduled core makes, whose page at kPage has `flags`.
u64 walks(std::initializer_list<u8> program, u64 flags) {
    PagedMachine machine(profile_of(Mode::zen5));
    machine.map(PagedMachine::kPage, PagedMachine::kPhysical | flags);
    machine.boot(program, false);
    machine.core.set_functional(false);
    machine.core.set_reg(R8, 0);
    EXPECT_EQ(machine.run(), Stop::halt) << machine.core.diagnosis();
    EXPECT_EQ(machine.halted_in(), -1);
    return machine.core.stats().dtlb.walks;
}

// mov rax, cr4; or al, 0x80; mov cr4, rax: PGE
#define ENABLE_GLOBAL 0x0F, 0x20, 0xE0, 0x0C, 0x80, 0x0F, 0x22, 0xE0
#define LOAD_PAGE 0x48, 0x8B, 0x04, 0x25, 0x00, 0x00, 0x40, 0x00  // mov rax, [kPage]

TEST(Translations, ALoadOfCr3CostsAnotherWalkUnlessThePageIsGlobal) {
    const std::initializer_list<u8> reload = {ENABLE_GLOBAL, LOAD_PAGE, 0x0F, 0x20,      0xD9,   // mov rcx, cr3
                                              0x0F,          0x22,      0xD9, LOAD_PAGE, 0xF4};  // mov cr3, rcx
    const std::initializer_list<u8> keep = {ENABLE_GLOBAL, LOAD_PAGE, 0x0F, 0x20,      0xD9,     // mov rcx, cr3
                                            0x90,          0x90,      0x90, LOAD_PAGE, 0xF4};
    const u64 global = pte::P | pte::W | pte::G, local = pte::P | pte::W;
    EXPECT_EQ(walks(reload, local), walks(keep, local) + 1);
    EXPECT_EQ(walks(reload, global), walks(keep, global));
}

TEST(Translations, InvlpgCostsAnotherWalkForItsPageAlone) {
    const std::initializer_list<u8> own = {LOAD_PAGE, 0x0F, 0x01, 0x3C,      0x25, 0x00,
                                           0x00,      0x40, 0x00, LOAD_PAGE, 0xF4};  // invlpg [kPage]
    const std::initializer_list<u8> other = {LOAD_PAGE, 0x0F, 0x01, 0x3C,      0x25, 0x00,
                                             0x00,      0x04, 0x00, LOAD_PAGE, 0xF4};  // invlpg [0x40000]
    EXPECT_EQ(walks(own, pte::P | pte::W), walks(other, pte::P | pte::W) + 1);
}

}  // namespace
}  // namespace turnpike::cpu
