// SPDX-License-Identifier: Apache-2.0
// A debugger that looks at every instruction must change nothing: not a bit of state, not a cycle.
#include <gtest/gtest.h>

#include <random>

#include "tests/cpu/guest.h"
#include "tests/cpu/guests.h"
#include "tests/cpu/random_code.h"

namespace turnpike::cpu {
namespace {

/// Looks at blocks at random, so that stepped and whole ones alternate.
class Looker : public Debugger {
  public:
    explicit Looker(unsigned one_in) : one_in_(one_in) {}
    bool wants(const Core&, u64 begin, u64 end) override {
        EXPECT_LT(begin, end);
        return random_() % one_in_ == 0;
    }
    void before(Core& core) override {
        ++instructions;
        last = core.rip();
    }
    void accessed(Core&, u64 address, u64 bytes, bool write) override {
        ++accesses;
        if (on_access) on_access(address, bytes, write);
    }
    void after(Core&) override { ++finished; }
    u64 finished = 0;
    u64 instructions = 0;
    u64 accesses = 0;
    u64 last = 0;
    std::function<void(u64, u64, bool)> on_access;

  private:
    unsigned one_in_;
    std::mt19937 random_{1};
};

struct Outcome {
    Stop stop;
    std::vector<u64> registers;
    std::vector<u8> memory;
    Stats stats;
    u64 cycles;
};

Outcome run(std::span<const u8> code, Looker* looker, u64 slice) {
    Guest guest;
    guest.core.set_debugger(looker);
    guest.load(code);
    guest.core.start(Guest::kCode, Guest::kStack);
    guest.core.set_reg(RBX, Guest::kData);
    guest.core.set_reg(RDI, 500);
    Outcome outcome{};
    do outcome.stop = guest.core.run(guest.core.cycles() + slice);
    while (outcome.stop == Stop::limit && guest.core.cycles() < 1'000'000);
    for (unsigned n = 0; n < 16; ++n) outcome.registers.push_back(guest.core.reg(n));
    outcome.registers.push_back(guest.core.rip());
    outcome.registers.push_back(guest.core.rflags());
    outcome.memory = guest.memory;
    outcome.stats = guest.core.stats();
    outcome.cycles = guest.core.cycles();
    return outcome;
}

void expect_equal(const Outcome& a, const Outcome& b) {
    EXPECT_EQ(a.stop, b.stop);
    EXPECT_EQ(a.registers, b.registers);
    EXPECT_TRUE(a.memory == b.memory);
    EXPECT_EQ(a.cycles, b.cycles);
    EXPECT_EQ(a.stats.instructions, b.stats.instructions);
    EXPECT_EQ(a.stats.busy_cycles, b.stats.busy_cycles);
    EXPECT_EQ(a.stats.exceptions, b.stats.exceptions);
    EXPECT_EQ(a.stats.bus_reads, b.stats.bus_reads);
    EXPECT_EQ(a.stats.bus_writes, b.stats.bus_writes);
    for (const auto level : {&Stats::l1i, &Stats::l1d, &Stats::l2, &Stats::llc}) {
        EXPECT_EQ((a.stats.*level).accesses, (b.stats.*level).accesses);
        EXPECT_EQ((a.stats.*level).misses, (b.stats.*level).misses);
        EXPECT_EQ((a.stats.*level).write_backs, (b.stats.*level).write_backs);
    }
}

TEST(Stepper, RandomCodeTakesTheSameCyclesStepByStep) {
    for (u64 seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        std::vector<u8> code = RandomCode(seed).sequence(200);
        code.push_back(0xF4);
        const Outcome plain = run(code, nullptr, 1000);
        Looker all(1), some(3);
        expect_equal(plain, run(code, &all, 1000));
        expect_equal(plain, run(code, &some, 1000));
        EXPECT_GT(all.instructions, 100u);
        EXPECT_GT(all.accesses, 0u);
    }
}

TEST(Stepper, GuestsTakeTheSameCyclesStepByStep) {
    for (const auto program : {stages_program(), mixed_program(), stride_program()}) {
        const Outcome plain = run(program, nullptr, 777);
        Looker all(1), some(2);
        expect_equal(plain, run(program, &all, 777));
        expect_equal(plain, run(program, &some, 777));
    }
}

TEST(Stepper, FaultsAreRaisedAtTheInstructionThatIsStepped) {
    const std::vector<u8> code = {0xB8, 1, 0, 0, 0, 0x90, 0x31, 0xC9, 0xF7, 0xF1, 0xF4};  // ... div ecx (0), hlt
    const Outcome plain = run(code, nullptr, 1000);
    Looker all(1);
    const Outcome stepped = run(code, &all, 1000);
    EXPECT_EQ(plain.stop, Stop::shutdown);  // there is no IDT
    expect_equal(plain, stepped);
    EXPECT_EQ(all.last, Guest::kCode + 8);
}

TEST(Stepper, ARepetitionIsOneInstructionAndItsBytesAreTold) {
    Guest guest;
    Looker all(1);
    u64 read = 0, written = 0;
    all.on_access = [&](u64 address, u64 bytes, bool write) {
        (write ? written : read) += bytes;
        const u64 start = write ? 0x50010 : 0x40004;
        EXPECT_GE(address, start);
        EXPECT_LE(address + bytes, start + 5000);
    };
    guest.core.set_debugger(&all);
    guest.prepare = [&] {
        guest.core.set_reg(RSI, 0x40004);
        guest.core.set_reg(RDI, 0x50010);
        guest.core.set_reg(RCX, 5000);
    };
    EXPECT_EQ(guest.execute({0xF3, 0xA4}), Stop::halt);  // rep movsb
    EXPECT_EQ(all.instructions, 2u);
    EXPECT_EQ(all.finished, 2u);
    EXPECT_EQ(read, 5000u);
    EXPECT_EQ(written, 5000u);
}

/// At `where` does what it was told.
class Meddler : public Debugger {
  public:
    Meddler(u64 where, std::function<void(Core&)> what) : where_(where), what_(std::move(what)) {}
    bool wants(const Core&, u64 begin, u64 end) override { return begin <= where_ && where_ < end; }
    void before(Core& core) override {
        if (core.rip() == where_) what_(core);
    }
    void accessed(Core&, u64, u64, bool) override {}
    void after(Core&) override {}

  private:
    u64 where_;
    std::function<void(Core&)> what_;
};

TEST(Stepper, ADebuggerMayMoveTheInstructionPointerAndChangeCode) {
    Guest guest;
    // inc eax; inc eax; inc eax; hlt
    Meddler skip(Guest::kCode + 2, [](Core& core) { core.set_rip(Guest::kCode + 4); });
    guest.core.set_debugger(&skip);
    ASSERT_EQ(guest.execute({0xFF, 0xC0, 0xFF, 0xC0, 0xFF, 0xC0}), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 2u);

    Meddler patch(Guest::kCode + 2, [&](Core& core) {
        guest.memory[Guest::kCode + 5] = 0xC8;  // dec eax
        core.memory_patched(Guest::kCode + 5, 1);
    });
    guest.core.set_debugger(&patch);
    ASSERT_EQ(guest.execute({0xFF, 0xC0, 0xFF, 0xC0, 0xFF, 0xC0}), Stop::halt);
    EXPECT_EQ(guest.core.reg(RAX), 1u);
}

}  // namespace
}  // namespace turnpike::cpu
