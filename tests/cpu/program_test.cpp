// SPDX-License-Identifier: Apache-2.0
// Whole guest programs: time, stages, probes, devices, caches, code that changes.
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "tests/cpu/guest.h"
#include "tests/cpu/guests.h"

namespace turnpike::cpu {
namespace {

void start(Guest& guest, std::span<const u8> program) {
    guest.load(program);
    guest.core.start(Guest::kCode, Guest::kStack);
}

void expect_exact_sums(const Core& core) {
    u64 cycles = 0;
    u64 instructions = 0;
    CacheMisses misses;
    for (const StageCost& stage : core.stages()) {
        cycles += stage.cycles;
        instructions += stage.instructions;
        misses.l1i += stage.misses.l1i;
        misses.l1d += stage.misses.l1d;
        misses.l2 += stage.misses.l2;
    }
    EXPECT_EQ(misses.l1i, core.stats().l1i.misses);
    EXPECT_EQ(misses.l1d, core.stats().l1d.misses);
    EXPECT_EQ(misses.l2, core.stats().l2.misses);
    EXPECT_EQ(cycles, core.stats().busy_cycles);
    EXPECT_EQ(instructions, core.stats().instructions);
    EXPECT_EQ(core.stats().busy_cycles + core.stats().idle_cycles, core.cycles());
}

TEST(Stages, NestedCallsAndTailJumpsGoToTheInnermostFunction) {
    Guest guest;
    guest.core.set_functional(true);
    guest.core.add_stage(Guest::kCode + 0x40, "outer");
    guest.core.add_stage(Guest::kCode + 0x80, "inner");
    start(guest, stages_program());
    guest.core.add_stage(Guest::kCode + 0xC0, "last");
    ASSERT_EQ(guest.run(), Stop::halt);
    const std::vector<StageCost>& stages = guest.core.stages();
    ASSERT_EQ(stages.size(), 4u);
    EXPECT_EQ(stages[1].calls, 5u);
    EXPECT_EQ(stages[2].calls, 10u);
    EXPECT_EQ(stages[3].calls, 5u);
    EXPECT_EQ(stages[2].instructions, 10u * (1 + 20 + 1));    // mov, ten times dec and jnz, ret
    EXPECT_EQ(stages[1].instructions, 5u * (2 + 3 + 1 + 2));  // nops, calls, jmp, and the plain function it calls
    EXPECT_EQ(stages[3].instructions, 5u * 3);
    EXPECT_EQ(stages[0].instructions, 1u + 5 * (2 + 2 + 2) + 1);
    EXPECT_EQ(stages[2].cycles, stages[2].instructions);
    expect_exact_sums(guest.core);
}

TEST(Stages, TimedCyclesAddUpExactlyWithInterruptsAndWaiting) {
    Guest guest;
    guest.core.add_stage(Guest::kCode + 0x100, "handler");
    guest.gate(0x30, Guest::kCode + 0x100);
    guest.put<u16>(0x800, 0xFFF);
    guest.put<u64>(0x802, Guest::kIdt);
    guest.load({0x0F, 0x01, 0x1C, 0x25, 0x00, 0x08, 0x00, 0x00, 0xE9}, 0x700);
    guest.put<u32>(0x709, static_cast<u32>(Guest::kCode - 0x70D));
    guest.load(mixed_program());
    guest.core.start(0x700, Guest::kStack);
    guest.on_access = [&](const BusAccess& access) {
        if (!access.write) guest.core.stall_until(access.cycle + 333);
        if (guest.accesses.size() % 7 == 0) guest.request(0x30);
    };
    guest.run(300'000);
    EXPECT_GT(guest.core.stats().interrupts, 10u);
    EXPECT_GT(guest.core.stages()[1].misses.l1i, 0u);
    EXPECT_EQ(guest.core.reg(R13), guest.core.stats().interrupts);
    EXPECT_EQ(guest.core.stages()[1].calls, guest.core.stats().interrupts);
    EXPECT_EQ(guest.core.stats().bus_stall_cycles, guest.core.stats().bus_reads * 333);
    // Every entry costs what the profile says, and it is the handler's.
    EXPECT_GE(guest.core.stages()[1].cycles,
              guest.core.stats().interrupts * regs::CpuProfile{}.core.interrupt_entry_cycles);
    expect_exact_sums(guest.core);
}

struct Outcome {
    std::vector<u64> registers;
    std::vector<u64> times;
    u64 cycles;
    u64 instructions;
    std::vector<u64> stages;
    bool operator==(const Outcome&) const = default;
};

/// Runs `mixed` to a fixed time in steps given by `next_step`; an interrupt is requested each 5,000 cycles.
Outcome run_in_steps(const std::function<u64()>& next_step) {
    Guest guest;
    guest.core.add_stage(Guest::kCode + 0x100, "handler");
    guest.core.add_probe(Guest::kCode + 0x100, [](const Core&) {});
    guest.gate(0x30, Guest::kCode + 0x100);
    guest.put<u16>(0x800, 0xFFF);
    guest.put<u64>(0x802, Guest::kIdt);
    guest.load({0x0F, 0x01, 0x1C, 0x25, 0x00, 0x08, 0x00, 0x00, 0xE9}, 0x700);
    guest.put<u32>(0x709, static_cast<u32>(Guest::kCode - 0x70D));
    guest.load(mixed_program());
    guest.core.start(0x700, Guest::kStack);
    guest.on_access = [&](const BusAccess& access) {
        if (!access.write) guest.core.stall_until(access.cycle + 100);
    };
    u64 event = 5000;
    while (guest.core.cycles() < 200'000) {
        guest.core.run(std::min(event, guest.core.cycles() + next_step()));
        if (guest.core.cycles() < event) continue;
        guest.request(0x30);
        event += 5000;
    }
    Outcome outcome{{}, {}, guest.core.cycles(), guest.core.stats().instructions, {}};
    for (unsigned n = 0; n < 16; ++n) outcome.registers.push_back(guest.core.reg(n));
    for (const BusAccess& access : guest.accesses) outcome.times.push_back(access.cycle);
    for (const StageCost& stage : guest.core.stages()) outcome.stages.push_back(stage.cycles);
    return outcome;
}

TEST(Time, ResultsDoNotDependOnHowTheRunIsCut) {
    const Outcome whole = run_in_steps([] { return u64{1} << 40; });
    EXPECT_GT(whole.times.size(), 100u);
    EXPECT_EQ(run_in_steps([] { return u64{1}; }), whole);
    EXPECT_EQ(run_in_steps([] { return u64{997}; }), whole);
    std::mt19937_64 random(7);
    EXPECT_EQ(run_in_steps([&] { return 1 + random() % 400; }), whole);
}

TEST(Time, ADeviceSeesTheStartOfTheAccessingInstruction) {
    Guest guest;
    guest.core.set_functional(true);
    guest.load({0xBB, 0x00, 0x00, 0x00, 0xE0,  // mov ebx, 0xE0000000
                0x90, 0x90, 0x90, 0x90,        // four cycles
                0x89, 0x03,                    // mov [rbx], eax
                0x90,                          //
                0x01, 0x03,                    // add [rbx], eax: a read and a write
                0x0F, 0x31,                    // rdtsc
                0xF4});
    guest.core.start(Guest::kCode, Guest::kStack);
    EXPECT_EQ(guest.core.run(Guest::kForever), Stop::limit);  // the machine looks at the time after an access
    ASSERT_EQ(guest.run(), Stop::halt);
    ASSERT_EQ(guest.accesses.size(), 3u);
    EXPECT_EQ(guest.accesses[0].cycle, 5u);
    EXPECT_EQ(guest.accesses[1].cycle, 7u);
    EXPECT_EQ(guest.accesses[2].cycle, 7u);
    EXPECT_EQ(guest.core.reg(RAX), 8u);
    EXPECT_EQ(guest.core.cycles(), 10u);
}

TEST(Time, TheProfilesCostsAddUpInSixteenths) {
    regs::CpuProfile profile;
    profile.core.base_16ths = 8;
    profile.core.mul_16ths = 24;
    profile.l2.hit_cycles = profile.llc.hit_cycles = 0;
    Guest guest(profile, 0);
    guest.load({0x90, 0x90, 0x90, 0x48, 0x0F, 0xAF, 0xC1, 0xF4});  // three nops, imul, hlt
    guest.core.start(Guest::kCode, Guest::kStack);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.cycles(), (3 * 8 + 8 + 24 + 8) / 16u);
}

TEST(Time, RestartBeginsAtZeroAndKeepsTheState) {
    Guest guest;
    start(guest, stages_program());
    guest.core.run(100);
    const u64 rip = guest.core.rip();
    guest.core.restart_time();
    EXPECT_EQ(guest.core.cycles(), 0u);
    EXPECT_EQ(guest.core.stats().instructions, 0u);
    EXPECT_EQ(guest.core.rip(), rip);
    ASSERT_EQ(guest.run(), Stop::halt);
    expect_exact_sums(guest.core);
}

TEST(Bus, WideAndMisalignedAccessesComeInAlignedPieces) {
    Guest guest;
    guest.load({0xBB, 0x02, 0x00, 0x00, 0xE0, 0x48, 0x89, 0x03, 0xF4});  // mov [0xE0000002], rax
    guest.core.start(Guest::kCode, Guest::kStack);
    guest.core.set_reg(RAX, 0x8877665544332211);
    ASSERT_EQ(guest.run(), Stop::halt);
    ASSERT_EQ(guest.accesses.size(), 3u);
    EXPECT_EQ(guest.accesses[0].value, 0x2211u);
    EXPECT_EQ(guest.accesses[1].value, 0x66554433u);
    EXPECT_EQ(guest.accesses[2].value, 0x8877u);
    EXPECT_EQ(guest.accesses[2].address, Guest::kDevice + 8);
}

TEST(Bus, NothingThereReadsAllOnesIsCountedAndNotedOnce) {
    Guest guest;
    guest.load({0xBB, 0x00, 0x00, 0x00, 0xD0, 0x8B, 0x03, 0x89, 0x03, 0xF4});
    guest.core.start(Guest::kCode, Guest::kStack);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 0xFFFFFFFFu);
    EXPECT_EQ(guest.core.stats().bus_errors, 2u);
    EXPECT_EQ(guest.core.notes().size(), 1u);
}

TEST(Bus, AnAccessAcrossTheEndOfMemoryIsSplit) {
    Guest guest;
    guest.memory[0xFFFFF] = 0x5A;
    guest.load({0x8B, 0x03, 0xF4});
    guest.core.start(Guest::kCode, Guest::kStack);
    guest.core.set_reg(RBX, 0xFFFFF);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 0xFFFFFF5Au);
}

