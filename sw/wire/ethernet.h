// SPDX-License-Identifier: Apache-2.0
// Ethernet II header (IEEE 802.3 3.1.1 with the type interpretation; RFC 894).
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"

namespace fw::wire {

inline constexpr unsigned kEthHeaderBytes = 14;
inline constexpr unsigned kEthDestination = 0;
inline constexpr unsigned kEthSource = 6;
inline constexpr unsigned kEthType = 12;

inline constexpr std::uint16_t ETH_P_IP = 0x0800;
inline constexpr std::uint16_t ETH_P_ARP = 0x0806;
inline constexpr std::uint16_t ETH_P_8021Q = 0x8100;
inline constexpr std::uint16_t ETH_P_8021AD = 0x88A8;
inline constexpr std::uint16_t ETH_P_IPV6 = 0x86DD;

/// Individual/group bit, IEEE 802.3 3.2.3: set in multicast and broadcast addresses.
inline bool is_multicast_ether_addr(const std::uint8_t* mac) { return (mac[0] & 1) != 0; }
inline bool is_zero_ether_addr(const std::uint8_t* mac) {
    return (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]) == 0;
}

}  // namespace fw::wire
