// SPDX-License-Identifier: Apache-2.0
// What the NIC knows about a received packet: where its headers are, what they are, whether their checksums are right.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace turnpike::nic {

// The packet type of an advanced write-back descriptor (82599 data sheet 7.1.6.2).
inline constexpr std::uint16_t kPacketIpv4 = 1 << 0;
inline constexpr std::uint16_t kPacketIpv4Options = 1 << 1;
inline constexpr std::uint16_t kPacketIpv6 = 1 << 2;
inline constexpr std::uint16_t kPacketIpv6Extensions = 1 << 3;
inline constexpr std::uint16_t kPacketTcp = 1 << 4;
inline constexpr std::uint16_t kPacketUdp = 1 << 5;
inline constexpr std::uint16_t kPacketSctp = 1 << 6;
/// The packet matched an EtherType filter, whose number stands in the lowest three bits.
inline constexpr std::uint16_t kPacketEtherTypeFilter = 1 << 11;

inline unsigned big_endian16(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<unsigned>(bytes[at]) << 8 | bytes[at + 1];
}
inline std::uint32_t big_endian32(std::span<const std::uint8_t> bytes, std::size_t at) {
    return std::uint32_t{big_endian16(bytes, at)} << 16 | big_endian16(bytes, at + 2);
}

/// Of an untagged or single-tagged Ethernet II frame; offsets count from its first byte, 0 means that there is none.
struct Packet {
    std::uint16_t type = 0;  ///< 0 where the NIC knows nothing to say
    std::uint16_t ether_type = 0;
    std::optional<std::uint16_t> tag;  ///< VLAN tag control information
    std::size_t link_end = 0;          ///< behind the EtherType
    std::size_t network = 0;           ///< of an IP header
    std::size_t network_end = 0;       ///< behind its options or extension headers
    std::size_t transport = 0;         ///< of a TCP, UDP or SCTP header that is there
    std::size_t end = 0;               ///< of the IP packet; behind it is padding
    std::uint8_t protocol = 0;
    bool fragment = false;
    bool first_fragment = false;
    bool routed = false;  ///< an IPv6 routing header says that the destination is another one

    /// Bytes were taken out in front of the headers.
    void move(int by) {
        for (std::size_t* offset : {&link_end, &network, &network_end, &transport, &end})
            if (*offset != 0) *offset = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(*offset) + by);
    }
    bool is(std::uint16_t wanted) const { return (type & wanted) != 0; }
};
Packet parse(std::span<const std::uint8_t> frame);

/// 7.1.11: which checksums were looked at, and which are wrong.
struct ChecksumVerdict {
    bool network = false, network_bad = false;
    bool transport = false, transport_bad = false;
};
ChecksumVerdict verify(std::span<const std::uint8_t> frame, const Packet& packet);

/// 7.1.13: of an IPv4 fragment of a UDP datagram, the ones' complement sum of what the fragment carries.
struct FragmentChecksum {
    std::uint16_t sum = 0;
    bool udp_valid = false;  ///< this is the first fragment, and the datagram has a checksum
};
std::optional<FragmentChecksum> fragment_checksum(std::span<const std::uint8_t> frame, const Packet& packet);

}  // namespace turnpike::nic
