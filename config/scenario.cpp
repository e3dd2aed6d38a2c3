// SPDX-License-Identifier: Apache-2.0
#include "config/scenario.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "config/generator.h"
#include "config/local_task.h"
#include "config/machine.h"
#include "config/port.h"
#include "config/profile_check.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kDefaultMachine = "xeon-10g";
constexpr double kMostSpacingUs = 1e9, kMostDrainS = 1e6, kMostLateMs = 1e6;
constexpr std::uint64_t kMostSeed = ~0ULL >> 1;  // TOML's integers are signed

void read_description(TomlTable& root, Scenario& scenario) {
    root.read("name", scenario.name);
    root.read("about", scenario.about);
    scenario.tags = read_texts(root, "tags");
    root.read_choice("era", scenario.era, "all|modern");
    root.read("era_note", scenario.era_note);
}

/// Defaults, then the machine file, then the scenario's own keys; the core's profile likewise.
void read_machine(TomlTable& root, Scenario& scenario, const std::filesystem::path& machines_dir) {
    scenario.machine_name = kDefaultMachine;
    check_named(root.value("machine"), machines_dir);
    root.read("machine", scenario.machine_name);
    load_machine(machines_dir, scenario.machine_name, scenario.machine);
    read_core(root, machines_dir, scenario.machine, scenario.cpu_profile);
}

void check_irq_cores(const regs::MachineParams& machine, const std::filesystem::path& file) {
    if (machine.nic.irq_cores <= machine.cpu.cores) return;
    throw Error(file.string(), 0, 0,
                found_expected(fmt::format("nic.irq_cores {}", machine.nic.irq_cores),
                               fmt::format("at most cpu.cores, which is {}", machine.cpu.cores)));
}

/// Queues beyond the first need a vector of MSI-X and a core each.
void check_queues(const regs::MachineParams& machine, const std::filesystem::path& file) {
    const bool msix = machine.nic.interrupts == "msix" || (machine.nic.interrupts == "auto" && machine.cpu.cores > 1);
    const std::uint64_t most = msix ? machine.cpu.cores : 1;
    if (machine.nic.queues <= most) return;
    throw Error(
        file.string(), 0, 0,
        found_expected(fmt::format("nic.queues {}", machine.nic.queues),
                       msix ? fmt::format("at most cpu.cores, which is {}", most)
                            : fmt::format("at most 1 with nic.interrupts {} and {} core{}", machine.nic.interrupts,
                                          machine.cpu.cores, machine.cpu.cores == 1 ? "" : "s")));
}

RunConfig read_run(TomlTable table) {
    RunConfig run;
    std::string pace = "real";
    table.read_choice("pace", pace, "real|fixed|line-rate");
    run.pace = pace == "real" ? Pace::real : pace == "fixed" ? Pace::fixed : Pace::line_rate;
    table.read("spacing_us", run.spacing_us, 0, kMostSpacingUs);
    table.read("drain_s", run.drain_s, 0, kMostDrainS);
    table.read("seed", run.seed, 0, kMostSeed);
    table.read("max_late_ms", run.max_late_ms, 0, kMostLateMs);
    table.finish();
    return run;
}

void read_firmware(TomlTable table, Scenario& scenario) {
    if (const auto value = table.value("elf")) {
        scenario.firmware_elf = scenario.directory / value->as_text();
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(*scenario.firmware_elf, ignored))
            value->fail("an ELF file that is there");
    }
    table.finish();
}

std::vector<std::string> port_names(const std::vector<PortConfig>& ports) {
    std::vector<std::string> names;
    names.reserve(ports.size());
    for (const PortConfig& port : ports) names.push_back(port.name);
    return names;
}

/// A router without commands needs no router.sh.
RouterScript read_commands(const Scenario& scenario) {
    const std::filesystem::path file = scenario.directory / "router.sh";
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return {};
    std::ifstream in(file, std::ios::binary);
    if (!in || !std::filesystem::is_regular_file(file, ignored)) {
        throw Error(file.string(), 0, 0, found_expected("something that cannot be read", "a file of commands"));
    }
    const std::string script(std::istreambuf_iterator<char>(in), {});
    return parse_router_script(file.string(), script, port_names(scenario.ports));
}

}  // namespace

Scenario load_scenario(const std::filesystem::path& directory, const std::vector<std::string>& overrides,
                       const std::filesystem::path& machines_dir, Script script) {
    TomlDocument document = TomlDocument::read(directory / "scenario.toml", "a scenario folder with scenario.toml");
    override_with(document, overrides);
    TomlTable root = document.root();
    Scenario scenario;
    // "scenarios/x/" and "." have no last component of their own
    scenario.directory = directory;
    scenario.name = std::filesystem::absolute(directory / "x").lexically_normal().parent_path().filename().string();
    read_description(root, scenario);
    read_machine(root, scenario, machines_dir);
    check_irq_cores(scenario.machine, directory / "scenario.toml");
    check_queues(scenario.machine, directory / "scenario.toml");
    scenario.ports = read_ports(root, directory, scenario.machine);
    scenario.generators = read_generators(root, scenario.ports);
    scenario.run = read_run(root.table("run"));
    read_firmware(root.table("firmware"), scenario);
    scenario.local = read_local_tasks(root, (directory / "scenario.toml").string(), port_names(scenario.ports));
    TomlTable router = root.table("router");
    router.read("conntrack", scenario.conntrack);
    router.finish();
    scenario.compare = read_compare(root.table("compare"), port_names(scenario.ports));
    root.finish();
    TomlTable changes = root.table("profile");
    check_cpu_profile(changes, scenario.cpu_profile, (directory / "scenario.toml").string());
    if (script == Script::parsed) scenario.router = read_commands(scenario);
    return scenario;
}

std::filesystem::path output_path(const Scenario& scenario, const PortConfig& port,
                                  const std::optional<std::filesystem::path>& out) {
    if (!out) return scenario.directory / port.tx;
    const std::filesystem::path tx = port.tx.lexically_normal();
    return *out / (*tx.begin() == "out" ? tx.lexically_relative("out") : tx);
}

}  // namespace turnpike::config
