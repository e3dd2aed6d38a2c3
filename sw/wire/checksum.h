// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums are kept in the byte order of memory:
// the ones-complement sum does not care (RFC 1071 2.B), so nothing is swapped.
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"
#include "sw/wire/ipv4.h"

namespace fw::wire {

/// Folds a wide sum to 16 bits, end-around carries added.
constexpr std::uint16_t csum_fold(std::uint64_t sum) {
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

/// Adds `bytes` bytes to a sum; an odd last byte counts as if a zero followed (RFC 1071 4.1). A sum of up to 2^32 words
/// cannot overflow.
inline std::uint64_t csum_partial(const std::uint8_t* at, std::uint32_t bytes, std::uint64_t sum = 0) {
    for (; bytes >= 16; at += 16, bytes -= 16) {
        sum += std::uint64_t{load32(at)} + load32(at + 4) + load32(at + 8) + load32(at + 12);
    }
    for (; bytes >= 2; at += 2, bytes -= 2) sum += load16(at);
    if (bytes != 0) sum += *at;
    return sum;
}

/// Ones-complement sum of an IPv4 header of `ihl` words, its checksum field included: 0xFFFF when that is right.
inline std::uint16_t ip_header_sum(const std::uint8_t* header, unsigned ihl) {
    std::uint64_t sum = std::uint64_t{load32(header)} + load32(header + 4) + load32(header + 8) + load32(header + 12) +
                        load32(header + 16);
    for (unsigned word = 5; word < ihl; ++word) sum += load32(header + word * 4);
    return csum_fold(sum);
}

/// Computes the header's checksum anew.
inline void ip_send_check(Ipv4 ip) {
    ip.set_check(0);
    ip.set_check(static_cast<std::uint16_t>(~ip_header_sum(ip.bytes(), ip.ihl())));
}

/// TTL less one, checksum after RFC 1624 equation 3: TTL is the high byte of its word, so the sum grows by 0x0100. A
/// checksum of 0xFEFF becomes 0x0000 and not 0xFFFF, as the sum made anew would give for a header with any bit set.
inline void ip_decrease_ttl(Ipv4 ip) {
    std::uint32_t check = ip.check();
    check += swap16(0x0100);
    ip.set_check(static_cast<std::uint16_t>(check + (check >= 0xFFFF)));
    ip.set_ttl(static_cast<std::uint8_t>(ip.ttl() - 1));
}

/// Sum of the pseudo-header of TCP and UDP (RFC 768, RFC 9293 3.1).
inline std::uint64_t csum_pseudo(Ipv4 ip, std::uint16_t bytes) {
    return std::uint64_t{load32(ip.bytes() + 12)} + load32(ip.bytes() + 16) + swap16(ip.protocol()) + swap16(bytes);
}

}  // namespace fw::wire
