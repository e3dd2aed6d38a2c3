// SPDX-License-Identifier: Apache-2.0
// Looks addresses up in a table, by the engine at one a clock or by software, with updates spread evenly among them.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/lpm/lpm_files.h"

namespace turnpike::lpm {

struct Job {
    std::string table_file, updates_file;  ///< for messages
    std::vector<Change> table, updates;
    std::vector<std::uint32_t> addresses;
    std::string mode;
    std::uint32_t seed = 1;
    unsigned idle_percent = 0;   ///< of clocks in which no address is offered
    unsigned stall_percent = 0;  ///< of clocks in which no answer is taken
};

struct Result {
    std::vector<std::uint16_t> hops;
    std::uint64_t clocks = 0;  ///< from the first address accepted to the last answer taken; 0: software
    std::uint64_t least_latency = 0, most_latency = 0;
    std::uint64_t prefixes = 0;
    std::uint64_t bits_used = 0, bits_provisioned = 0;
};

/// Update n of N begins when n/(N + 1) of the addresses have been accepted. An answer is that of the table before or
/// after the update under way. A table that does not fit is a config::Error.
Result run(const Job& job);

}  // namespace turnpike::lpm
