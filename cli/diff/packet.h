// SPDX-License-Identifier: Apache-2.0
// Reads a frame for the comparison: which byte is which field, and which flow it belongs to.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace turnpike::diff {

using Bytes = std::span<const std::uint8_t>;
using FrameBytes = std::vector<std::uint8_t>;

inline constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17;

inline constexpr std::uint16_t kEtherIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherArp = 0x0806;
inline constexpr std::uint16_t kEtherIpv6 = 0x86DD;
inline constexpr std::uint16_t kEtherLldp = 0x88CC;
inline constexpr std::size_t kEthernetHeader = 14;

inline constexpr std::size_t kIpId = kEthernetHeader + 4, kIpFragment = kEthernetHeader + 6;
inline constexpr std::size_t kIpSource = kEthernetHeader + 12, kIpDestination = kEthernetHeader + 16;

inline std::uint16_t be16(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
inline std::uint32_t be32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(be16(bytes, at)) << 16 | be16(bytes, at + 2);
}
/// 0 for a frame too short to have one.
std::uint16_t ether_type(Bytes frame);

/// Where an IPv4 packet's parts lie, when its header is whole and its lengths agree with the frame.
struct Ipv4View {
    std::size_t header_bytes;
    std::size_t packet_end;  ///< offset in the frame of the first byte that is padding
    std::uint8_t protocol;
    bool fragment;  ///< MF set or offset not 0
    std::size_t payload() const { return kEthernetHeader + header_bytes; }
};
std::optional<Ipv4View> ipv4_view(Bytes frame);
/// Of an IPv4 frame: it holds no transport header.
inline bool later_fragment(Bytes frame) { return (be16(frame, kIpFragment) & 0x1FFF) != 0; }

/// Types whose bytes 4..5 are an identifier: echo, timestamp, information, mask (RFC 792, RFC 950).
bool icmp_has_id(std::uint8_t type);

/// Where the number lies that tells one conversation of a host from another: source port, or an ICMP query's
/// identifier.
std::optional<std::size_t> transport_id_at(Bytes frame, const Ipv4View& ip);

/// The packet that an ICMP error quotes (RFC 792: unreachable, source quench, redirect, time exceeded, parameter
/// problem), as far as it was quoted.
struct Quote {
    std::size_t at;            ///< offset in the frame of its IPv4 header
    std::size_t header_bytes;  ///< of that
    std::uint8_t protocol;
    std::size_t transport() const { return at + header_bytes; }
};
/// None for other messages, for fragments of them, and when less than the quoted header is there.
std::optional<Quote> icmp_quote(Bytes frame);

/// One field's place in the frame. Names are those of Wireshark's display filters, shortened where they are well known.
struct Field {
    std::size_t offset;
    std::size_t bytes;
    std::string_view name;
};
/// All fields from byte 0 on, in order and without holes.
std::vector<Field> decode_fields(Bytes frame);
std::string_view field_at(std::span<const Field> fields, std::size_t offset);

/// Of an IPv4 frame: "10.0.0.2 > 10.0.1.2".
std::string address_pair(Bytes frame);
/// Frames with equal keys must keep their order: the 5-tuple; ICMP by type and id; fragments by IP id; else the
/// EtherType.
std::string flow_key(Bytes frame);
/// One line for people: "10.0.0.2 > 10.0.1.2 ttl 64 udp 1111 > 2222, 102 bytes".
std::string describe(Bytes frame);

}  // namespace turnpike::diff
