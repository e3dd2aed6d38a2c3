// SPDX-License-Identifier: Apache-2.0
// Receive side scaling (82599 data sheet 7.1.2.8): the Toeplitz hash of addresses and ports, and the queue it picks.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "models/core/register_file.h"
#include "models/nic/rx/packet.h"

namespace turnpike::nic {

struct RssResult {
    std::uint32_t hash = 0;
    std::uint8_t type = 0;  ///< RX_WB_RSS_TYPE, 7.1.6.2; 0: not hashed
    unsigned queue = 0;
};

class Rss {
  public:
    /// `name` stands in diagnoses.
    Rss(std::string name, RegisterFile& registers);
    void reset();
    RssResult choose(std::span<const std::uint8_t> frame, const Packet& packet);

  private:
    static constexpr unsigned kInputBytes = 36;  ///< two IPv6 addresses and two ports
    std::uint32_t hash(std::span<const std::uint8_t> input);
    void make_table();
    void mode_written();
    unsigned queue_mask() const;

    std::string name_;
    RegisterFile& registers_;
    bool mode_told_ = false;
    bool table_is_current_ = false;
    /// What each value of each input byte contributes.
    std::array<std::array<std::uint32_t, 256>, kInputBytes> table_{};
};

}  // namespace turnpike::nic
