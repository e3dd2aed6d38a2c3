// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/counters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

using nlohmann::json;
using Values = std::map<std::string, std::uint64_t>;

constexpr std::array kGroups{"Ip", "Icmp", "Udp", "Tcp"};  // prefixes: IpExt and IcmpMsg are among them
constexpr std::array kOtherGroups{"UdpLite", "TcpExt", "Ip6", "Icmp6"};
/// A MAC pads what arrives to 60 bytes and Linux counts them before it cuts them off; a veth does not pad.
constexpr std::string_view kOctets = "Octets";
/// Settings and states, not counts.
constexpr std::array kNotCompared{"IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin",
                                  "TcpRtoMax",    "TcpMaxConn",   "TcpCurrEstab"};
constexpr std::array kPortCounters{"rx_packets", "tx_packets"};

template <std::size_t N>
bool begins_with_any(const std::string& name, const std::array<const char*, N>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](const char* each) { return name.starts_with(each); });
}

bool is_compared(const std::string& name) {
    return begins_with_any(name, kGroups) && !begins_with_any(name, kOtherGroups) && !name.ends_with(kOctets) &&
           std::find(kNotCompared.begin(), kNotCompared.end(), name) == kNotCompared.end();
}

std::uint64_t value_of(const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? 0 : found->second;
}

json read_json(const std::filesystem::path& file) {
    std::ifstream in(file);
    json document = json::parse(in, nullptr, false);
    if (document.is_object()) return document;
    throw EnvironmentError(fmt::format("{}: found no JSON object, expected the counters of a run", file.string()));
}

Values values_of(const json& object) {
    Values values;
    for (const auto& [name, value] : object.items()) {
        if (value.is_number_unsigned()) values[name] = value.get<std::uint64_t>();
    }
    return values;
}

void add_differences(std::vector<std::string>& found, const Values& ours, const Values& theirs, const std::string& name,
                     std::string_view shown, std::string_view reference) {
    const std::uint64_t mine = value_of(ours, name);
    const std::uint64_t other = value_of(theirs, name);
    if (mine != other) found.push_back(fmt::format("{}: turnpike {}, {} {}", shown, mine, reference, other));
}

}  // namespace

Counters read_turnpike_counters(const std::filesystem::path& stats_json) {
    const json document = read_json(stats_json);
    const json none = json::object();
    const json& firmware = document.contains("firmware") ? document["firmware"] : none;
    if (!firmware.is_object() || !firmware.contains("nstat") || !firmware.contains("ip -s link")) {
        throw EnvironmentError(fmt::format("{}: found no counters of the firmware, expected 'nstat' and 'ip -s link'",
                                           stats_json.string()));
    }
    Counters counters{values_of(firmware["nstat"]), {}};
    for (const auto& [port, values] : firmware["ip -s link"].items()) {
        if (port != "lo") counters.ports[port] = values_of(values);
    }
    return counters;
}

Counters read_recorded_counters(const std::filesystem::path& counters_json) {
    const json document = read_json(counters_json);
    if (!document.contains("mib") || !document.contains("ports")) {
        throw EnvironmentError(fmt::format("{}: found other keys, expected 'mib' and 'ports'", counters_json.string()));
    }
    Counters counters{values_of(document["mib"]), {}};
    for (const auto& [port, values] : document["ports"].items()) counters.ports[port] = values_of(values);
    return counters;
}

void write_recorded_counters(const Counters& counters, const std::filesystem::path& counters_json) {
    json document{{"mib", json::object()}, {"ports", json::object()}};
    for (const auto& [name, value] : counters.nstat) {
        if (value != 0 && is_compared(name)) document["mib"][name] = value;
    }
    for (const auto& [port, values] : counters.ports) {
        for (const char* name : kPortCounters) document["ports"][port][name] = value_of(values, name);
    }
    std::ofstream out(counters_json);
    out << document.dump(1) << '\n';
    if (!out) throw EnvironmentError("cannot write " + counters_json.string());
}

Counters counted_between(const Counters& before, const Counters& after) {
    const auto subtract = [](Values& from, const Values& values) {
        for (auto& [name, value] : from) value -= value_of(values, name);
    };
    Counters counted = after;
    subtract(counted.nstat, before.nstat);
    for (auto& [port, values] : counted.ports) {
        const auto found = before.ports.find(port);
        if (found != before.ports.end()) subtract(values, found->second);
    }
    return counted;
}

Counters with_groups(Counters counters, const std::vector<std::vector<std::string>>& groups) {
    for (const auto& group : groups) {
        for (std::size_t i = 1; i < group.size(); ++i) {
            for (const auto& [name, value] : counters.ports[group[i]]) counters.ports[group[0]][name] += value;
            counters.ports.erase(group[i]);
        }
    }
    return counters;
}

std::vector<std::string> counter_differences(const Counters& ours, const Counters& theirs, std::string_view reference) {
    std::set<std::string> names;
    for (const auto& [name, value] : ours.nstat) names.insert(name);
    for (const auto& [name, value] : theirs.nstat) names.insert(name);
    std::vector<std::string> found;
    for (const std::string& name : names) {
        if (is_compared(name)) add_differences(found, ours.nstat, theirs.nstat, name, name, reference);
    }
    for (const auto& [port, values] : theirs.ports) {
        const auto mine = ours.ports.find(port);
        if (mine == ours.ports.end()) continue;
        for (const char* name : kPortCounters) {
            add_differences(found, mine->second, values, name, fmt::format("{} {}", port, name), reference);
        }
    }
    return found;
}

}  // namespace turnpike::diff
