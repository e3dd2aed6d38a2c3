// SPDX-License-Identifier: Apache-2.0
// A scenario: machine, ports, run and router commands, checked. docs/scenario.md describes the files.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/address.h"
#include "config/compare.h"
#include "config/error.h"
#include "config/router_script.h"
#include "regs/params.h"

namespace turnpike::config {

struct PortConfig {
    std::string name;
    Mac mac{};
    std::uint32_t mtu = 1500;
    std::optional<std::filesystem::path> rx;  ///< found and a file; none: receives nothing
    std::filesystem::path tx;                 ///< as written, relative to the scenario folder: see output_path
    std::uint32_t irq_cpu = 0;                ///< the core that takes the port's interrupts
    std::uint64_t rate_mbps = 0;              ///< 0: the machine's link.rate_mbps
    double phy_ns = 0;
    double fec_ns = 0;
};

/// Frames of flows that are made: flow k has the k-th address of either prefix and the k-th port from `source_port` on.
struct GeneratorConfig {
    std::size_t port = 0;
    Mac destination_mac{};  ///< the port's own unless given
    std::uint64_t frames = 1;
    std::uint64_t flows = 1;
    std::uint64_t bytes = 64;  ///< of a frame, its FCS included
    bool tcp = false;          ///< else UDP
    Prefix source, destination;
    std::uint16_t source_port = 1024;
    std::uint16_t destination_port = 9;
    double start_us = 0;
    double interval_ns = 0;  ///< from frame to frame; 0: as fast as the wire carries them
};

enum class Pace { real, fixed, line_rate };

struct RunConfig {
    Pace pace = Pace::real;
    double spacing_us = 500;  ///< with Pace::fixed; 0: back to back
    double drain_s = 0.1;
    std::uint64_t seed = regs::config::DEFAULT_SEED;
    double max_late_ms = 0;  ///< for the comparison with Linux; 0: none given
};

struct Scenario {
    std::filesystem::path directory;
    std::string name;
    std::string about;
    std::vector<std::string> tags;
    std::string era = "all";
    std::string era_note;
    std::string machine_name;
    regs::MachineParams machine;
    regs::CpuProfile cpu_profile;
    std::vector<PortConfig> ports;
    std::vector<GeneratorConfig> generators;
    RunConfig run;
    RouterScript router;
    std::vector<Command> local;  ///< programs of the router itself, which start when it is configured
    std::optional<std::filesystem::path> firmware_elf;
    bool conntrack = false;
    CompareConfig compare;
};

/// Whether router.sh is for Turnpike. A run of Linux alone takes the file as it is.
enum class Script { parsed, left };

/// Reads `directory`/scenario.toml and router.sh. Each override is "dotted.key=value": machine parameters,
/// `port.eth0.rate` (or `port.0.rate`), `run.drain_s`, … Throws Error.
Scenario load_scenario(const std::filesystem::path& directory, const std::vector<std::string>& overrides,
                       const std::filesystem::path& machines_dir, Script script = Script::parsed);

/// Where a port's frames are written: `out` takes the place of the scenario's out/ folder.
std::filesystem::path output_path(const Scenario& scenario, const PortConfig& port,
                                  const std::optional<std::filesystem::path>& out);

}  // namespace turnpike::config
