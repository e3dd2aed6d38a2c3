// SPDX-License-Identifier: Apache-2.0
#include "tests/nic_sim/line_rate.h"

#include <fmt/format.h>

#include <ctime>

#include "tests/nic_sim/little_driver.h"

namespace turnpike::test {
namespace {

/// 64 bytes with FCS, preamble and inter-frame gap (IEEE 802.3 3.1.1, 4.4.2) at 10 Gbit/s.
constexpr std::uint64_t kFramePs = 67'200;
constexpr std::uint64_t kPollPs = 2'000'000;
constexpr unsigned kEntries = 512;

/// Of this process: other programs on the machine do not count.
double processor_ns() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

std::vector<std::uint8_t> smallest_frame() {
    std::vector<std::uint8_t> frame(60);
    const std::uint8_t header[] = {2, 0, 0,  0,  0, 1, 2,  0, 0, 0, 0,  9, 8, 0, 0x45, 0, 0, 46, 0, 0,
                                   0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0,    7, 0, 9,  0, 26};
    std::copy(std::begin(header), std::end(header), frame.begin());
    return frame;
}

double mpps(std::uint64_t frames, std::uint64_t ps) {
    return static_cast<double>(frames) * 1e6 / static_cast<double>(ps);
}

}  // namespace

LineRate line_rate(std::uint64_t frames) {
    Memory memory(std::size_t{16} << 20);
    NicSim sim({}, memory);
    DriverSetup setup;
    setup.entries = kEntries;
    setup.write_back_threshold = 4;
    LittleDriver driver(sim, memory, setup);
    driver.bring_up();
    const std::vector<std::uint8_t> frame = smallest_frame();
    LineRate result;
    std::uint64_t given = 0, to_send = frames, last_sent_ps = 0, last_received_ps = 0;
    sim.on_wire_tx([&](std::span<const std::uint8_t>, std::uint64_t ps) {
        ++result.sent;
        last_sent_ps = ps;
    });
    const double before_ns = processor_ns();
    const std::uint64_t start_ps = sim.now_ps(), end_ps = start_ps + frames * kFramePs + 100 * kPollPs;
    while (sim.now_ps() < end_ps && (result.received < frames || result.sent < frames)) {
        for (; given < frames && start_ps + given * kFramePs < sim.now_ps() + kPollPs; ++given)
            sim.wire_rx(frame, start_ps + given * kFramePs);
        while (to_send != 0 && driver.send(0, frame)) --to_send;
        driver.flush(0);
        sim.run_for(kPollPs);
        const unsigned now = driver.poll(0, [](std::span<const std::uint8_t>) {});
        result.received += now;
        if (now != 0) last_received_ps = sim.now_ps();
    }
    result.host_ns = (processor_ns() - before_ns) / static_cast<double>(frames);
    result.received_mpps = mpps(result.received, last_received_ps - start_ps);
    result.sent_mpps = mpps(result.sent, last_sent_ps - start_ps);
    for (const auto& [fate, count] : sim.counters().drops) result.drops += fmt::format(" {} {}", count, fate);
    return result;
}

}  // namespace turnpike::test
