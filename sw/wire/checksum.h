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

/// `a` + `b`, a carry out of the top added at the bottom: as good as any sum of words (RFC 1071 2.C).
constexpr std::uint64_t csum_add(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t sum = a + b;
    return sum + (sum < b);
}

/// 32 bytes by one chain of additions with carry.
inline std::uint64_t csum_add_32_bytes(const std::uint8_t* at, std::uint64_t sum) {
    unsigned long long total = 0;
    unsigned char carry = __builtin_ia32_addcarryx_u64(0, sum, load64(at), &total);
    carry = __builtin_ia32_addcarryx_u64(carry, total, load64(at + 8), &total);
    carry = __builtin_ia32_addcarryx_u64(carry, total, load64(at + 16), &total);
    carry = __builtin_ia32_addcarryx_u64(carry, total, load64(at + 24), &total);
    __builtin_ia32_addcarryx_u64(carry, total, 0, &total);
    return total;
}

/// The last 1 to 7 bytes as they lie in memory, 0 behind them.
inline std::uint64_t load_below_8(const std::uint8_t* at, std::uint32_t bytes) {
    if (bytes >= 4) return load32(at) | std::uint64_t{load32(at + bytes - 4)} >> (8 * (8 - bytes)) << 32;
    std::uint64_t value = at[bytes - 1];
    if (bytes == 1) return value;
    return load16(at) | (bytes == 3 ? value << 16 : 0);
}

/// Adds `bytes` bytes to a sum; an odd last byte counts as if a zero followed (RFC 1071 4.1). 64 bytes a round in two
/// chains that do not wait for each other. The result has 33 bits, so that sums of other things can be added to it.
inline std::uint64_t csum_partial(const std::uint8_t* at, std::uint32_t bytes, std::uint64_t sum = 0) {
    std::uint64_t other = 0;
    for (; bytes >= 64; at += 64, bytes -= 64) {
        sum = csum_add_32_bytes(at, sum);
        other = csum_add_32_bytes(at + 32, other);
    }
    if (bytes >= 32) {
        sum = csum_add_32_bytes(at, sum);
        at += 32;
        bytes -= 32;
    }
    for (; bytes >= 8; at += 8, bytes -= 8) other = csum_add(other, load64(at));
    if (bytes != 0) other = csum_add(other, load_below_8(at, bytes));
    sum = csum_add(sum, other);
    return (sum & 0xFFFFFFFF) + (sum >> 32);
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
