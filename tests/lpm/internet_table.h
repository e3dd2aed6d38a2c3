// SPDX-License-Identifier: Apache-2.0
// Tables of prefixes shaped like the Internet's, and changes of them: made up, the same for the same seed on every
// machine.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/lpm/lpm_files.h"

namespace turnpike::lpm_test {

/// The shape is that of the IPv4 table of 13 May 2014 (512,621 prefixes): how many prefixes there are of each length,
/// how they crowd together in some /16s and /21s, and how often neighbours have the same next hop. Larger tables fill
/// more /16s; there is room for about 1,300,000. In ascending order; next hops below 46,823.
std::vector<lpm::Change> internet_table(std::size_t prefixes, std::uint32_t seed);

/// /32s anywhere, each once.
std::vector<lpm::Change> random_hosts(std::size_t count, std::uint32_t seed);

/// Adds, replacements and withdrawals: most of the table's own prefixes, a fifth /32s in a few networks, one in fifty
/// /0 or a /8. A withdrawal is of a prefix that is there.
std::vector<lpm::Change> random_updates(const std::vector<lpm::Change>& table, std::size_t count, std::uint32_t seed);

/// Addresses anywhere, or (`biased`) each in a prefix of the table.
std::vector<std::uint32_t> random_addresses(const std::vector<lpm::Change>& table, std::size_t count, bool biased,
                                            std::uint32_t seed);

}  // namespace turnpike::lpm_test
