// SPDX-License-Identifier: Apache-2.0
// One to four cores whose code, tables and interrupts are random. Everything follows from the seed.
#pragma once
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/shared_memory.h"
#include "tests/cpu/wild/soup.h"

namespace turnpike::wild {

enum class End { limit, halted, shut_down };
inline constexpr const char* kEndNames[] = {"at its limit", "halted for good", "shut down with a diagnosis"};

struct Result {
    End end = End::limit;  ///< of the first core that stopped
    unsigned cores = 0;
    u64 instructions = 0;
    u64 exceptions = 0;
    u64 interrupts = 0;
    u64 fingerprint = 0;  ///< of registers, times and memory
    std::string diagnosis;
    std::string complaint;  ///< empty: the simulator did what it must
};

struct Setup {
    u64 seed = 1;
    u64 cycles = 20'000;                          ///< of each core
    const regs::CpuProfile* scheduled = nullptr;  ///< used for some of the guests
};

Result run_wild(const Setup& setup);

}  // namespace turnpike::wild
