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

inline constexpr std::uint16_t kEtherIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherArp = 0x0806;
inline constexpr std::uint16_t kEtherIpv6 = 0x86DD;
inline constexpr std::uint16_t kEtherLldp = 0x88CC;
inline constexpr std::size_t kEthernetHeader = 14;

inline std::uint16_t be16(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
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

/// One field's place in the frame. Names are those of Wireshark's display filters, shortened where they are well known.
struct Field {
    std::size_t offset;
    std::size_t bytes;
    std::string_view name;
};
/// All fields from byte 0 on, in order and without holes.
std::vector<Field> decode_fields(Bytes frame);
std::string_view field_at(std::span<const Field> fields, std::size_t offset);

/// Frames with equal keys must keep their order: the 5-tuple; ICMP by type and id; fragments by IP id; else the
/// EtherType.
std::string flow_key(Bytes frame);
/// One line for people: "10.0.0.2 > 10.0.1.2 ttl 64 udp 1111 > 2222, 102 bytes".
std::string describe(Bytes frame);

}  // namespace turnpike::diff
