// SPDX-License-Identifier: Apache-2.0
// Twin and RTL differ: the run is repeated, since every run is the same to the bit, and what led to the difference is
// recorded. So no run pays for it before.
#pragma once
#include <cstdint>
#include <filesystem>

namespace turnpike {

/// Runs this process's own command line once more, with a waveform that ends with `ps` of simulated time since power-on
/// and begins some microseconds before. Says where it is. Does nothing if the command line asks for a waveform itself.
void record_again(std::uint64_t ps, const std::filesystem::path& file);

}  // namespace turnpike
