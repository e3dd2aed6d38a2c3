// SPDX-License-Identifier: Apache-2.0
#include "cli/import/networks.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "config/error.h"

namespace turnpike::import {
namespace {

constexpr std::uint32_t kNetworkStep = 0x100;  // a /24
constexpr config::Prefix kPools[] = {
    {0xC6120000, 15},  // 198.18.0.0
    {0xC0000200, 24},  // 192.0.2.0
    {0xC6336400, 24},  // 198.51.100.0
    {0xCB007100, 24},  // 203.0.113.0
    {0xAC100000, 12},  // 172.16.0.0
    {0x0A000000, 8},   // 10.0.0.0
};
/// A shorter prefix would claim whole classes of addresses for a handful of hosts.
constexpr int kLeastLength = 8;

using Entry = std::pair<std::uint32_t, unsigned>;  // address, side
using Range = std::vector<Entry>::const_iterator;

void cover_range(Range first, Range last, std::vector<std::vector<config::Prefix>>& prefixes) {
    const std::uint32_t low = first->first;
    const int common = std::countl_zero(low ^ std::prev(last)->first);
    const bool uniform = std::all_of(first, last, [&](const Entry& entry) { return entry.second == first->second; });
    if (uniform && common >= kLeastLength) {
        const auto length = static_cast<std::uint8_t>(common);
        prefixes[first->second].push_back({low & config::netmask(length), length});
        return;
    }
    const std::uint32_t bit = 0x80000000u >> common;
    const Range middle =
        std::partition_point(first, last, [&](const Entry& entry) { return (entry.first & bit) == 0; });
    cover_range(first, middle, prefixes);
    cover_range(middle, last, prefixes);
}

}  // namespace

FreeNetworks::FreeNetworks(const std::set<std::uint32_t>& used_addresses) {
    for (const std::uint32_t address : used_addresses) used_.insert(address & config::netmask(24));
}

std::uint32_t FreeNetworks::take() {
    for (const config::Prefix& pool : kPools) {
        const std::uint32_t last = pool.address | ~config::netmask(pool.length);
        for (std::uint32_t network = pool.address; network < last; network += kNetworkStep) {
            if (used_.insert(network).second) return network;
        }
    }
    throw config::Error("import", 0, 0,
                        config::found_expected("a capture with hosts in every test and private network",
                                               "a free /24 network for each port"));
}

std::vector<std::vector<config::Prefix>> cover(const std::map<std::uint32_t, unsigned>& side_of_address,
                                               unsigned sides) {
    std::vector<std::vector<config::Prefix>> prefixes(sides);
    const std::vector<Entry> entries(side_of_address.begin(), side_of_address.end());
    if (!entries.empty()) cover_range(entries.begin(), entries.end(), prefixes);
    return prefixes;
}

}  // namespace turnpike::import
