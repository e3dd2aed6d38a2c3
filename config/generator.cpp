// SPDX-License-Identifier: Apache-2.0
#include "config/generator.h"

#include <fmt/format.h>

#include <algorithm>

namespace turnpike::config {
namespace {

constexpr std::uint64_t kMostFrames = 10'000'000, kMostFlows = 65'536;
constexpr std::uint64_t kLeastBytes = 64, kMostBytes = 1518;  // IEEE 802.3 3.2.7, with the FCS
constexpr double kMostUs = 1e9, kMostIntervalNs = 1e9;

void read_prefix(TomlTable& table, std::string_view key, Prefix& into) {
    const auto value = table.value(key);
    if (!value) table.fail(found_expected(fmt::format("no '{}'", key), "the addresses of the flows"));
    const auto prefix = value->is_text() ? parse_prefix(value->as_text()) : std::nullopt;
    if (!prefix || prefix->length == 0) value->fail("an address or a prefix in quotes, as \"10.1.0.0/16\"");
    into = *prefix;
}

std::size_t read_port_name(TomlTable& table, const std::vector<PortConfig>& ports) {
    std::string names;
    for (const PortConfig& port : ports) names += fmt::format("{}{}", names.empty() ? "" : "|", port.name);
    std::string name;
    table.read_choice("port", name, names);
    const auto found = std::find_if(ports.begin(), ports.end(), [&](const PortConfig& p) { return p.name == name; });
    if (found == ports.end()) table.fail(found_expected("no 'port'", choices_text(names)));
    return static_cast<std::size_t>(found - ports.begin());
}

std::uint16_t read_port_number(TomlTable& table, std::string_view key, std::uint64_t value) {
    table.read(key, value, 1, 65'535);
    return static_cast<std::uint16_t>(value);
}

GeneratorConfig read_generator(TomlTable& table, const std::vector<PortConfig>& ports) {
    GeneratorConfig generator;
    generator.port = read_port_name(table, ports);
    generator.destination_mac = ports[generator.port].mac;
    if (const auto value = table.value("mac")) {
        const auto mac = value->is_text() ? parse_mac(value->as_text()) : std::nullopt;
        if (!mac) value->fail("a MAC address, as \"02:00:00:00:00:01\"");
        generator.destination_mac = *mac;
    }
    table.read("frames", generator.frames, 1, kMostFrames);
    table.read("flows", generator.flows, 1, kMostFlows);
    table.read("bytes", generator.bytes, kLeastBytes, kMostBytes);
    std::string protocol = "udp";
    table.read_choice("protocol", protocol, "udp|tcp");
    generator.tcp = protocol == "tcp";
    read_prefix(table, "from", generator.source);
    read_prefix(table, "to", generator.destination);
    generator.source_port = read_port_number(table, "from_port", generator.source_port);
    generator.destination_port = read_port_number(table, "to_port", generator.destination_port);
    table.read("start_us", generator.start_us, 0, kMostUs);
    table.read("interval_ns", generator.interval_ns, 0, kMostIntervalNs);
    table.finish();
    return generator;
}

}  // namespace

std::vector<GeneratorConfig> read_generators(TomlTable& root, const std::vector<PortConfig>& ports) {
    std::vector<GeneratorConfig> generators;
    for (TomlTable& table : root.tables("generator")) generators.push_back(read_generator(table, ports));
    return generators;
}

}  // namespace turnpike::config
