// SPDX-License-Identifier: Apache-2.0
// A program spoiled at random, run as `turnpike exec` runs it.
#pragma once
#include <filesystem>
#include <string>

#include "cli/exec/machine.h"
#include "regs/params.h"

namespace turnpike::wild {

struct ExecResult {
    exec::End end = exec::End::halted;
    std::uint64_t instructions = 0;
    std::string complaint;
};

ExecResult run_spoiled_program(const std::filesystem::path& program, const regs::CpuProfile& profile,
                               std::uint64_t seed);

}  // namespace turnpike::wild
