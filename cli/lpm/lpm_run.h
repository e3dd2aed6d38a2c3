// SPDX-License-Identifier: Apache-2.0
// Looks addresses up in a table, by the engine at one a clock or by software, with updates spread evenly among them.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/lpm/lpm_files.h"
#include "models/accel/waveform.h"
#include "sw/lpm/tree.h"

namespace turnpike::lpm {

/// The clock of the engine, where only times in a waveform depend on it.
inline constexpr std::uint64_t kLpmMhz = 250;
inline constexpr std::uint64_t kLpmClockPs = 1'000'000 / kLpmMhz;

struct Job {
    std::string table_file, updates_file;  ///< for messages
    std::vector<Change> table, updates;
    std::vector<std::uint32_t> addresses;
    std::string mode;
    std::uint32_t seed = 1;
    unsigned idle_percent = 0;       ///< of clocks in which no address is offered
    unsigned stall_percent = 0;      ///< of clocks in which no answer is taken
    std::optional<WaveWindow> wave;  ///< of the RTL; times at kLpmMhz from the first access on
};

/// Lookups that are made and judged while the run goes on.
class Lookups {
  public:
    virtual ~Lookups() = default;
    virtual std::size_t count() const = 0;
    /// The address of the next one; `begun` updates have begun.
    virtual std::uint32_t next(std::size_t begun) = 0;
    /// The answer to the oldest one without. `done`: updates that had been carried out when it was accepted; `begun`:
    /// those that had begun when the answer was taken.
    virtual void answered(std::uint16_t hop, std::size_t done, std::size_t begun) = 0;
};

struct Result {
    std::vector<std::uint16_t> hops;  ///< of the job's addresses
    std::uint64_t clocks = 0;         ///< from the first address accepted to the last answer taken; 0: software
    std::uint64_t least_latency = 0, most_latency = 0;
    std::uint64_t prefixes = 0;
    std::uint64_t bits_used = 0, bits_provisioned = 0;
    fw::TreeUsage usage = {};  ///< at the end
};

/// Update n of N begins when n/(N + 1) of the addresses have been accepted. An answer is that of the table before or
/// after the update under way. A table that does not fit is a config::Error.
Result run(const Job& job);
/// The engine with these lookups in place of the job's addresses.
Result run(const Job& job, Lookups& lookups);

}  // namespace turnpike::lpm
