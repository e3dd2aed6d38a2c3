// SPDX-License-Identifier: Apache-2.0
// Which destination addresses and VLANs the NIC takes (82599 data sheet 7.1.1).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "models/core/register_file.h"

namespace turnpike::nic {

enum class Cast { unicast, multicast, broadcast };

/// 7.1.1: whether a frame passes, and by what; only a hash may be wrong (`inexact`).
enum class Passage { none, exact, inexact };

/// `frame` holds at least a destination address.
Cast cast_of(std::span<const std::uint8_t> frame);

class Filter {
  public:
    /// `takes_all`: frames for any destination (parameter nic.rx_filter).
    Filter(RegisterFile& registers, bool takes_all);
    Passage passage(std::span<const std::uint8_t> frame);
    /// RAL and RAH were changed from inside.
    void addresses_changed() { exact_is_current_ = false; }

  private:
    Passage by_address(std::span<const std::uint8_t> frame);
    bool passes_vlan(std::span<const std::uint8_t> frame) const;
    bool matches_exactly(std::span<const std::uint8_t> frame);
    bool matches_hash(std::uint64_t table, std::span<const std::uint8_t> frame) const;

    RegisterFile& registers_;
    const bool takes_all_;
    std::vector<std::uint64_t> exact_;  ///< the valid RAL/RAH pairs, first byte of the address lowest
    bool exact_is_current_ = false;
};

}  // namespace turnpike::nic
