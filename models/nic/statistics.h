// SPDX-License-Identifier: Apache-2.0
// The NIC's counters: registers that software reads and clears, and totals that stay.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/core/register_file.h"

namespace turnpike::nic {

enum class Counter : unsigned {
    rx_packets,
    rx_bytes,  ///< FCS counted
    tx_packets,
    tx_bytes,  ///< FCS counted
    rx_total,
    tx_total,
    rx_broadcast,
    rx_multicast,
    rx_crc_errors,
    rx_length_errors,
    rx_undersize,
    rx_oversize,
    rx_missed,
    rx_no_descriptor,
    rx_bus_errors,
    tx_bus_errors,
    tx_bad_descriptors,
    link_changes,
    interrupts,
    count
};

class Statistics {
  public:
    explicit Statistics(RegisterFile& registers) : registers_(registers) {}
    void count(Counter counter, std::uint64_t amount = 1);
    /// A statistics register that has no total.
    void bump(std::uint64_t reg, std::uint64_t amount = 1);
    /// A frame of `bytes` with FCS in a queue's counters, which RQSMR and TQSM choose (8.2.3.23.71 and on).
    void count_queue_rx(unsigned queue, std::uint64_t bytes);
    void count_queue_tx(unsigned queue, std::uint64_t bytes);
    void count_queue_drop(unsigned queue);
    /// TORL and TORH: all octets received.
    void add_octets(std::uint64_t bytes);
    /// Good frames by size, from PRC64 or PTC64 on.
    void count_size(std::uint64_t first, std::uint64_t bytes);
    std::uint64_t total(Counter counter) const { return totals_[static_cast<unsigned>(counter)]; }
    /// Totals since the start, under the names of `ethtool -S` on ixgbe where it has one.
    std::vector<std::pair<std::string, std::uint64_t>> named() const;

  private:
    void add_wide(std::uint64_t low, std::uint64_t high, std::uint64_t amount);
    std::uint64_t counter_of(std::uint64_t map, unsigned queue) const;
    RegisterFile& registers_;
    std::array<std::uint64_t, static_cast<unsigned>(Counter::count)> totals_{};
};

}  // namespace turnpike::nic
