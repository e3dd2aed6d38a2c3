// SPDX-License-Identifier: Apache-2.0
#include "models/nic/packet_type.h"

namespace turnpike::nic {
namespace {

constexpr unsigned kEtherTypeAt = 12;
constexpr unsigned kEtherTypeIpv4 = 0x0800;
constexpr unsigned kEtherTypeVlan = 0x8100;
constexpr unsigned kEtherTypeIpv6 = 0x86DD;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

unsigned big_endian16(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<unsigned>(bytes[at]) << 8 | bytes[at + 1];
}

/// Protocol numbers of IANA; extension headers are not followed.
std::uint16_t transport(unsigned protocol) {
    switch (protocol) {
        case 6:
            return kPacketTcp;
        case 17:
            return kPacketUdp;
        case 132:
            return kPacketSctp;
        default:
            return 0;
    }
}

std::uint16_t ipv4(std::span<const std::uint8_t> packet) {
    if (packet.size() < kIpv4Header || packet[0] >> 4 != 4) return 0;
    const unsigned words = packet[0] & 0xF;
    if (words < 5) return 0;
    const std::uint16_t network = words > 5 ? kPacketIpv4 | kPacketIpv4Options : kPacketIpv4;
    // A fragment's transport header is not looked for (7.1.6.2): more-fragments bit or an offset.
    const bool fragment = (big_endian16(packet, 6) & 0x3FFF) != 0;
    return fragment ? network : network | transport(packet[9]);
}

std::uint16_t ipv6(std::span<const std::uint8_t> packet) {
    if (packet.size() < kIpv6Header || packet[0] >> 4 != 6) return 0;
    return kPacketIpv6 | transport(packet[6]);
}

}  // namespace

std::uint16_t packet_type(std::span<const std::uint8_t> frame) {
    std::size_t at = kEtherTypeAt;
    if (frame.size() >= at + 6 && big_endian16(frame, at) == kEtherTypeVlan) at += 4;
    if (frame.size() < at + 2) return 0;
    switch (big_endian16(frame, at)) {
        case kEtherTypeIpv4:
            return ipv4(frame.subspan(at + 2));
        case kEtherTypeIpv6:
            return ipv6(frame.subspan(at + 2));
        default:
            return 0;
    }
}

}  // namespace turnpike::nic
