// SPDX-License-Identifier: Apache-2.0
// The life of the process that runs blocks: it sets itself up, gives up all rights but computing, and answers jobs.
#pragma once
#include <optional>

#include "bench/silicon/job.h"

namespace turnpike::silicon {

struct Setup {
    int requests = -1, answers = -1;  ///< pipes: a byte for each job, a byte for each answer and one when ready
    bool want_counter = true;
    std::optional<unsigned> cpu;  ///< to stay on
};

/// Exit statuses of a process that could not be set up.
enum class SetupError : int { memory = 3, sandbox = 4 };

[[noreturn]] void serve(Shared& shared, const Setup& setup);

}  // namespace turnpike::silicon
