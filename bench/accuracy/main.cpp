// SPDX-License-Identifier: Apache-2.0
// The error table of the core profiles: predicted against measured blocks. `accuracy [FOLDER]`: the folder with the
// measurements; `accuracy FOLDER LIST` also writes every block with both figures.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

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
    {"bhive_skl_train.csv", "skylake", "MAPE <= 15 %, tau >= 0.82"},
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
    std::getline(in, line);  // the header
    while (std::getline(in, line)) {
        const std::size_t comma = line.find(',');
        if (comma == std::string::npos) continue;
        const auto bytes = blocks::bytes_of_hex(line.substr(0, comma));
        const auto cycles = bytes ? runner.cycles_per_iteration(*bytes) : std::nullopt;
        if (cycles) {
            pairs.push_back({std::strtod(line.c_str() + comma + 1, nullptr), *cycles});
            list << fmt::format("{},{},{},{:.4f}\n", set.cpu, line.substr(0, comma), pairs.back().measured, *cycles);
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