TEST(Probes, RunBeforeTheInstructionWithExactTime) {
    Guest guest;
    guest.core.set_functional(true);
    std::vector<u64> times;
    start(guest, stages_program());
    guest.core.add_probe(Guest::kCode + 0x80, [&](const Core& core) {
        times.push_back(core.cycles());
        EXPECT_EQ(core.rip(), Guest::kCode + 0x80);
    });
    ASSERT_EQ(guest.run(), Stop::halt);
    ASSERT_EQ(times.size(), 10u);
    EXPECT_EQ(times[0], 4u);           // mov, call, nop, call
    EXPECT_EQ(times[1], 4u + 22 + 2);  // mov, ten rounds, ret; nop, call
}

TEST(Code, AStoreIntoTheBlockBeingExecutedTakesEffectAtOnce) {
    Guest guest;
    // mov byte [rip+1], 0x2A; mov al, 0x00
    guest.load({0xC6, 0x05, 0x01, 0x00, 0x00, 0x00, 0x2A, 0xB0, 0x00, 0xF4});
    guest.core.start(Guest::kCode, Guest::kStack);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 0x2Au);
}

TEST(Code, DeviceWritesReplaceDecodedCode) {
    Guest guest;
    guest.load({0xB8, 0x01, 0x00, 0x00, 0x00, 0xF4});
    guest.core.start(Guest::kCode, Guest::kStack);
    ASSERT_EQ(guest.run(), Stop::halt);
    guest.memory[Guest::kCode + 1] = 9;
    guest.core.memory_written(Guest::kCode + 1, 1);
    guest.core.start(Guest::kCode, Guest::kStack);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 9u);
}

