// SPDX-License-Identifier: Apache-2.0
// An ELF file of a program that runs copies of a block under the conditions of measured blocks (docs/accuracy.md).
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace turnpike::exec {

struct BlockProgram {
    std::vector<std::uint8_t> block;
    std::uint64_t copies = 1;
    std::uint32_t passes = 1;  ///< over the copies
    bool looped = false;       ///< a pass begins where the last one left the registers, else each from the same
};

/// What `BlockProgram` asks of the machine: its data lie above 256 MiB.
inline constexpr std::uint64_t kBlockProgramMib = 512;

void write_block_program(const BlockProgram& program, const std::filesystem::path& file);

}  // namespace turnpike::exec
