// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace turnpike::diff {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const std::vector<std::string>* group_of(const Facts& facts, const std::string& port) {
    for (const auto& group : facts.rules.port_groups) {
        if (contains(group, port)) return &group;
    }
    return nullptr;
}

bool is_compared(const Facts& facts, const std::string& port) {
    return facts.rules.ports.empty() || contains(facts.rules.ports, port);
}

/// A share below 1 is of the group's frames; 1 and more is a number of frames.
std::size_t least_frames(double share, std::size_t total) {
    return static_cast<std::size_t>(share < 1 ? share * static_cast<double>(total) : share);
}

std::optional<std::string> split_pair(const Unit& unit, const Side& side, const Facts& facts) {
    std::map<std::string, std::size_t> port_of;
    for (const std::size_t port : unit.ports) {
        for (const Entry& entry : side[port]) {
            if (!ipv4_view(entry.bytes)) continue;
            const std::string pair = address_pair(entry.bytes);
            const std::size_t before = port_of.emplace(pair, port).first->second;
            if (before == port) continue;
            return fmt::format("{} leaves by {} and by {}", pair, facts.ports[before].name, facts.ports[port].name);
        }
    }
    return std::nullopt;
}

std::optional<std::string> small_share(const Unit& unit, const Side& side, const Facts& facts) {
    std::size_t total = 0;
    for (const std::size_t port : unit.ports) total += side[port].size();
    const std::size_t least = least_frames(facts.rules.share_min, total);
    for (const std::size_t port : unit.ports) {
        if (side[port].size() >= least) continue;
        return fmt::format("{} sends {} of {} frames, expected at least {}", facts.ports[port].name, side[port].size(),
                           total, least);
    }
    return std::nullopt;
}

}  // namespace

void forgive_port_of_group(Side& side, const Facts& facts) {
    for (std::size_t port = 0; port < side.size(); ++port) {
        if (!group_of(facts, facts.ports[port].name)) continue;
        const auto& mac = facts.ports[port].mac;
        for (Entry& entry : side[port]) {
            FrameBytes& frame = entry.bytes;
            if (!ipv4_view(frame) || !std::equal(mac.begin(), mac.end(), frame.begin() + 6)) continue;
            std::fill_n(frame.begin(), 12, std::uint8_t{0});
        }
    }
}

std::vector<Unit> units_of(const Facts& facts) {
    std::vector<Unit> units;
    std::map<const std::vector<std::string>*, std::size_t> unit_of;
    for (std::size_t port = 0; port < facts.ports.size(); ++port) {
        const std::string& name = facts.ports[port].name;
        if (!is_compared(facts, name)) continue;
        const auto* group = group_of(facts, name);
        if (group != nullptr && unit_of.contains(group)) {
            Unit& unit = units[unit_of[group]];
            unit.name += "+" + name;
            unit.ports.push_back(port);
            continue;
        }
        if (group != nullptr) unit_of[group] = units.size();
        units.push_back({name, {port}});
    }
    return units;
}

std::optional<std::string> group_fault(const Unit& unit, const Side& side, const Facts& facts) {
    if (unit.ports.size() < 2) return std::nullopt;
    const auto split = split_pair(unit, side, facts);
    return split ? split : small_share(unit, side, facts);
}

}  // namespace turnpike::diff
