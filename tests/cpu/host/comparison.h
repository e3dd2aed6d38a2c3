// SPDX-License-Identifier: Apache-2.0
// Samples on the host and on the modelled core (and on Unicorn, where asked), with the first differing instruction
// found.
#pragma once
#include <functional>
#include <map>
#include <memory>

#include "tests/cpu/host/core_runner.h"
#include "tests/cpu/host/generator.h"
#include "tests/cpu/host/host_process.h"
#include "tests/cpu/host/unicorn_runner.h"

namespace turnpike::host {

struct Plan {
    u64 seed = 1;
    u64 instructions = 0;       ///< units in all; what sets them up is not counted
    unsigned longest = 10;      ///< units of a sample: 1 to so many
    unsigned unicorn_each = 0;  ///< every so many samples run on Unicorn, too; 0: none
    std::size_t most_differences = 10;
};

struct Difference {
    std::string mnemonic;
    std::string text;
};

struct Report {
    u64 samples = 0;
    u64 instructions = 0;
    u64 exceptions = 0;
    std::map<std::string, u64> by_mnemonic;
    std::vector<Difference> differences;
    u64 unicorn_instructions = 0;
    std::map<std::string, u64> unicorn_differences;  ///< by mnemonic
};

/// `progress` is called after every batch.
Report compare(const Plan& plan, const std::function<void(const Report&)>& progress = {});

}  // namespace turnpike::host
