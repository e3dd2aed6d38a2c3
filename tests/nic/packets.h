// SPDX-License-Identifier: Apache-2.0
// Packets for the NIC's tests, made and judged byte by byte from the RFCs, without the model's code.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tests/nic/bench.h"

namespace turnpike {

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kSctp = 132;  // IANA protocol numbers
constexpr std::uint8_t kSyn = 0x02, kAck = 0x10;                     // RFC 793 3.1

constexpr std::uint32_t ip(unsigned a, unsigned b, unsigned c, unsigned d) { return a << 24 | b << 16 | c << 8 | d; }

/// An IP packet in an Ethernet II frame to the port, its checksums right unless a field below says otherwise.
struct PacketSpec {
    FrameId id = 0;
    std::optional<std::uint16_t> tag{};
    bool v6 = false;
    std::uint32_t source = ip(10, 0, 0, 1), destination = ip(10, 0, 0, 2);  ///< in IPv6: its last four bytes
    std::uint8_t protocol = kUdp;
    std::uint16_t source_port = 1000, destination_port = 2000;
    std::uint8_t flags = kAck;
    std::size_t payload = 32;
    std::size_t option_words = 0;  ///< IPv4 options, no-operations
    std::uint16_t fragment = 0;    ///< IPv4 flags and offset
    std::uint16_t identification = 0x1234;
    std::vector<std::uint8_t> extensions{};  ///< IPv6 headers behind the first one, whose kind is `next`
    std::uint8_t next = 0;
    bool udp_zero = false;  ///< no UDP checksum
};

std::vector<std::uint8_t> packet_bytes(const PacketSpec& spec);
inline Frame packet_frame(const PacketSpec& spec) { return {packet_bytes(spec), spec.id}; }

/// RFC 1071 word by word: the sum of big-endian words, an odd byte padded, not complemented.
std::uint16_t plain_sum(std::span<const std::uint8_t> bytes, std::uint32_t sum = 0);
unsigned word_at(std::span<const std::uint8_t> bytes, std::size_t at);
void put_word(std::span<std::uint8_t> bytes, std::size_t at, std::size_t value);

}  // namespace turnpike
