// SPDX-License-Identifier: Apache-2.0
// Who the shipped profiles say they are: CPUID and RDPMC as the maker of each defines them.
#include <gtest/gtest.h>

#include <filesystem>

#include "config/machine.h"
#include "tests/cpu/paged_machine.h"

namespace turnpike::cpu {
namespace {

regs::CpuProfile shipped(const std::string& name) {
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, name, profile);
    return profile;
}

struct Answer {
    u32 eax, ebx, ecx, edx;
};

Answer cpuid(const regs::CpuProfile& profile, u32 leaf) {
    PagedMachine machine(profile);
    machine.boot({0x44, 0x89, 0xC0, 0x31, 0xC9, 0x0F, 0xA2, 0xF4}, false);  // mov eax, r8d; xor ecx, ecx; cpuid; hlt
    machine.core.set_reg(R8, leaf);
    EXPECT_EQ(machine.run(), Stop::halt);
    const auto word = [&](unsigned number) { return static_cast<u32>(machine.core.reg(number)); };
    return {word(RAX), word(RBX), word(RCX), word(RDX)};
}

std::string text_of(std::initializer_list<u32> words) {
    std::string text;
    for (const u32 word : words) {
        for (unsigned shift = 0; shift < 32; shift += 8) text += static_cast<char>(word >> shift);
    }
    return text;
}

std::string vendor(const regs::CpuProfile& profile) {
    const Answer answer = cpuid(profile, 0);
    return text_of({answer.ebx, answer.edx, answer.ecx});
}

std::string brand(const regs::CpuProfile& profile) {
    std::string text;
    for (u32 leaf = 0x80000002; leaf <= 0x80000004; ++leaf) {
        const Answer answer = cpuid(profile, leaf);
        text += text_of({answer.eax, answer.ebx, answer.ecx, answer.edx});
    }
    EXPECT_EQ(text.back(), '\0');
    return text.c_str();
}

TEST(ProfileIdentity, Zen5IsAnAmdPart) {
    const regs::CpuProfile profile = shipped("zen5");
    EXPECT_EQ(vendor(profile), "AuthenticAMD");
    // Revision Guide for AMD Family 1Ah Models 00h-0Fh: 00B00F21h
    EXPECT_EQ(cpuid(profile, 1).eax, 0x00B00F21u);
    EXPECT_EQ(brand(profile).substr(0, 16), "AMD EPYC, Zen 5 ");
    EXPECT_EQ(cpuid(profile, 0xA).eax, 0u);                      // Intel's performance monitoring
    EXPECT_NE(cpuid(profile, 0x80000001).ecx & (1U << 23), 0u);  // PerfCtrExtCore
}

TEST(ProfileIdentity, SkylakeIsAnIntelPart) {
    const regs::CpuProfile profile = shipped("skylake");
    EXPECT_EQ(vendor(profile), "GenuineIntel");
    EXPECT_EQ(cpuid(profile, 1).eax, 0x00050654u);  // family 6, model 55H, stepping 4
    EXPECT_EQ(brand(profile).substr(0, 23), "Intel Xeon, Skylake-SP ");
    EXPECT_EQ(cpuid(profile, 0xA).eax & 0xFF, 2u);  // version of performance monitoring
    EXPECT_EQ(cpuid(profile, 0x80000001).ecx & (1U << 23), 0u);
}

TEST(ProfileIdentity, SimpleIsNobodysPart) {
    EXPECT_EQ(vendor(shipped("simple")), "TurnpikeCore");
    EXPECT_EQ(brand(shipped("simple")), "Turnpike x86-64 core (integer only)");
}

TEST(ProfileIdentity, EveryShippedProfileMakesACoreThatRuns) {
    unsigned files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(TURNPIKE_MACHINES_DIR) / "cpu")) {
        const std::string name = entry.path().stem().string();
        PagedMachine machine(shipped(name));
        machine.core.set_functional(false);
        machine.boot({0x01, 0xC8, 0xF4}, false);  // add eax, ecx; hlt
        EXPECT_EQ(machine.run(), Stop::halt) << name;
        EXPECT_EQ(machine.halted_in(), -1) << name;
        ++files;
    }
    EXPECT_GE(files, 3u);
}

