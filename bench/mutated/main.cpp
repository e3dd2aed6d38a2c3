// SPDX-License-Identifier: Apache-2.0
// bench_mutated: mutated frames through the modelled machine. Exit status 0: the firmware minded none of them; 1: it
// did, and the simulation is named; 2: the user's mistake.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <systemc>

#include "bench/common/host.h"
#include "bench/mutated/supervisor.h"
#include "regs/counters.h"

namespace turnpike::mutated {
namespace {

constexpr std::uint64_t kMostWrong = 20;

struct Options {
    std::vector<std::filesystem::path> scenarios;
    std::filesystem::path firmware = TURNPIKE_FIRMWARE;
    std::uint64_t frames = 10'000'000, each = 20'000, seed = 1;
    std::optional<std::uint64_t> only;
    std::optional<std::filesystem::path> keep;
    std::optional<unsigned> cores;
    unsigned jobs = 1;
};

class Totals {
  public:
    void add(const Plan& plan, const Verdict& verdict, const Router& router) {
        ++simulations_;
        sent_ += verdict.sent;
        for (std::size_t i = 0; i < regs::kFateCount; ++i) fates_[i] += verdict.fates[i];
        if (verdict.complaint[0] == 0) return;
        ++wrong_;
        if (wrong_ <= kMostWrong)
            fmt::print("--seed {} --only {} ({}): {}\n", plan.seed, plan.number, router.folder.filename().string(),
                       verdict.complaint);
        std::fflush(stdout);
    }
    std::uint64_t wrong() const { return wrong_; }

    void print() const {
        std::uint64_t frames = 0, in_nic = 0;
        for (std::size_t i = 0; i < regs::kFateCount; ++i) {
            frames += fates_[i];
            if (std::string_view(regs::kFates[i].name).starts_with("rx_")) in_nic += fates_[i];
            if (fates_[i] != 0) fmt::print("{:>12}  {}\n", fates_[i], regs::kFates[i].name);
        }
        fmt::print("{} frames in {} simulations, {} of them seen by the firmware, {} sent; {} simulations went wrong\n",
                   frames, simulations_, frames - in_nic, sent_, wrong_);
    }

  private:
    std::uint64_t simulations_ = 0, sent_ = 0, wrong_ = 0;
    std::uint64_t fates_[regs::kFateCount] = {};
};

int run(const Options& options) {
    const std::vector<Router> routers = find_routers(options.scenarios);
    if (std::none_of(routers.begin(), routers.end(), [](const Router& router) { return !router.frames.empty(); })) {
        fmt::print(stderr, "bench_mutated: found no scenario with frames in in/, expected --scenarios FOLDER\n");
        return 2;
    }
    const auto begin = std::chrono::steady_clock::now();
    Totals totals;
    const std::uint64_t first = options.only.value_or(0);
    const std::uint64_t last = options.only ? first + 1 : (options.frames + options.each - 1) / options.each;
    supervise(
        routers, first, last, options.jobs,
        [&](std::uint64_t number) {
            return Plan{options.seed, number, options.each, options.firmware, options.cores, options.keep};
        },
        [&](const Plan& plan, const Verdict& verdict) { totals.add(plan, verdict, router_of(routers, plan)); });
    totals.print();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    fmt::print("{} routers, seed {}, {:.0f} s with {} at a time on {}\n", routers.size(), options.seed, seconds.count(),
               options.jobs, bench::machine_name());
    return totals.wrong() == 0 ? 0 : 1;
}

int parse_and_run(int argc, char** argv) {
    CLI::App app{"Mutated frames through the modelled machine: the firmware must mind none"};
    Options options;
    app.add_option("--scenarios", options.scenarios, "folders whose scenarios are run, with their frames mutated")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.add_option("--frames", options.frames, "in all")->capture_default_str();
    app.add_option("--each", options.each, "frames of one simulation")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--seed", options.seed, "same seed, same frames")->capture_default_str();
    app.add_option("--only", options.only, "this simulation alone");
    app.add_option("--keep", options.keep, "write the frames to this folder, with --only")->needs("--only");
    app.add_option("--firmware", options.firmware, "firmware ELF, in place of the shipped one");
    app.add_option("--cores", options.cores, "cores of each machine, in place of 1, 2 or 4 by turns")
        ->check(CLI::Range(1U, regs::kMaxCpus));
    app.add_option("--jobs", options.jobs, "simulations at a time")->capture_default_str()->check(CLI::PositiveNumber);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return run(options);
}

}  // namespace
}  // namespace turnpike::mutated

int sc_main(int argc, char** argv) { return turnpike::mutated::parse_and_run(argc, argv); }

int main(int argc, char** argv) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
    return sc_core::sc_elab_and_sim(argc, argv);
}
