// SPDX-License-Identifier: Apache-2.0
#include "config/port.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "regs/address_map.h"

namespace turnpike::config {
namespace {

// The least that IPv4 works with (RFC 791, 3.2), and the greatest that a jumbo frame's path is tested with.
constexpr std::uint64_t kLeastMtu = 68, kMostMtu = 9000;
constexpr std::size_t kMostNameBytes = 15;  // IFNAMSIZ less its end
constexpr double kMostDelayNs = 1e9;
constexpr double kMostRateMbps = 1e6;

bool is_interface_name(const std::string& name) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c != '/' && c != 0x7F; });
    return plain && !name.empty() && name.size() <= kMostNameBytes && name != "." && name != ".." && name != "lo" &&
           name != "all" && name != "default";
}

void read_name(TomlTable& table, PortConfig& port, const std::vector<PortConfig>& earlier) {
    const auto value = table.value("name");
    if (value) {
        port.name = value->as_text();
        if (!is_interface_name(port.name)) value->fail("an interface name of at most 15 characters, as \"eth0\"");
    }
    for (const PortConfig& other : earlier) {
        if (other.name != port.name) continue;
        const std::string message =
            found_expected(fmt::format("a second port {}", in_quotes(port.name)), "another name");
        if (value) value->fail_with(message);
        table.fail(message);
    }
}

void read_mac(TomlTable& table, PortConfig& port) {
    const auto value = table.value("mac");
    if (!value) return;
    const auto mac = value->is_text() ? parse_mac(value->as_text()) : std::nullopt;
    const bool group = mac && ((*mac)[0] & 1) != 0;
    if (!mac || group || *mac == Mac{}) value->fail("a unicast MAC address, as \"02:00:00:00:00:01\"");
    port.mac = *mac;
}

void read_rx(TomlTable& table, PortConfig& port, const std::filesystem::path& directory) {
    const auto value = table.value("rx");
    if (!value) return;
    port.rx = directory / value->as_text();
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(*port.rx, ignored)) value->fail("a capture file that is there");
}

void read_tx(TomlTable& table, PortConfig& port, const std::vector<PortConfig>& earlier) {
    const auto value = table.value("tx");
    port.tx = "out/" + port.name + ".pcap";
    if (value) {
        port.tx = value->as_text();
        const bool up = std::any_of(port.tx.begin(), port.tx.end(), [](const auto& part) { return part == ".."; });
        if (port.tx.empty() || port.tx.is_absolute() || up || !port.tx.has_filename()) {
            value->fail("a file inside the scenario folder, as \"out/eth0.pcap\"");
        }
    }
    for (const PortConfig& other : earlier) {
        if (other.tx.lexically_normal() != port.tx.lexically_normal()) continue;
        const std::string message = found_expected(
            fmt::format("{}, which is {}'s too", in_quotes(port.tx.string()), other.name), "another file");
        if (value) value->fail_with(message);
        table.fail(message);
    }
}

/// "10Gbps", "2.5Gbps", "100Mbps"; whole Mbit/s.
std::optional<std::uint64_t> parse_rate(const std::string& text) {
    std::size_t end = 0;
    double number = 0;
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    try {
        number = std::stod(text, &end);
    } catch (const std::out_of_range&) {
        return std::nullopt;
    }
    const std::string unit = text.substr(end);
    const bool giga = unit == "Gbps" || unit == "Gbit" || unit == "Gbit/s";
    if (!giga && unit != "Mbps" && unit != "Mbit" && unit != "Mbit/s") return std::nullopt;
    const double mbps = giga ? number * 1000 : number;
    if (mbps < 1 || mbps > kMostRateMbps || mbps != std::floor(mbps)) return std::nullopt;
    return static_cast<std::uint64_t>(mbps);
}

void read_rate(TomlTable& table, PortConfig& port) {
    const auto value = table.value("rate");
    if (!value) return;
    const auto rate = value->is_text() ? parse_rate(value->as_text()) : std::nullopt;
    if (!rate) value->fail("a rate from \"1Mbps\" to \"1000Gbps\", as \"10Gbps\" or \"2.5Gbps\"");
    port.rate_mbps = *rate;
}

/// Ports take turns over the first nic.irq_cores cores unless they say otherwise.
void read_irq_cpu(TomlTable& table, PortConfig& port, std::size_t number, const regs::MachineParams& machine) {
    std::uint64_t cpu = number % machine.nic.irq_cores;
    table.read("irq_cpu", cpu, 0, machine.cpu.cores - 1);
    port.irq_cpu = static_cast<std::uint32_t>(cpu);
}

PortConfig read_port(TomlTable& table, const std::filesystem::path& directory, const std::vector<PortConfig>& earlier,
                     const regs::MachineParams& machine) {
    const auto number = static_cast<std::uint8_t>(earlier.size());
    PortConfig port;
    port.name = fmt::format("eth{}", number);
    port.mac = {0x02, 0, 0, 0, number, 1};
    read_name(table, port, earlier);
    read_mac(table, port);
    std::uint64_t mtu = port.mtu;
    table.read("mtu", mtu, kLeastMtu, kMostMtu);
    port.mtu = static_cast<std::uint32_t>(mtu);
    read_rx(table, port, directory);
    read_tx(table, port, earlier);
    read_rate(table, port);
    read_irq_cpu(table, port, number, machine);
    table.read("phy_ns", port.phy_ns, 0, kMostDelayNs);
    table.read("fec_ns", port.fec_ns, 0, kMostDelayNs);
    table.finish();
    return port;
}

}  // namespace

std::vector<PortConfig> read_ports(TomlTable& root, const std::filesystem::path& directory,
                                   const regs::MachineParams& machine) {
    auto tables = root.tables("port");
    if (tables.empty()) root.fail(found_expected("no port", "at least one [[port]]"));
    std::vector<PortConfig> ports;
    for (TomlTable& table : tables) {
        if (ports.size() == regs::map::MAX_PORTS) {
            table.fail(found_expected("one [[port]] more", fmt::format("at most {}", regs::map::MAX_PORTS)));
        }
        ports.push_back(read_port(table, directory, ports, machine));
    }
    return ports;
}

}  // namespace turnpike::config
