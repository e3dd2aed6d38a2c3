// SPDX-License-Identifier: Apache-2.0
#include "cli/run/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>

namespace turnpike {

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

double Progress::wall_seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

void Progress::update(std::uint64_t simulated_ps, std::uint64_t frames) {
    const Clock::time_point now = Clock::now();
    // A terminal's line is overwritten each second; a log gets a new one each ten.
    if (quiet_ || now - last_ < std::chrono::seconds(terminal_ ? 1 : 10)) return;
    last_ = now;
    printed_ = true;
    fmt::print(stderr, "{}{:.6f} s simulated, {} frames, {:.0f} frames/s{}", terminal_ ? "\r" : "",
               static_cast<double>(simulated_ps) * 1e-12, frames, static_cast<double>(frames) / wall_seconds(),
               terminal_ ? "  " : "\n");
    std::fflush(stderr);
}

void Progress::finish() {
    if (printed_ && terminal_) fmt::print(stderr, "\n");
}

}  // namespace turnpike
