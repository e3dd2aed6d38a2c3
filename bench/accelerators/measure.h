// SPDX-License-Identifier: Apache-2.0
// One form of the accelerators on one scenario.
#pragma once
#include <filesystem>
#include <string>

namespace turnpike::bench {

/// How LPM and checksum are done.
struct Form {
    std::string lpm;       ///< software, tlm, rtl
    std::string access;    ///< blocking, lookaside
    std::string checksum;  ///< software, tlm, rtl
};

struct Measurement {
    double simulated_pps = 0;           ///< frames that left in a second of simulated time
    double cycles_per_frame = 0;        ///< of the core, busy, for each forwarded frame
    double wall_frames_per_second = 0;  ///< forwarded in a second of the host's time, boot left out
    double boot_seconds = 0;            ///< of the host's time, until READY
};

/// The best of `runs` in wall-clock time; all else is the same in each. Throws std::runtime_error with what the program
/// said when it fails.
Measurement measure(const std::filesystem::path& scenario, const Form& form, unsigned runs, const std::string& profile);

}  // namespace turnpike::bench
