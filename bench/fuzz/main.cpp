// SPDX-License-Identifier: Apache-2.0
// bench_fuzz: random code on the host's own processor and on the modelled core, for as long as one likes. Prints each
// difference and the number of instructions by mnemonic; Unicorn's differences from the host are counted beside it.
// Exit status 0: no difference; 1: differences; 2: this host cannot do it, or wrong arguments.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "tests/cpu/host/comparison.h"

namespace {

using turnpike::host::HostProcess;
using turnpike::host::Plan;
using turnpike::host::Report;

constexpr std::uint64_t kBetweenLines = 1'000'000;

void print_counts(const char* title, const std::map<std::string, std::uint64_t>& counts) {
    fmt::print("{}", title);
    unsigned column = 0;
    for (const auto& [name, count] : counts) fmt::print("{}{:>12} {:<9}", column++ % 6 == 0 ? "\n" : "", name, count);
    fmt::print("\n");
}

void print(const Report& report) {
    for (const auto& difference : report.differences) fmt::print("{}\n{}\n", difference.mnemonic, difference.text);
    print_counts("instructions compared, by mnemonic:", report.by_mnemonic);
    if (report.unicorn_instructions != 0) {
        print_counts("samples in which Unicorn differs from the host, by the mnemonic at fault:",
                     report.unicorn_differences);
        fmt::print("Unicorn: {} instructions compared\n", report.unicorn_instructions);
    }
    fmt::print("{} instructions in {} samples, {} of them ended by an exception; {} differences\n", report.instructions,
               report.samples, report.exceptions, report.differences.size());
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Random code on this host's processor and on the modelled core"};
    Plan plan;
    plan.instructions = 10'000'000;
    app.add_option("--instructions", plan.instructions, "how many to compare")->capture_default_str();
    app.add_option("--seed", plan.seed, "of the generator")->capture_default_str();
    app.add_option("--longest", plan.longest, "instructions of the longest sample")
        ->check(CLI::Range(1, 40))
        ->capture_default_str();
    app.add_option("--unicorn-each", plan.unicorn_each, "run every so many samples on Unicorn, too; 0: none")
        ->capture_default_str();
    app.add_option("--differences", plan.most_differences, "stop after so many")->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (const std::string reason = HostProcess::unavailable(); !reason.empty()) {
        fmt::print(stderr, "bench_fuzz: this host cannot run samples: {}\n", reason);
        return 2;
    }
    std::uint64_t next_line = kBetweenLines;
    const Report report = turnpike::host::compare(plan, [&](const Report& now) {
        if (now.instructions < next_line) return;
        next_line += kBetweenLines;
        fmt::print(stderr, "\r{} million instructions, {} differences ", now.instructions / 1'000'000,
                   now.differences.size());
    });
    fmt::print(stderr, "\n");
    print(report);
    return report.differences.empty() ? 0 : 1;
}
