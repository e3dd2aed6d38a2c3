// SPDX-License-Identifier: Apache-2.0
// The packet type that the NIC reports in an advanced write-back descriptor (82599 data sheet 7.1.6.2).
#pragma once
#include <cstdint>
#include <span>

namespace turnpike::nic {

inline constexpr std::uint16_t kPacketIpv4 = 1 << 0;
inline constexpr std::uint16_t kPacketIpv4Options = 1 << 1;
inline constexpr std::uint16_t kPacketIpv6 = 1 << 2;
inline constexpr std::uint16_t kPacketTcp = 1 << 4;
inline constexpr std::uint16_t kPacketUdp = 1 << 5;
inline constexpr std::uint16_t kPacketSctp = 1 << 6;

/// Of an untagged or single-tagged Ethernet II frame; 0 where the NIC knows nothing to say.
std::uint16_t packet_type(std::span<const std::uint8_t> frame);

}  // namespace turnpike::nic
