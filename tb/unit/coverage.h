// SPDX-License-Identifier: Apache-2.0
// What a bench leaves for tools/coverage.sh: the counters of its model's points of coverage.
#pragma once
#include <verilated.h>
#if VM_COVERAGE
#include <unistd.h>
#include <verilated_cov.h>

#include <cstdlib>
#include <string>
#endif

namespace turnpike::tb {

/// Writes them to a file of its own in the folder TURNPIKE_COVERAGE, if the model has any and the variable is set.
inline void save_coverage([[maybe_unused]] VerilatedContext& context) {
#if VM_COVERAGE
    static unsigned saved = 0;
    const char* folder = std::getenv("TURNPIKE_COVERAGE");
    if (folder == nullptr) return;
    const std::string name = std::to_string(getpid()) + "_" + std::to_string(saved++) + ".dat";
    context.coveragep()->write((std::string(folder) + "/" + name).c_str());
#endif
}

}  // namespace turnpike::tb