/// SDM volume 2, CPUID: displayed family = family + extended family at 15, model = extended model << 4 + model.
TEST(ProfileIdentity, FamilyModelAndSteppingAreEncodedAsTheManualSays) {
    regs::CpuProfile profile;
    profile.cpuid.family = 6;
    profile.cpuid.model = 0x9E;
    profile.cpuid.stepping = 0xA;
    EXPECT_EQ(cpuid(profile, 1).eax, 0x000906EAu);  // Coffee Lake
    profile.cpuid.family = 0x17;
    profile.cpuid.model = 0x31;
    profile.cpuid.stepping = 0;
    EXPECT_EQ(cpuid(profile, 1).eax, 0x00830F10u);  // EPYC 7002
}

/// Runs RDPMC with ECX = `index` twice, with two NOPs between: the handler's vector, or -1, and how far it counted.
struct Counted {
    int vector;
    u64 by;
};
Counted count(const regs::CpuProfile& profile, u32 index) {
    PagedMachine machine(profile);
    // mov ecx,r8d; rdpmc; mov r10,rax; nop; nop; rdpmc; sub rax,r10; hlt
    machine.boot({0x44, 0x89, 0xC1, 0x0F, 0x33, 0x49, 0x89, 0xC2, 0x90, 0x90, 0x0F, 0x33, 0x4C, 0x29, 0xD0, 0xF4},
                 false);
    machine.core.set_reg(R8, index);
    EXPECT_EQ(machine.run(), Stop::halt);
    return {machine.halted_in(), machine.core.reg(RAX)};
}

TEST(ProfileIdentity, RdpmcCountsWhereTheMakerHasItsCounters) {
    // SDM volume 3, 20.2.2: ECX bit 30 chooses the fixed counters, 0 is instructions retired.
    EXPECT_EQ(count(shipped("skylake"), 0x40000000).vector, -1);
    EXPECT_EQ(count(shipped("skylake"), 0x40000000).by, 4u);  // rdpmc, mov, nop, nop
    EXPECT_EQ(count(shipped("skylake"), 0x40000003).vector, 13);
    EXPECT_EQ(count(shipped("skylake"), 3).vector, -1);
    EXPECT_EQ(count(shipped("skylake"), 4).vector, 13);
    // APM volume 3, RDPMC: 0 to 5 are the core's counters; bit 30 means nothing there.
    EXPECT_EQ(count(shipped("zen5"), 1).vector, -1);
    EXPECT_EQ(count(shipped("zen5"), 1).by, 4u);
    EXPECT_EQ(count(shipped("zen5"), 5).vector, -1);
    EXPECT_EQ(count(shipped("zen5"), 6).vector, 13);
    EXPECT_EQ(count(shipped("zen5"), 0x40000000).vector, 13);
    EXPECT_EQ(count(shipped("simple"), 0).vector, 13);
}

/// APM volume 2, 13.2.1: C001_0000 to C001_0007 are the first four counters under their old names.
TEST(ProfileIdentity, AmdsOldRegisterNamesMeanTheSameCounters) {
    PagedMachine machine(shipped("zen5"));
    // mov eax, 0x4300C0; xor edx, edx; mov ecx, 0xC0010002; wrmsr: counter 2 on instructions by its old control
    // mov ecx, 0xC0010204; rdmsr; mov r10, rax: its control; mov ecx, 0xC0010205; rdmsr; mov r11, rax: its count; hlt
    machine.boot(
        {0xB8, 0xC0, 0x00, 0x43, 0x00, 0x31, 0xD2, 0xB9, 0x02, 0x00, 0x01, 0xC0, 0x0F, 0x30, 0xB9, 0x04, 0x02, 0x01,
         0xC0, 0x0F, 0x32, 0x49, 0x89, 0xC2, 0xB9, 0x05, 0x02, 0x01, 0xC0, 0x0F, 0x32, 0x49, 0x89, 0xC3, 0xF4},
        false);
    ASSERT_EQ(machine.run(), Stop::halt);
    ASSERT_EQ(machine.halted_in(), -1);
    EXPECT_EQ(machine.core.reg(R10), 0x4300C0u);
    EXPECT_GE(machine.core.reg(R11), 4u);  // mov, rdmsr, mov, mov, at most WRMSR and RDMSR themselves
    EXPECT_LE(machine.core.reg(R11), 6u);
}

}  // namespace
}  // namespace turnpike::cpu
