// SPDX-License-Identifier: Apache-2.0
// bench_nic: the NIC behind its facade. `frames`: a million frames through the little driver, over all pairs of
// parameters. `pcie`: the link's bandwidth beside the published model's. `line-rate`: smallest frames at 10 Gbit/s in
// both directions, and what they cost the host. `fuzz`: a driver out of its mind.
// Exit status 0: what was to be shown was shown; 1: not; 2: wrong arguments.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>

#include "bench/common/host.h"
#include "tests/nic_sim/echo.h"
#include "tests/nic_sim/fuzz.h"
#include "tests/nic_sim/line_rate.h"
#include "tests/nic_sim/pcie_load.h"

namespace turnpike::bench {
namespace {

constexpr double kTolerance = 0.03;

bool run_frames(unsigned frames, std::uint64_t seed) {
    test::Memory memory(std::size_t{1} << 30);
    NicSim sim({}, memory);
    const auto combinations = test::combinations(seed);
    const auto each = static_cast<unsigned>((frames + combinations.size() - 1) / combinations.size());
    fmt::print("seed {}, {} combinations, {} frames each\n", seed, combinations.size(), each);
    bool good = true;
    for (const test::Combination& combination : combinations) {
        const std::string problem = test::echo(sim, memory, combination, each, seed);
        fmt::print("{}: {}\n", test::text(combination), problem.empty() ? "each once, in order, uncorrupted" : problem);
        good = good && problem.empty();
    }
    fmt::print("{} frames received and sent\n", each * combinations.size());
    return good;
}

bool run_pcie() {
    fmt::print(
        "Gbit/s of data, generation 3 x8, payloads of 256, read requests of 512 bytes; in parentheses the model of "
        "SIGCOMM 2018\n");
    fmt::print("{:>6}{:>18}{:>18}{:>18}{:>12}\n", "bytes", "write", "read", "both ways", "worst");
    double worst = 0;
    for (const unsigned bytes : {64U, 65U, 128U, 256U, 257U, 384U, 512U, 513U, 768U, 1024U, 1280U, 1514U, 1518U}) {
        fmt::print("{:>6}", bytes);
        double here = 0;
        for (const test::Load load : {test::Load::write, test::Load::read, test::Load::both}) {
            const double published = test::published_gbps(load, bytes);
            const double measured = test::measured_gbps(test::without_waiting(), load, bytes);
            here = std::max(here, std::abs(measured / published - 1));
            fmt::print("{:>9.2f} ({:6.2f})", measured, published);
        }
        fmt::print("{:>10.2f} %\n", here * 100);
        worst = std::max(worst, here);
    }
    fmt::print("worst {:.2f} %, at most {:.0f} % wanted\n", worst * 100, kTolerance * 100);
    return worst <= kTolerance;
}

bool run_line_rate(std::uint64_t frames) {
    const test::LineRate result = test::line_rate(frames);
    fmt::print("{}\n{} frames of 64 bytes each way, one queue, polled every 2 us\n", machine_name(), frames);
    fmt::print("received {} at {:.2f} Mpps, sent {} at {:.2f} Mpps (14.88 is the wire's rate); drops:{}\n",
               result.received, result.received_mpps, result.sent, result.sent_mpps,
               result.drops.empty() ? " none" : result.drops);
    fmt::print("{:.0f} ns of processor time for a frame received and one sent (aim: below 1000)\n", result.host_ns);
    return result.drops.empty() && result.received == frames && result.sent == frames;
}

bool run_fuzz(std::uint64_t operations, std::uint64_t seed) {
    constexpr std::uint64_t kEach = 1'000'000;
    for (std::uint64_t done = 0; done < operations; done += kEach, ++seed) {
        const test::FuzzReport report = test::fuzz(std::min(kEach, operations - done), seed);
        fmt::print(
            "seed {}: {} register writes, {} reads, {} descriptors, {} frames, {} waits; {} accesses refused, as many "
            "bus errors, {} stops, {} frames accepted, {} sent, {} dropped; digest {:016x}\n",
            seed, report.register_writes, report.register_reads, report.descriptors, report.frames, report.waits,
            report.refused, report.stops, report.accepted, report.sent, report.drops, report.digest);
    }
    return true;
}

int run(int argc, char** argv) {
    CLI::App app{"The NIC behind its facade"};
    app.require_subcommand(1);
    unsigned frames = 1'000'000;
    std::uint64_t seed = 20261127, line_frames = 1'000'000, operations = 10'000'000;
    CLI::App* echo = app.add_subcommand("frames", "frames through the little driver, over all pairs of parameters");
    echo->add_option("--frames", frames, "in all")->check(CLI::Range(1U, 1'000'000'000U))->capture_default_str();
    echo->add_option("--seed", seed, "of sizes and combinations")->capture_default_str();
    CLI::App* pcie = app.add_subcommand("pcie", "bandwidth of the link beside the published model's");
    CLI::App* rate = app.add_subcommand("line-rate", "smallest frames at 10 Gbit/s, and what they cost the host");
    rate->add_option("--frames", line_frames, "each way")->check(CLI::Range(1U, 1'000'000'000U))->capture_default_str();
    CLI::App* random = app.add_subcommand("fuzz", "random registers, descriptors, rings and frames");
    random->add_option("--operations", operations, "in all, a million from each seed")->capture_default_str();
    random->add_option("--seed", seed, "the first")->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    bool good = true;
    if (echo->parsed()) good = run_frames(frames, seed);
    if (pcie->parsed()) good = run_pcie();
    if (rate->parsed()) good = run_line_rate(line_frames);
    if (random->parsed()) good = run_fuzz(operations, seed);
    return good ? 0 : 1;
}

}  // namespace
}  // namespace turnpike::bench

int main(int argc, char** argv) { return turnpike::bench::run(argc, argv); }
