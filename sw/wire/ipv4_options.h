// SPDX-License-Identifier: Apache-2.0
// IPv4 options (RFC 791 3.1, RFC 2113, CIPSO draft of 1992).
#pragma once
#include <cstdint>

namespace fw::wire {

enum IpOption : std::uint8_t {
    IPOPT_END = 0,
    IPOPT_NOOP = 1,
    IPOPT_RR = 7,
    IPOPT_TIMESTAMP = 68,
    IPOPT_LSRR = 131,
    IPOPT_CIPSO = 134,
    IPOPT_RA = 148,
    IPOPT_SSRR = 137,
};

inline constexpr unsigned kMaxOptionBytes = 40;

/// Flag that puts the option into every fragment (RFC 791 3.1, "copied flag").
constexpr bool ipopt_copied(std::uint8_t type) { return (type & 0x80) != 0; }

enum IpTimestampFlag : std::uint8_t { IPOPT_TS_TSONLY = 0, IPOPT_TS_TSANDADDR = 1, IPOPT_TS_PRESPEC = 3 };

}  // namespace fw::wire
