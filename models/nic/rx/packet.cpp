// SPDX-License-Identifier: Apache-2.0
#include "models/nic/rx/packet.h"

#include <algorithm>

namespace turnpike::nic {
namespace {

constexpr unsigned kEtherTypeAt = 12;
constexpr unsigned kEtherTypeIpv4 = 0x0800;
constexpr unsigned kEtherTypeVlan = 0x8100;
constexpr unsigned kEtherTypeIpv6 = 0x86DD;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20, kUdpHeader = 8, kSctpHeader = 12;
// IANA protocol numbers; the last four are IPv6 extension headers (RFC 8200 4).
constexpr std::uint8_t kTcp = 6, kUdp = 17, kSctp = 132;
constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kDestinationOptions = 60;
constexpr std::size_t kExtensionUnit = 8;

using Bytes = std::span<const std::uint8_t>;

void parse_transport(Bytes frame, Packet& packet) {
    std::size_t header = 0;
    std::uint16_t type = 0;
    switch (packet.protocol) {
        case kTcp:
            header = kTcpHeader, type = kPacketTcp;
            break;
        case kUdp:
            header = kUdpHeader, type = kPacketUdp;
            break;
        case kSctp:
            header = kSctpHeader, type = kPacketSctp;
            break;
        default:
            return;
    }
    packet.type |= type;
    if (packet.network_end + header <= std::min(packet.end, frame.size())) packet.transport = packet.network_end;
}

void parse_ipv4(Bytes frame, Packet& packet, std::size_t at) {
    if (frame.size() < at + kIpv4Header || frame[at] >> 4 != 4) return;
    const std::size_t header = (frame[at] & 0xF) * std::size_t{4};
    if (header < kIpv4Header) return;
    packet.network = at;
    packet.network_end = at + header;
    packet.type = header > kIpv4Header ? kPacketIpv4 | kPacketIpv4Options : kPacketIpv4;
    packet.protocol = frame[at + 9];
    packet.end = at + big_endian16(frame, at + 2);
    // A fragment's transport header is not looked for (7.1.6.2): more-fragments bit or an offset.
    const unsigned place = big_endian16(frame, at + 6);
    packet.fragment = (place & 0x3FFF) != 0;
    packet.first_fragment = packet.fragment && (place & 0x1FFF) == 0;
    if (!packet.fragment) parse_transport(frame, packet);
}

/// Goes on to the next header. False: this one is no extension header, or cut off.
bool skip_extension(Bytes frame, Packet& packet) {
    const std::size_t at = packet.network_end;
    const bool fragment = packet.protocol == kFragment;
    if (!fragment && packet.protocol != kHopByHop && packet.protocol != kRouting &&
        packet.protocol != kDestinationOptions)
        return false;
    if (at + kExtensionUnit > std::min(packet.end, frame.size())) return false;
    packet.type |= kPacketIpv6Extensions;
    packet.fragment |= fragment;
    packet.first_fragment |= fragment && (big_endian16(frame, at + 2) >> 3) == 0;
    packet.routed |= packet.protocol == kRouting && frame[at + 3] != 0;
    packet.protocol = frame[at];
    packet.network_end += fragment ? kExtensionUnit : (frame[at + 1] + std::size_t{1}) * kExtensionUnit;
    return packet.network_end <= std::min(packet.end, frame.size()) && !packet.fragment;
}

void parse_ipv6(Bytes frame, Packet& packet, std::size_t at) {
    if (frame.size() < at + kIpv6Header || frame[at] >> 4 != 6) return;
    packet.network = at;
    packet.network_end = at + kIpv6Header;
    packet.type = kPacketIpv6;
    packet.protocol = frame[at + 6];
    packet.end = at + kIpv6Header + big_endian16(frame, at + 4);
    while (skip_extension(frame, packet)) {
    }
    packet.network_end = std::min(packet.network_end, frame.size());
    if (!packet.fragment) parse_transport(frame, packet);
}

}  // namespace

Packet parse(Bytes frame) {
    Packet packet;
    std::size_t at = kEtherTypeAt;
    if (frame.size() >= at + 6 && big_endian16(frame, at) == kEtherTypeVlan) {
        packet.tag = static_cast<std::uint16_t>(big_endian16(frame, at + 2));
        at += 4;
    }
    if (frame.size() < at + 2) return packet;
    packet.ether_type = static_cast<std::uint16_t>(big_endian16(frame, at));
    packet.link_end = at + 2;
    if (packet.ether_type == kEtherTypeIpv4) parse_ipv4(frame, packet, at + 2);
    if (packet.ether_type == kEtherTypeIpv6) parse_ipv6(frame, packet, at + 2);
    return packet;
}

}  // namespace turnpike::nic
