// SPDX-License-Identifier: Apache-2.0
// The error table of the core profiles: predicted against measured blocks and microbenchmarks. `accuracy [FOLDER]`: the
// folder with the measurements; `accuracy FOLDER LIST` also writes every block with both figures.
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
    const char* file;
    const char* cpu;
    const char* target;
};

constexpr Set kSets[] = {
    {"zen5_train.csv", "zen5", "MAPE <= 5 %, tau >= 0.93, within 10 % >= 84 %"},
    {"zen5_micro.csv", "zen5", "one instruction form each"},
    {"bhive_skl_train.csv", "skylake", "MAPE <= 15 %, tau >= 0.82"},
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

void report(const Set& set, const fs::path& folder, std::ofstream& list) {
    std::ifstream in(folder / set.file);
    if (!in) {
        fmt::print("{:<22} {:<8} not in {}\n", set.file, set.cpu, folder.string());
        return;
    }
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
        const auto bytes = blocks::bytes_of_hex(hex);
        const auto cycles = bytes ? runner.cycles_per_iteration(*bytes) : std::nullopt;
        if (cycles) {
            pairs.push_back({std::strtod(columns[layout.cycles].c_str(), nullptr), *cycles});
            list << fmt::format("{},{},{},{},{:.4f}\n", set.file, set.cpu, hex, pairs.back().measured, *cycles);
        } else {
            ++failed;
        }
    }
    const blocks::Accuracy result = blocks::accuracy_of(pairs);
    fmt::print("{:<22} {:<8} {:>6} {:>6} {:>8.2f} {:>8.3f} {:>8.1f}   {}\n", set.file, set.cpu, result.count, failed,
               result.mape * 100, result.kendall_tau, result.within_tenth * 100, set.target);
}

}  // namespace

int main(int argc, char** argv) try {
    const char* data = std::getenv("TURNPIKE_DATA_DIR");
    std::ofstream list;
    if (argc > 2) list.open(argv[2]);
    const fs::path folder = argc > 1 ? fs::path(argv[1]) : fs::path(data != nullptr ? data : TURNPIKE_DATA_DIR) / "x86";
    fmt::print("{:<22} {:<8} {:>6} {:>6} {:>8} {:>8} {:>8}   target\n", "blocks", "core", "run", "failed", "MAPE %",
               "tau", "in 10 %");
    for (const Set& set : kSets) report(set, folder, list);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "accuracy: {}\n", error.what());
    return 2;
}
