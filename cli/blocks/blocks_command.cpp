// SPDX-License-Identifier: Apache-2.0
#include "cli/blocks/blocks_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "cli/blocks/block_runner.h"
#include "config/machine.h"

namespace turnpike {
namespace {

struct Options {
    std::string cpu = "zen5";
    std::string machines;
    std::vector<std::string> set;
    std::string file;
};

int run_blocks(const Options& options) {
    std::ifstream in(options.file);
    if (!in) throw config::Error(options.file, 0, 0, config::found_expected("no such file", "lines hex[,...]"));
    regs::MachineParams machine;
    machine.cpu.profile = options.cpu;
    regs::CpuProfile profile;
    config::load_core(options.machines, options.set, machine, profile);
    blocks::BlockRunner runner(profile);
    fmt::print("hex,cycles_per_iteration\n");
    int status = 0;
    unsigned number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        const std::string hex = line.substr(0, line.find_first_of(",\r"));
        if (hex.empty() || (number == 1 && hex == "hex")) continue;
        const auto bytes = blocks::bytes_of_hex(hex);
        if (!bytes) {
            throw config::Error(options.file, number, 1,
                                config::found_expected(config::in_quotes(hex), "a block's bytes in hexadecimal"));
        }
        const auto cycles = runner.cycles_per_iteration(*bytes);
        if (!cycles) {
            fmt::print(stderr, "{}:{}: the block does not run through\n", options.file, number);
            status = 1;
        }
        fmt::print("{},{}\n", hex, cycles ? fmt::format("{:.4f}", *cycles) : "");
    }
    return status;
}

}  // namespace

void add_blocks_command(CLI::App& app, const std::filesystem::path& machines, int& status) {
    const auto options = std::make_shared<Options>();
    options->machines = machines;
    CLI::App* command = app.add_subcommand("blocks", "Predict the cycles of basic blocks");
    command->add_option("--cpu", options->cpu, "core profile")->capture_default_str();
    command->add_option("--set", options->set, "key=value, over the core profile")->allow_extra_args(false);
    command->add_option("--machines", options->machines, "folder with machines and cpu/ profiles")
        ->capture_default_str();
    command->add_option("FILE", options->file, "lines hex[,...]; a header is skipped")->required();
    command->callback([options, &status] { status = run_blocks(*options); });
}

}  // namespace turnpike
