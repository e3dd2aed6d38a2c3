// SPDX-License-Identifier: Apache-2.0
// Programs of this build folder, run on the modelled core and natively.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "cli/exec/machine.h"

namespace turnpike::exec {

namespace fs = std::filesystem;

inline constexpr std::uint64_t kMemoryMib = 128;
inline constexpr std::uint64_t kAllowed = 4'000'000'000;

inline fs::path built(const std::string& name) { return fs::path(EXEC_BUILD_DIR) / name; }

struct Ran {
    End end = End::halted;
    unsigned status = 0;
    std::string output;
    std::string diagnosis;
    cpu::Stats stats;
};

struct How {
    bool functional = false;
    std::uint64_t allowed = kAllowed;
    std::string cpu = "simple";
    std::uint64_t memory_mib = kMemoryMib;
    std::function<void(cpu::Memory)> spoil = {};  ///< called before the first instruction
};

Ran run(const fs::path& elf, const How& how);

/// What a program of this machine prints.
std::string native_output(const fs::path& program);

}  // namespace turnpike::exec
