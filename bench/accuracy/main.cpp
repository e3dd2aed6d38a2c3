// SPDX-License-Identifier: Apache-2.0
// The error table of the core profiles: predicted against measured blocks and microbenchmarks.
//   bench_accuracy [FOLDER [LIST]]       the measurements in FOLDER, each beside its own profile
//   bench_accuracy FILE PROFILE [LIST]   one table, as bench_silicon writes it, beside the profile named
// LIST takes every block with both figures.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/blocks/accuracy.h"
#include "cli/blocks/block_runner.h"
#include "config/machine.h"

namespace {

namespace fs = std::filesystem;
using namespace turnpike;

struct Set {
    std::string file;
    std::string cpu;
    std::string measured_on;
    std::string target;
};

const Set kSets[] = {
    {"zen5_train.csv", "zen5", "AMD EPYC (Zen 5)", "MAPE <= 5 %, tau >= 0.93, within 10 % >= 84 %"},
    {"zen5_micro.csv", "zen5", "AMD EPYC (Zen 5)", "one instruction form each"},
    {"bhive_skl_train.csv", "skylake", "Skylake (BHive)", "MAPE <= 15 %, tau >= 0.82"},
};

std::vector<std::string> columns_of(const std::string& line) {
    std::vector<std::string> columns;
    std::stringstream in(line);
    for (std::string column; std::getline(in, column, ',');) columns.push_back(column);
    return columns;
}

/// Where a file keeps a block's bytes and its measured cycles.
struct Layout {
    explicit Layout(const std::vector<std::string>& header) {
        for (std::size_t n = 0; n < header.size(); ++n) {
            if (header[n] == "hex") hex = n;
            if (header[n] == "cycles_per_iteration" || header[n] == "cycles_per_block") cycles = n;
        }
    }
    bool fits(const std::vector<std::string>& columns) const { return std::max(hex, cycles) < columns.size(); }
    std::size_t hex = 0, cycles = 1;
};

/// The table's line for `set`.
std::string report(const Set& set, const fs::path& folder, std::ofstream& list) {
    std::ifstream in(folder / set.file);
    if (!in) return fmt::format("{:<22} {:<8} not in {}\n", set.file, set.cpu, folder.string());
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, set.cpu, profile);
    blocks::BlockRunner runner(profile);
    std::vector<blocks::Pair> pairs;
    unsigned failed = 0;
    std::string line;
    std::getline(in, line);
    const Layout layout(columns_of(line));
    while (std::getline(in, line)) {
        const auto columns = columns_of(line);
        if (!layout.fits(columns)) continue;
        const std::string& hex = columns[layout.hex];
        const double measured = std::strtod(columns[layout.cycles].c_str(), nullptr);
        if (measured <= 0) continue;  // a block that could not be measured
        const auto bytes = blocks::bytes_of_hex(hex);
        const auto cycles = bytes ? runner.cycles_per_iteration(*bytes) : std::nullopt;
        if (cycles) {
            pairs.push_back({measured, *cycles});
            list << fmt::format("{},{},{},{},{:.4f}\n", set.file, set.cpu, hex, pairs.back().measured, *cycles);
        } else {
            ++failed;
        }
    }
    const blocks::Accuracy result = blocks::accuracy_of(pairs);
    return fmt::format("{:<22} {:<8} {:>6} {:>6} {:>8.2f} {:>8.3f} {:>8.1f}   {:<17} {}\n", set.file, set.cpu,
                       result.count, failed, result.mape * 100, result.kendall_tau, result.within_tenth * 100,
                       set.measured_on, set.target);
}

void print_header() {
    fmt::print("{:<22} {:<8} {:>6} {:>6} {:>8} {:>8} {:>8}   {:<17} target\n", "blocks", "core", "run", "failed",
               "MAPE %", "tau", "in 10 %", "measured on");
}

void report_folder(const fs::path& folder, std::ofstream& list) {
    print_header();
    for (const Set& set : kSets) fmt::print("{}", report(set, folder, list));
}

int report_file(const std::vector<std::string>& arguments) {
    if (!fs::is_regular_file(arguments[0])) {
        throw config::Error(arguments[0], 0, 0, config::found_expected("no such file", "a table or a folder of them"));
    }
    if (arguments.size() < 2) {
        throw config::Error(arguments[0], 0, 0,
                            config::found_expected("a table and no profile", "FILE PROFILE, a profile's name"));
    }
    std::ofstream list;
    if (arguments.size() > 2) list.open(arguments[2]);
    const fs::path file = arguments[0];
    const std::string line =
        report({file.filename().string(), arguments[1], "see the file", "of your own"}, file.parent_path(), list);
    print_header();
    fmt::print("{}", line);
    return 0;
}

int run(const std::vector<std::string>& arguments) {
    if (!arguments.empty() && !fs::is_directory(arguments[0])) return report_file(arguments);
    const char* data = std::getenv("TURNPIKE_DATA_DIR");
    std::ofstream list;
    if (arguments.size() > 1) list.open(arguments[1]);
    report_folder(
        arguments.empty() ? fs::path(data != nullptr ? data : TURNPIKE_DATA_DIR) / "x86" : fs::path(arguments[0]),
        list);
    return 0;
}

}  // namespace

int main(int argc, char** argv) try { return run({argv + 1, argv + argc}); } catch (const std::exception& error) {
    fmt::print(stderr, "accuracy: {}\n", error.what());
    return 2;
}