TEST(Code, AStoreAcrossAPageBoundaryReachesCodeOnTheNextPage) {
    Guest guest;
    // At 0x2000: mov al, 1; ret. First call it, then patch its immediate by a store that begins on the page before.
    guest.load({0xB0, 0x01, 0xC3}, 0x2000);
    guest.load({0xE8, 0xFB, 0x0F, 0x00, 0x00,                                         // call 0x2000
                0x48, 0xC7, 0x04, 0x25, 0xFC, 0x1F, 0x00, 0x00, 0,    0,    0,    0,  // mov qword [0x1FFC], 0
                0xC7, 0x04, 0x25, 0xFF, 0x1F, 0x00, 0x00, 0x00, 0xB0, 0x07, 0xC3,     // mov dword [0x1FFF], …
                0xE8, 0xDF, 0x0F, 0x00, 0x00, 0xF4});                                 // call 0x2000
    guest.core.start(Guest::kCode, Guest::kStack);
    ASSERT_EQ(guest.run(), Stop::halt) << guest.core.diagnosis();
    EXPECT_EQ(guest.core.reg(RAX) & 0xFF, 7u);
}

Stats stride(Guest& guest, u64 words, u64 bytes, u64 rounds) {
    start(guest, stride_program());
    guest.core.set_reg(RDI, Guest::kData);
    guest.core.set_reg(RCX, words);
    guest.core.set_reg(RSI, bytes);
    guest.core.set_reg(RDX, rounds);
    EXPECT_EQ(guest.run(), Stop::halt);
    return guest.core.stats();
}

