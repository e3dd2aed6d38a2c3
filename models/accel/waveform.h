// SPDX-License-Identifier: Apache-2.0
// What is to be recorded of a Verilated block's signals. Knows no SystemC, whose presence Verilator's headers notice.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

namespace turnpike {

/// A stretch of time, and the FST file that its waveform goes to.
struct WaveWindow {
    std::filesystem::path file;
    std::uint64_t start_ps = 0;
    std::uint64_t stop_ps = ~std::uint64_t{0};
    bool from_power_on = false;  ///< times count from there, not from READY
};

/// The same for one block with its clock.
struct Waveform {
    static constexpr std::uint64_t kNotYet = ~std::uint64_t{0};
    WaveWindow window;
    std::uint64_t mhz;
    /// Simulated time from which the window's times count; kNotYet: it has not come.
    std::shared_ptr<const std::uint64_t> zero_ps;

    /// Simulated time of a clock edge, as ClockDomain has it.
    std::uint64_t edge_ps(std::uint64_t edge) const {
        return static_cast<std::uint64_t>(static_cast<unsigned __int128>(edge) * 1'000'000 / mhz);
    }
};

}  // namespace turnpike
