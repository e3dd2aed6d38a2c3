// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/exec_command.h"

#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/exec/gdb_target.h"
#include "cli/exec/machine.h"
#include "cli/exec/report.h"
#include "config/machine.h"
#include "models/debug/server.h"

namespace turnpike {
namespace {

struct ExecOptions {
    std::filesystem::path program;
    std::filesystem::path machines;
    std::string cpu = "simple";
    std::vector<std::string> set;
    std::uint64_t memory_mib = 128;
    std::uint64_t max_instructions = ~std::uint64_t{0};
    bool functional = false;
    bool json = false;
    bool quiet = false;
    std::optional<std::uint16_t> gdb_port;
};

/// gdb at the program, from before its first instruction to behind its last.
struct DebuggedProgram {
    DebuggedProgram(const ExecOptions& options, exec::Machine& machine)
        : target(machine, options.functional), server(*options.gdb_port) {
        fmt::print(stderr, "turnpike: waiting for gdb: gdb -ex 'target remote 127.0.0.1:{}' {}\n", server.port(),
                   options.program.string());
        server.wait_for_gdb();
        server.attach(target);
    }
    exec::GdbTarget target;
    gdb::Server server;
};

const char* end_name(exec::End end) {
    switch (end) {
        case exec::End::exited:
            return "exit";
        case exec::End::halted:
            return "halt";
        case exec::End::shut_down:
            return "shutdown";
        case exec::End::instructions:
            break;
    }
    return "max-instructions";
}

void print_json(const ExecOptions& options, const std::string& profile_name, const exec::Machine& machine,
                exec::End end, const std::string& output) {
    nlohmann::ordered_json out;
    out["program"] = options.program.filename().string();
    out["cpu"] = profile_name;
    out["mode"] = options.functional ? "functional" : "timed";
    out["end"] = end_name(end);
    out["status"] = end == exec::End::exited ? machine.exit_status() : 1;
    out.update(exec::make_json(machine.core().stats(), options.functional));
    out["output"] = output;
    // A program may print any bytes; those that are no UTF-8 are replaced.
    fmt::print("{}\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

int execute(const ExecOptions& options) {
    regs::MachineParams params;
    params.dram.size_mib = options.memory_mib;
    params.cpu.profile = options.cpu;
    regs::CpuProfile profile;
    config::load_core(options.machines, options.set, params, profile);
    const ElfImage image(options.program, params.dram.size_mib << 20);

    std::string output;
    exec::Machine machine(params, profile, image, [&](char c) {
        if (options.json) {
            output += c;
        } else {
            std::fputc(c, stdout);
        }
    });
    machine.core().set_functional(options.functional);
    std::optional<DebuggedProgram> debugger;
    if (options.gdb_port) debugger.emplace(options, machine);
    const exec::End end = machine.run(options.max_instructions);
    if (debugger && end == exec::End::shut_down) debugger->server.died(0);
    if (debugger) debugger->server.exited(end == exec::End::exited ? machine.exit_status() : 1);
    std::fflush(stdout);

    for (const std::string& note : machine.core().notes()) fmt::print(stderr, "turnpike: note: {}\n", note);
    if (options.json) {
        print_json(options, profile.name, machine, end, output);
    } else if (!options.quiet) {
        fmt::print("{}", exec::make_table(machine.core().stats(), options.functional));
    }
    if (end == exec::End::exited) return static_cast<int>(machine.exit_status());
    fmt::print(stderr, "turnpike: {}", exec::make_diagnosis(machine, end, exec::Symbols(image)));
    return 1;
}

}  // namespace

void add_exec_command(CLI::App& app, const std::filesystem::path& machines, int& status) {
    CLI::App* const command = app.add_subcommand("exec", "Run a freestanding program on the core alone");
    const auto options = std::make_shared<ExecOptions>();
    options->machines = machines;
    command->add_option("PROGRAM", options->program, "static x86-64 ELF, see docs/exec.md")->required();
    command->add_option("--cpu", options->cpu, "core profile: machines/cpu/NAME.toml");
    command->add_option("--set", options->set, "key=value, over the machine's defaults and the core profile")
        ->allow_extra_args(false);
    command->add_option("--memory", options->memory_mib, "MiB of memory")->check(CLI::Range(16, 2048));
    command->add_option("--max-instructions", options->max_instructions, "stop after so many instructions")
        ->check(CLI::PositiveNumber);
    command->add_flag("--functional", options->functional, "one cycle an instruction, no caches");
    const auto json = command->add_flag("--json", options->json, "counts and the program's output as JSON");
    command->add_flag("--quiet", options->quiet, "the program's output alone")->excludes(json);
    command->add_option("--gdb", options->gdb_port, "wait for gdb on this port of 127.0.0.1 (0: any) and serve it");
    command->callback([options, &status] { status = execute(*options); });
}

}  // namespace turnpike
