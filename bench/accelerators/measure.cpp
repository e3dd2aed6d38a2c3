// SPDX-License-Identifier: Apache-2.0
#include "bench/accelerators/measure.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "models/link/capture.h"
#include "tests/run/program.h"

namespace turnpike::bench {
namespace {

constexpr double kNsPerSecond = 1e9;

/// From the first frame that left to the last.
double frames_per_second(const std::filesystem::path& capture) {
    const Capture sent = read_capture(capture);
    if (sent.frames.size() < 2) return 0;
    return static_cast<double>(sent.frames.size() - 1) * kNsPerSecond /
           static_cast<double>(sent.frames.back().time_ns - sent.frames.front().time_ns);
}

Measurement measure_once(const std::filesystem::path& scenario, const Form& form, const std::string& profile) {
    const auto start = std::chrono::steady_clock::now();
    const test::Result result = test::turnpike(
        {"run", scenario.string(), "--quiet", "--set", "cpu.profile=" + profile, "--set", "accel.lpm.mode=" + form.lpm,
         "--set", "accel.lpm.access=" + form.access, "--set", "accel.checksum.mode=" + form.checksum});
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - start;
    if (result.status != 0) throw std::runtime_error(result.err);
    const auto host = test::read_json(scenario / "out/host.json"), stats = test::read_json(scenario / "out/stats.json");
    return {frames_per_second(scenario / "out/eth1.pcap"), stats["core"]["cycles_per_forwarded_frame"],
            host["frames_per_wall_second"], all.count() - host["wall_seconds"].get<double>()};
}

}  // namespace

Measurement measure(const std::filesystem::path& scenario, const Form& form, unsigned runs,
                    const std::string& profile) {
    Measurement best;
    for (unsigned n = 0; n < runs; ++n) {
        const Measurement one = measure_once(scenario, form, profile);
        if (n == 0 || one.wall_frames_per_second > best.wall_frames_per_second) best = one;
    }
    return best;
}

}  // namespace turnpike::bench
