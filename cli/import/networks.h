// SPDX-License-Identifier: Apache-2.0
// Networks that a capture does not use, and prefixes that cover a side's hosts.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "config/address.h"

namespace turnpike::import {

/// Free /24 networks: from 198.18.0.0/15, the range for tests of network devices (RFC 2544 C.2.2), else from the
/// documentation and private ranges (RFC 5737, RFC 1918).
class FreeNetworks {
  public:
    explicit FreeNetworks(const std::set<std::uint32_t>& used_addresses);
    /// The next free network. Throws config::Error where none is left.
    std::uint32_t take();

  private:
    std::set<std::uint32_t> used_;  ///< /24 networks
};

/// For each side the fewest prefixes of at least eight bits that cover its addresses, none of another side, and no more
/// than the addresses' common bits ask for.
std::vector<std::vector<config::Prefix>> cover(const std::map<std::uint32_t, unsigned>& side_of_address,
                                               unsigned sides);

}  // namespace turnpike::import
