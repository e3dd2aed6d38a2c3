// SPDX-License-Identifier: Apache-2.0
// bench_wild: guests that run wild for as long as one likes. A worker runs them; where it dies or hangs, the supervisor
// says in which guest, and goes on behind it. Exit status 0: the simulator did what it must; 1: it did not.
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <ctime>
#include <thread>

#include "bench/wild/exec_guest.h"
#include "bench/wild/run_guest.h"
#include "bench/wild/tally.h"
#include "config/machine.h"
#include "tests/cpu/wild/wild_guest.h"

namespace {

using namespace turnpike;
using namespace turnpike::wild;
using Clock = std::chrono::steady_clock;

constexpr double kHangSeconds = 300;  ///< of processor time for one guest
constexpr u64 kMostWrong = 20;

struct Options {
    unsigned seconds = 60;
    u64 seed = 1;
    u64 cycles = 20'000;
    std::vector<std::string> programs;
    RunPlan run;
    u64 run_each = 400;
};

void complain(Tally& tally, const std::string& text) {
    tally.wrong = true;
    std::snprintf(tally.what, sizeof tally.what, "%s", text.c_str());
}

void one_guest(const Options& options, const regs::CpuProfile& scheduled, u64 seed, Tally& tally) {
    tally.seed = seed;
    const auto count = [&](Way way, unsigned end, u64 instructions, const std::string& complaint) {
        ++tally.guests[static_cast<unsigned>(way)][end];
        tally.instructions[static_cast<unsigned>(way)] += instructions;
        if (!complaint.empty()) complain(tally, complaint);
    };
    if (!options.run.turnpike.empty() && seed % options.run_each == 0) {
        tally.way = Way::run;
        const RunResult result = run_spoiled_firmware(options.run, seed);
        count(Way::run, static_cast<unsigned>(std::min(result.status, 3)), 0, result.complaint);
    } else if (!options.programs.empty() && seed % 8 == 3) {
        tally.way = Way::exec;
        const std::string& program = options.programs[(seed / 8) % options.programs.size()];
        const regs::CpuProfile simple;
        const ExecResult result = run_spoiled_program(program, seed % 3 == 0 ? scheduled : simple, seed);
        count(Way::exec, static_cast<unsigned>(result.end), result.instructions, result.complaint);
    } else {
        tally.way = Way::core;
        const Setup setup{seed, options.cycles, &scheduled};
        const Result result = run_wild(setup);
        count(result.cores > 1 ? Way::several : Way::core, static_cast<unsigned>(result.end), result.instructions,
              result.complaint);
        tally.exceptions += result.exceptions;
        tally.interrupts += result.interrupts;
        if (seed % 16 == 0 && run_wild(setup).fingerprint != result.fingerprint) complain(tally, "went another way");
    }
}

/// Runs guests from `seed` on until the time is over or one goes wrong.
void work(const Options& options, Clock::time_point end, u64 seed, Tally& tally) {
    regs::CpuProfile scheduled;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, "zen5", scheduled);
    try {
        for (; Clock::now() < end && !tally.wrong; ++seed) one_guest(options, scheduled, seed, tally);
    } catch (const std::exception& error) {
        complain(tally, std::string("exception: ") + error.what());
    }
}

/// Processor time, so that a busy machine makes no guest hang.
double spent_by(pid_t process) {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Why the worker ended, or that it hangs; empty: it is through.
std::string watch(pid_t worker, const Tally& tally) {
    u64 seed = tally.seed;
    double since = 0;
    for (;;) {
        int status = 0;
        if (waitpid(worker, &status, WNOHANG) == worker) {
            if (WIFSIGNALED(status)) return fmt::format("died by signal {}", WTERMSIG(status));
            if (WEXITSTATUS(status) != 0) return fmt::format("ended with status {}", WEXITSTATUS(status));
            return tally.wrong ? std::string(tally.what) : std::string();
        }
        const double now = spent_by(worker);
        if (tally.seed != seed) seed = tally.seed, since = now;
        if (now - since > kHangSeconds) {
            kill(worker, SIGKILL);
            waitpid(worker, &status, 0);
            return "hangs";
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

void print(const Tally& tally) {
    static constexpr const char* kEndWords[kWays][kEnds] = {{kEndNames[0], kEndNames[1], kEndNames[2], "", ""},
                                                            {kEndNames[0], kEndNames[1], kEndNames[2], "", ""},
                                                            {"exited", "halted", "shut down", "at its limit", ""},
                                                            {"status 0", "status 1", "status 2", "other", ""}};
    for (unsigned way = 0; way < kWays; ++way) {
        u64 all = 0;
        std::string ends;
        for (unsigned end = 0; end < kEnds; ++end) {
            all += tally.guests[way][end];
            if (tally.guests[way][end] != 0)
                ends += fmt::format(", {} {}", tally.guests[way][end], kEndWords[way][end]);
        }
        if (all == 0) continue;
        fmt::print("{}: {} guests, {} instructions{}\n", kWayNames[way], all, tally.instructions[way], ends);
    }
    fmt::print("{} exceptions, {} interrupts\n", tally.exceptions, tally.interrupts);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Guests that run wild: the simulator must neither crash nor hang"};
    Options options;
    app.add_option("--seconds", options.seconds, "how long")->capture_default_str();
    app.add_option("--seed", options.seed, "of the first guest")->capture_default_str();
    app.add_option("--cycles", options.cycles, "of each guest of the core alone")->capture_default_str();
    app.add_option("--program", options.programs, "ELF files that are spoiled and run as `turnpike exec` does");
    app.add_option("--turnpike", options.run.turnpike, "the program, for guests in whole systems");
    app.add_option("--scenario", options.run.scenario, "for them");
    app.add_option("--firmware", options.run.firmware, "for them, spoiled");
    app.add_option("--scratch", options.run.scratch, "for them, a folder to write to");
    app.add_option("--run-each", options.run_each, "every so many guests is one of them")->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    auto& tally =
        *static_cast<Tally*>(mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const auto end = Clock::now() + std::chrono::seconds(options.seconds);
    u64 wrong = 0;
    for (u64 seed = options.seed; Clock::now() < end && wrong < kMostWrong; seed = tally.seed + 1) {
        tally.wrong = false;
        const pid_t worker = fork();
        if (worker == 0) {
            work(options, end, seed, tally);
            _exit(0);
        }
        const std::string reason = watch(worker, tally);
        if (reason.empty()) break;
        ++wrong;
        fmt::print("guest {} ({}): {}\n", tally.seed, kWayNames[static_cast<unsigned>(tally.way)], reason);
        std::fflush(stdout);
    }
    print(tally);
    fmt::print("{} guests went wrong in the simulator; the last was number {}\n", wrong, tally.seed);
    return wrong == 0 ? 0 : 1;
}
