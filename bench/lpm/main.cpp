// SPDX-License-Identifier: Apache-2.0
// The LPM engine with whole tables: the routing table of 2014, one made up with 1,200,000 prefixes, and /32s until it
// is full. Exit status 1 when an answer is wrong or an aim is missed.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <systemc>

#include "bench/common/host.h"
#include "bench/lpm/trial.h"
#include "config/error.h"
#include "tests/lpm/internet_table.h"

namespace turnpike::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSyntheticPrefixes = 1'200'000;
constexpr const char* kShippedTable = "ipasn_20140513.dat.gz";

struct Options {
    TrialOptions trial;
    std::vector<std::string> tables = {"shipped", "synthetic", "random32"};
    fs::path data;
    std::size_t synthetic = kSyntheticPrefixes;
};

/// False: the table is not there.
bool load(const std::string& name, const Options& options, std::vector<lpm::Change>* table) {
    if (name == "synthetic") {
        *table = lpm_test::internet_table(options.synthetic, options.trial.seed);
        return true;
    }
    if (name == "random32") {
        *table = hosts_until_full(options.trial.seed);
        return true;
    }
    const fs::path file = options.data / kShippedTable;
    if (options.data.empty() || !fs::exists(file)) {
        fmt::print("shipped: skipped, --data DIR with {} was not given\n", kShippedTable);
        return false;
    }
    lpm::NextHops hops;
    *table = lpm::read_table(file.string(), hops);
    return true;
}

bool try_table(const std::string& name, const Options& options) {
    std::vector<lpm::Change> table;
    if (!load(name, options, &table)) return true;
    Trial trial(name, std::move(table), options.trial);
    trial.measure_memory(name != "random32");
    if (options.trial.lookups != 0) trial.look_up();
    if (options.trial.updates != 0 && name != "random32") trial.update();
    return trial.held();
}

int run(int argc, char** argv) {
    CLI::App app{"The LPM engine with whole tables"};
    Options options;
    app.add_option("--tables", options.tables, "shipped, synthetic, random32")
        ->delimiter(',')
        ->check(CLI::IsMember({"shipped", "synthetic", "random32"}));
    app.add_option("--data", options.data, fmt::format("folder with {}", kShippedTable));
    app.add_option("--mode", options.trial.mode, "tlm, rtl or lockstep")
        ->check(CLI::IsMember({"tlm", "rtl", "lockstep"}));
    app.add_option("--lookups", options.trial.lookups, "of each kind");
    app.add_option("--updates", options.trial.updates, "among 200 times as many lookups");
    app.add_option("--prefixes", options.synthetic, "of the synthetic table");
    app.add_option("--seed", options.trial.seed, "of everything random");
    CLI11_PARSE(app, argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    fmt::print("LPM engine, {}, seed {}, {}\n", options.trial.mode, options.trial.seed, machine_name());
    bool held = true;
    for (const std::string& name : options.tables) held = try_table(name, options) && held;
    return held ? 0 : 1;
}

}  // namespace
}  // namespace turnpike::bench

int sc_main(int argc, char** argv) {
    try {
        return turnpike::bench::run(argc, argv);
    } catch (const turnpike::config::Error& error) {
        fmt::print(stderr, "bench_lpm: {}\n", error.what());
        return 2;
    }
}
