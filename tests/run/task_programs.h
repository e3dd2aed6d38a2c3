// SPDX-License-Identifier: Apache-2.0
// Programs of the test's firmware (task_programs.user.cpp).
#pragma once
#include "sw/hal/hal.h"

namespace fw::test {

/// Their places in the table.
enum ProgramNumber : unsigned {
    kSleeper,
    kWorker,
    kSpinner,
    kCounter,
    kReadsKernel,
    kWritesCode,
    kReadsDevice,
    kNullPointer,
    kStopsInterrupts,
    kHalts,
    kBadOpcode,
    kDividesByZero,
    kRunsItsStack,
    kCallsKernel,
    kReturns,
    kOverflows,
    kSpoilsSegments,
    kSpoilsFlags,
    kBadPointers,
    kProgramCount,
};

/// What a program of the table does, by its name.
struct Program {
    const char* name;
    void (*entry)(const void*);
};
extern const Program kPrograms[kProgramCount];

}  // namespace fw::test