TEST(Caches, AWalkThatFitsMissesOncePerLine) {
    Guest guest;
    const Stats stats = stride(guest, 512, 64, 10);  // 32 KiB: the whole L1D
    EXPECT_EQ(stats.l1d.accesses, 5120u);
    EXPECT_EQ(stats.l1d.misses, 512u);
    EXPECT_EQ(stats.l2.misses, 512u + stats.l1i.misses);
}

TEST(Caches, OneWayTooManyMissesEveryTimeWithLru) {
    Guest guest;
    const Stats stats = stride(guest, 9, 4096, 10);  // nine lines of one set of eight ways
    EXPECT_EQ(stats.l1d.misses, 90u);
    EXPECT_EQ(stats.llc.misses, 9u + 1);  // and the program's own line
}

TEST(Caches, AnAccessAcrossTwoLinesCountsTwice) {
    Guest guest;
    start(guest, stride_program());
    guest.core.set_reg(RDI, Guest::kData + 60);
    guest.core.set_reg(RCX, 1);
    guest.core.set_reg(RDX, 1);
    ASSERT_EQ(guest.run(), Stop::halt);
    EXPECT_EQ(guest.core.stats().l1d.accesses, 2u);
}

TEST(Caches, DeviceWritesTakeLinesOutOfTheCoresCachesAndIntoTheLast) {
    for (const u64 ddio : {u64{1}, u64{0}}) {
        regs::CpuProfile profile;
        profile.core.ddio = ddio;
        Guest guest(profile);
        stride(guest, 8, 64, 1);
        guest.core.memory_written(Guest::kData, 512);
        guest.core.restart_time();
        const Stats stats = stride(guest, 8, 64, 1);
        EXPECT_EQ(stats.l1d.misses, 8u);
        EXPECT_EQ(stats.l2.misses, 8u);
        EXPECT_EQ(stats.llc.misses, ddio != 0 ? 0u : 8u);
    }
}

TEST(Robustness, RandomBytesAsCodeNeitherCrashNorHang) {
    std::mt19937_64 random(2026);
    for (unsigned round = 0; round < 300; ++round) {
        Guest guest;
        guest.core.set_functional(round % 2 == 0);
        for (u64 at = Guest::kCode; at < Guest::kCode + 0x1000; ++at) guest.memory[at] = static_cast<u8>(random());
        for (unsigned vector = 0; vector < 32; ++vector) {
            guest.gate(vector, Guest::kCode + random() % 0x1000, random() % 8 == 0 ? 0x8F : 0x8E);
        }
        guest.put<u16>(0x800, 0xFFF);
        guest.put<u64>(0x802, Guest::kIdt);
        guest.load({0x0F, 0x01, 0x1C, 0x25, 0x00, 0x08, 0x00, 0x00, 0xE9}, 0x700);
        guest.put<u32>(0x709, static_cast<u32>(Guest::kCode - 0x70D));
        guest.core.start(0x700, Guest::kStack);
        for (unsigned n = 0; n < 16; ++n) {
            if (n != RSP) guest.core.set_reg(n, random() % 2 == 0 ? random() : Guest::kData + random() % 0x1000);
        }
        guest.run(6000);
        expect_exact_sums(guest.core);
    }
}

}  // namespace
}  // namespace turnpike::cpu
