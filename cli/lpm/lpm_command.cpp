// SPDX-License-Identifier: Apache-2.0
#include "cli/lpm/lpm_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/lpm/lpm_run.h"
#include "cli/wave/record_again.h"
#include "cli/wave/wave_options.h"
#include "models/accel/lockstep.h"

namespace turnpike {
namespace {

struct Options {
    std::string table, addresses, updates, mode = "software";
    std::uint32_t seed = 1;
    unsigned idle = 0, stall = 0;
    WaveOptions wave;
};

void print_answers(const lpm::Job& job, const lpm::Result& result, const lpm::NextHops& hops) {
    constexpr std::size_t kFlush = 1 << 16;
    fmt::memory_buffer out;
    const auto flush = [&out] {
        std::fwrite(out.data(), 1, out.size(), stdout);
        out.clear();
    };
    for (std::size_t n = 0; n < result.hops.size(); ++n) {
        const std::uint32_t a = job.addresses[n];
        const std::uint16_t hop = result.hops[n];
        fmt::format_to(std::back_inserter(out), "{}.{}.{}.{} {}\n", a >> 24, a >> 16 & 0xFF, a >> 8 & 0xFF, a & 0xFF,
                       hop == lpm::NextHops::kMiss ? "-" : hops.name_of(hop));
        if (out.size() > kFlush) flush();
    }
    flush();
}

void print_figures(const lpm::Result& result) {
    if (result.clocks != 0) {
        fmt::print(stderr, "clocks {}\nlookups per clock {:.4f}\nlatency {} to {} clocks\n", result.clocks,
                   static_cast<double>(result.hops.size()) / static_cast<double>(result.clocks), result.least_latency,
                   result.most_latency);
    }
    const double prefixes = result.prefixes == 0 ? 1 : static_cast<double>(result.prefixes);
    fmt::print(
        stderr, "prefixes {}\nmemory bits {} used, {} provisioned\nbits per prefix {:.2f} used, {:.2f} provisioned\n",
        result.prefixes, result.bits_used, result.bits_provisioned, static_cast<double>(result.bits_used) / prefixes,
        static_cast<double>(result.bits_provisioned) / prefixes);
}

int run_lpm(const Options& options) {
    lpm::NextHops hops;
    lpm::Job job;
    job.table_file = options.table;
    job.updates_file = options.updates;
    job.table = lpm::read_table(options.table, hops);
    if (!options.updates.empty()) job.updates = lpm::read_updates(options.updates, hops);
    job.addresses = lpm::read_addresses(options.addresses);
    job.mode = options.mode;
    job.seed = options.seed;
    job.idle_percent = options.idle;
    job.stall_percent = options.stall;
    job.wave = wave_window(options.wave, {options.mode});
    try {
        const lpm::Result result = lpm::run(job);
        print_answers(job, result, hops);
        print_figures(result);
        return 0;
    } catch (const LockstepMismatch& mismatch) {
        fmt::print(stderr, "turnpike: {}\n", mismatch.what());
        record_again(mismatch.clock() * lpm::kLpmClockPs, "lockstep.fst");
        return 1;
    }
}

}  // namespace

void add_lpm_command(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("lpm", "Look addresses up in a table of prefixes");
    command->add_option("TABLE", options->table, "lines prefix/len[ nexthop], plain or .gz")->required();
    command->add_option("ADDRESSES", options->addresses, "one address a line, plain or .gz")->required();
    command->add_option("--mode", options->mode, "software, tlm, rtl or lockstep")
        ->check(CLI::IsMember({"software", "tlm", "rtl", "lockstep"}))
        ->capture_default_str();
    command->add_option("--updates", options->updates, "lines add|replace|del prefix/len [nexthop]");
    command->add_option("--seed", options->seed, "of the random clocks below")->capture_default_str();
    constexpr unsigned kMost = 99;
    command->add_option("--idle", options->idle, "per cent of clocks in which no address is offered")
        ->check(CLI::Range(0U, kMost));
    command->add_option("--stall", options->stall, "per cent of clocks in which no answer is taken")
        ->check(CLI::Range(0U, kMost));
    add_wave_options(*command, options->wave);
    command->callback([options, &status] { status = run_lpm(*options); });
}

}  // namespace turnpike
