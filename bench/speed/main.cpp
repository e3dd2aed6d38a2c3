// SPDX-License-Identifier: Apache-2.0
// Instructions per second of host time, beside Unicorn's: the modelled core alone on the 42 kernels, functional and
// timed, and the whole machine while its firmware forwards frames, timed, in software and with the accelerators (a run
// is functional until READY only).
#include <fmt/core.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "bench/common/forwarding.h"
#include "bench/common/host.h"
#include "bench/speed/unicorn.h"
#include "cli/exec/machine.h"
#include "config/machine.h"

namespace turnpike::bench {
namespace {

constexpr std::uint64_t kMemoryMib = 128;

/// Processor time, so that other work on the machine counts as little as can be.
double seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double fastest(unsigned runs, const std::function<void()>& work) {
    double best = 1e9;
    for (unsigned n = 0; n < runs; ++n) {
        const double start = seconds();
        work();
        best = std::min(best, seconds() - start);
    }
    return best;
}

std::uint64_t run_on_core(const ElfImage& image, const regs::CpuProfile& profile, bool functional) {
    regs::MachineParams params;
    params.dram.size_mib = kMemoryMib;
    exec::Machine machine(params, profile, image, [](char) {});
    machine.core().set_functional(functional);
    if (machine.run(~std::uint64_t{0}) != exec::End::exited) throw std::runtime_error(machine.core().diagnosis());
    return machine.core().stats().instructions;
}

/// Of all children that have ended.
double children_seconds() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

/// Million instructions per second of processor time of the whole machine, from start to end.
double forwarding_speed(const std::filesystem::path& scenario, const std::string& profile, const std::string& mode,
                        unsigned runs) {
    double best = 0;
    for (unsigned n = 0; n < runs; ++n) {
        const double start = children_seconds();
        const test::Result result =
            test::turnpike({"run", scenario.string(), "--quiet", "--set", "cpu.profile=" + profile, "--set",
                            "accel.lpm.mode=" + mode, "--set", "accel.checksum.mode=" + mode});
        if (result.status != 0) throw std::runtime_error(result.err);
        const auto stats = test::read_json(scenario / "out/stats.json");
        best = std::max(best, stats["core"]["instructions"].get<double>() / (children_seconds() - start) / 1e6);
    }
    return best;
}

int run(int argc, char** argv) {
    CLI::App app{"Million instructions per second of processor time"};
    unsigned runs = 3;
    std::string program = SPEED_KERNELS;
    unsigned frames = 200'000;
    std::vector<std::string> profiles = {"zen5", "simple"};
    app.add_option("--runs", runs, "runs of each; the fastest counts");
    app.add_option("--program", program, "a program for `turnpike exec`");
    app.add_option("--cpu", profiles, "core profiles to time");
    app.add_option("--frames", frames, "frames that the firmware forwards");
    CLI11_PARSE(app, argc, argv);
    const ElfImage image(program, kMemoryMib << 20);
    std::uint64_t instructions = 0;
    const double functional = fastest(runs, [&] { instructions = run_on_core(image, {}, true); });
    const double unicorn = fastest(runs, [&] { run_on_unicorn(image, kMemoryMib << 20); });
    const double millions = static_cast<double>(instructions) / 1e6;
    fmt::print("{} million instructions on {}; fastest of {} runs\n", instructions / 1'000'000, machine_name(), runs);
    fmt::print("{:<26}{:>12}{:>18}\n", "", "Minstr/s", "ratio to Unicorn");
    const auto row = [&](const std::string& name, double time) {
        fmt::print("{:<26}{:>12.1f}{:>18.2f}\n", name, millions / time, unicorn / time);
    };
    row("functional", functional);
    for (const std::string& name : profiles) {
        regs::CpuProfile profile;
        config::load_cpu_profile(SPEED_MACHINES, name, profile);
        row("timed, " + name, fastest(runs, [&] { run_on_core(image, profile, false); }));
    }
    test::TemporaryFolder folder;
    write_forwarding_scenario(folder.path() / "s", frames, 6'000);
    for (const std::string& name : profiles)
        for (const char* mode : {"software", "tlm"})
            row(fmt::format("forwarding, {}, {}", mode, name),
                millions / forwarding_speed(folder.path() / "s", name, mode, runs));
    row("Unicorn, no hooks", unicorn);
    return 0;
}

}  // namespace
}  // namespace turnpike::bench

int main(int argc, char** argv) { return turnpike::bench::run(argc, argv); }
