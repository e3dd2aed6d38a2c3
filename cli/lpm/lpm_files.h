// SPDX-License-Identifier: Apache-2.0
// What `turnpike lpm` reads: tables, addresses and updates, plain or compressed with gzip. A mistake is a
// config::Error.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace turnpike::lpm {

/// Next hops as the files name them, numbered from 0 in the order in which they come.
class NextHops {
  public:
    static constexpr std::uint16_t kMiss = 0xFFFF;
    /// kMiss: there are 65,535 others.
    std::uint16_t number_of(const std::string& name);
    const std::string& name_of(std::uint16_t number) const { return names_[number]; }

  private:
    std::unordered_map<std::string, std::uint16_t> numbers_;
    std::vector<std::string> names_;
};

struct Change {
    bool put;  ///< else remove
    std::uint32_t prefix;
    unsigned len;
    std::uint16_t hop;
    unsigned line;
};

/// Lines `prefix/len[ nexthop]`; without a next hop, "/len" stands for it.
std::vector<Change> read_table(const std::string& file, NextHops& hops);
/// Lines `add|replace|del prefix/len [nexthop]`.
std::vector<Change> read_updates(const std::string& file, NextHops& hops);
/// One address a line.
std::vector<std::uint32_t> read_addresses(const std::string& file);

}  // namespace turnpike::lpm
