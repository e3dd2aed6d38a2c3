// SPDX-License-Identifier: Apache-2.0
// `exec` of a program made of copies of a block takes the cycles that `blocks` predicts for the block.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

#include "cli/blocks/block_runner.h"
#include "config/machine.h"
#include "tests/exec/block_program.h"
#include "tests/exec/run_program.h"

namespace turnpike::exec {
namespace {

/// Cycles, in the difference of 2U copies: each of the two passes ends with a device's answer, which comes at a whole
/// cycle.
constexpr double kRounding = 2;

/// Relative. A round begins with what the last one left in the scheduler; a few blocks have more than one steady state
/// and settle in another than after a start from nothing.
constexpr double kOtherSteadyState = 0.03, kMeanOff = 0.002;
constexpr std::uint32_t kWarmRounds = 20, kRounds = 20;

using Bytes = std::vector<std::uint8_t>;

struct Block {
    std::string assembly;
    Bytes bytes;
    std::uint64_t instructions = 0;
};

/// Lines "hex,instruction; instruction …" of tests/data/blocks.
std::vector<Block> sample() {
    std::ifstream in(EXEC_BLOCKS);
    std::vector<Block> blocks;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        const std::size_t comma = line.find(',');
        Block block{line.substr(comma + 1), *blocks::bytes_of_hex(line.substr(0, comma))};
        block.instructions =
            1 + static_cast<std::uint64_t>(std::count(block.assembly.begin(), block.assembly.end(), ';'));
        blocks.push_back(std::move(block));
    }
    return blocks;
}

std::uint64_t total_cycles(const std::string& cpu, const BlockProgram& program) {
    const fs::path file = fs::path(testing::TempDir()) / ("block_" + cpu + std::to_string(getpid()) + ".elf");
    write_block_program(program, file);
    const Ran ran = run(file, {.cpu = cpu, .memory_mib = kBlockProgramMib});
    EXPECT_EQ(ran.end, End::exited) << ran.diagnosis;
    EXPECT_EQ(ran.output.size(), program.looped ? 1 : program.passes);
    fs::remove(file);
    return ran.stats.busy_cycles;
}

/// Of the second pass, which finds the caches warm.
std::uint64_t hot_cycles(const std::string& cpu, const Bytes& block, std::uint64_t copies) {
    return total_cycles(cpu, {block, copies, 2}) - total_cycles(cpu, {block, copies, 1});
}

/// Of kRounds rounds of a loop that is warm.
std::uint64_t loop_cycles(const std::string& cpu, const Bytes& block, std::uint64_t copies) {
    return total_cycles(cpu, {block, copies, kWarmRounds + kRounds, true}) -
           total_cycles(cpu, {block, copies, kWarmRounds, true});
}

/// U, as docs/accuracy.md has it.
std::uint64_t copies_of(const Block& block) {
    return std::min((512 + block.instructions - 1) / block.instructions, 20000 / (3 * block.bytes.size()));
}

class BlocksInExec : public testing::TestWithParam<const char*> {};

TEST_P(BlocksInExec, TakeTheCyclesThatBlocksPredicts) {
    const std::vector<Block> blocks = sample();
    ASSERT_GE(blocks.size(), 50U);
    regs::CpuProfile profile;
    config::load_cpu_profile(EXEC_MACHINES, GetParam(), profile);
    blocks::BlockRunner runner(profile);
    for (const Block& block : blocks) {
        const std::uint64_t copies = copies_of(block);
        const std::uint64_t more = hot_cycles(GetParam(), block.bytes, 3 * copies);
        const std::uint64_t fewer = hot_cycles(GetParam(), block.bytes, copies);
        const auto predicted = runner.cycles_per_iteration(block.bytes);
        ASSERT_TRUE(predicted) << block.assembly;
        EXPECT_NEAR(static_cast<double>(more - fewer), *predicted * static_cast<double>(2 * copies), kRounding)
            << block.assembly;
    }
}

TEST_P(BlocksInExec, LoopTheCyclesThatBlocksPredicts) {
    regs::CpuProfile profile;
    config::load_cpu_profile(EXEC_MACHINES, GetParam(), profile);
    blocks::BlockRunner runner(profile);
    const std::vector<Block> blocks = sample();
    double sum = 0;
    for (const Block& block : blocks) {
        const std::uint64_t copies = copies_of(block);
        const std::uint64_t more = loop_cycles(GetParam(), block.bytes, 3 * copies);
        const std::uint64_t fewer = loop_cycles(GetParam(), block.bytes, copies);
        const double looped = static_cast<double>(more - fewer) / static_cast<double>(2 * copies * kRounds);
        const auto predicted = runner.cycles_per_iteration(block.bytes);
        ASSERT_TRUE(predicted) << block.assembly;
        const double off = std::abs(looped / *predicted - 1);
        EXPECT_LE(off, kOtherSteadyState) << block.assembly;
        sum += off;
    }
    EXPECT_LE(sum / static_cast<double>(blocks.size()), kMeanOff);
}

INSTANTIATE_TEST_SUITE_P(Profiles, BlocksInExec, testing::Values("zen5", "skylake"),
                         [](const auto& chosen) { return std::string(chosen.param); });

}  // namespace
}  // namespace turnpike::exec
