// SPDX-License-Identifier: Apache-2.0
// Compiled programs take the same time to the cycle whether their core remembers what its pipeline did or works out
// everything.
#include <gtest/gtest.h>

#include "config/machine.h"
#include "tests/exec/run_program.h"

namespace turnpike::exec {
namespace {

constexpr std::uint64_t kStep = 100'000, kMost = 12'000'000;  // instructions

class Program {
  public:
    Program(const ElfImage& image, const char* cpu, std::uint64_t states)
        : machine_(params(), profile(cpu, states), image, [](char) {}) {
        machine_.core().set_functional(false);
    }
    End run(std::uint64_t instructions) { return machine_.run(instructions); }
    const cpu::Core& core() const { return machine_.core(); }

  private:
    static regs::MachineParams params() {
        regs::MachineParams params;
        params.dram.size_mib = kMemoryMib;
        return params;
    }
    static regs::CpuProfile profile(const char* cpu, std::uint64_t states) {
        regs::CpuProfile profile;
        config::load_cpu_profile(EXEC_MACHINES, cpu, profile);
        profile.schedule.memo_states = states;
        return profile;
    }

    Machine machine_;
};

void compare(const char* program, const char* cpu, std::uint64_t states) {
    const ElfImage image(built(program), kMemoryMib << 20);
    Program remembering(image, cpu, states), working(image, cpu, 0);
    for (std::uint64_t instructions = kStep; instructions <= kMost; instructions += kStep) {
        const End end = remembering.run(instructions);
        ASSERT_EQ(working.run(instructions), end);
        ASSERT_EQ(remembering.core().cycles(), working.core().cycles()) << instructions;
        if (end != End::instructions) break;
    }
    const cpu::Stats &one = remembering.core().stats(), &other = working.core().stats();
    EXPECT_EQ(one.instructions, other.instructions);
    EXPECT_EQ(one.branches.mispredicted, other.branches.mispredicted);
    EXPECT_EQ(one.l1i.misses, other.l1i.misses);
    EXPECT_EQ(one.l1d.accesses, other.l1d.accesses);
    EXPECT_EQ(one.l1d.misses, other.l1d.misses);
    EXPECT_EQ(one.l2.write_backs, other.l2.write_backs);
    EXPECT_GT(one.told_again, 100'000U);
    EXPECT_EQ(other.told_again, 0U);
}

TEST(MemoInExec, KernelsTakeAsLong) { compare("kernels_gcc_O2.elf", "zen5", 65536); }
TEST(MemoInExec, KernelsOfAnotherCompilerTakeAsLong) { compare("kernels_clang_O1.elf", "zen5", 65536); }
TEST(MemoInExec, UnoptimisedKernelsTakeAsLong) { compare("kernels_gcc_O0.elf", "zen5", 65536); }
TEST(MemoInExec, KernelsTakeAsLongOnAnotherCore) { compare("kernels_gcc_O2.elf", "skylake", 65536); }
TEST(MemoInExec, KernelsTakeAsLongWhereLittleIsRemembered) { compare("kernels_gcc_O2.elf", "zen5", 500); }

}  // namespace
}  // namespace turnpike::exec
