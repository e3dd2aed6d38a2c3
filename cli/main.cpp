// SPDX-License-Identifier: Apache-2.0
// The `turnpike` program. Exit status: 0 done; 1 the run or the comparison failed; 2 the user's mistake.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <systemc>

#include "cli/blocks/blocks_command.h"
#include "cli/diff/diff_command.h"
#include "cli/exec/exec_command.h"
#include "cli/import/import_command.h"
#include "cli/lpm/lpm_command.h"
#include "cli/run/run_command.h"
#include "cli/version.h"
#include "config/error.h"
#include "models/debug/server.h"
#include "models/link/capture.h"
#include "models/soc/elf_image.h"

namespace turnpike {
namespace {

namespace fs = std::filesystem;

constexpr int kUserError = 2;

fs::path own_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

void add_run(CLI::App& app, RunOptions& options, int& status) {
    CLI::App* run = app.add_subcommand("run", "Run a scenario; writes its out/ folder and a table");
    run->add_option("DIR", options.scenario, "scenario folder")->required();
    run->add_option("--set", options.set, "key=value, over scenario.toml and the machine file")
        ->allow_extra_args(false);
    run->add_option("--out", options.out, "folder to write, in place of DIR/out");
    run->add_option("--firmware", options.firmware, "firmware ELF, in place of the shipped one");
    run->add_flag("--quiet", options.quiet, "no table and no progress line");
    add_wave_options(*run, options.wave);
    run->add_option("--gdb", options.gdb_port, "wait for gdb on this port of 127.0.0.1 (0: any) and serve it");
    run->callback([&] { status = run_scenario(options); });
}

int parse_and_run(int argc, char** argv) {
    CLI::App app{"Turnpike: a cycle-approximate model of a NIC-plus-router SoC"};
    app.set_version_flag("--version", kVersion);
    app.require_subcommand(1);
    int status = 0;
    RunOptions run;
    run.machines = TURNPIKE_MACHINES_DIR;
    run.shipped_firmware = own_folder() / "firmware.elf";
    add_run(app, run, status);
    add_exec_command(app, run.machines, status);
    add_blocks_command(app, run.machines, status);
    add_import_command(app, status);
    add_lpm_command(app, status);
    add_diff_command(app, run.machines, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUserError;
    }
    return status;
}

}  // namespace
}  // namespace turnpike

int sc_main(int argc, char** argv) {
    try {
        return turnpike::parse_and_run(argc, argv);
    } catch (const turnpike::config::Error& error) {
        fmt::print(stderr, "turnpike: {}\n", error.what());
        return turnpike::kUserError;
    } catch (const turnpike::CaptureError& error) {
        fmt::print(stderr, "turnpike: {}\n", error.what());
        return turnpike::kUserError;
    } catch (const turnpike::gdb::ServerError& error) {
        fmt::print(stderr, "turnpike: {}\n", error.what());
        return turnpike::kUserError;
    } catch (const turnpike::ElfError& error) {
        fmt::print(stderr, "turnpike: {}\n", error.what());
        return turnpike::kUserError;
    } catch (const std::exception& error) {
        fmt::print(stderr, "turnpike: {}\n", error.what());
        return 1;
    }
}

int main(int argc, char** argv) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
    return sc_core::sc_elab_and_sim(argc, argv);
}
