// SPDX-License-Identifier: Apache-2.0
#include "models/nic/rx/packet.h"

#include <algorithm>

#include "models/nic/checksum.h"

namespace turnpike::nic {
namespace {

constexpr unsigned kEtherTypeAt = 12;
constexpr unsigned kEtherTypeIpv4 = 0x0800;
constexpr unsigned kEtherTypeVlan = 0x8100;
constexpr unsigned kEtherTypeIpv6 = 0x86DD;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20, kUdpHeader = 8, kSctpHeader = 12;
constexpr std::uint8_t kTcp = 6, kUdp = 17, kSctp = 132;  // IANA protocol numbers

using Bytes = std::span<const std::uint8_t>;

unsigned big_endian16(Bytes bytes, std::size_t at) { return static_cast<unsigned>(bytes[at]) << 8 | bytes[at + 1]; }

/// Protocol numbers of IANA; extension headers are not followed.
void parse_transport(Bytes frame, Packet& packet, std::size_t at) {
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
    if (at + header <= std::min(packet.end, frame.size())) packet.transport = at;
}

void parse_ipv4(Bytes frame, Packet& packet, std::size_t at) {
    if (frame.size() < at + kIpv4Header || frame[at] >> 4 != 4) return;
    const std::size_t header = (frame[at] & 0xF) * std::size_t{4};
    if (header < kIpv4Header) return;
    packet.network = at;
    packet.type = header > kIpv4Header ? kPacketIpv4 | kPacketIpv4Options : kPacketIpv4;
    packet.protocol = frame[at + 9];
    packet.end = at + big_endian16(frame, at + 2);
    // A fragment's transport header is not looked for (7.1.6.2): more-fragments bit or an offset.
    packet.fragment = (big_endian16(frame, at + 6) & 0x3FFF) != 0;
    if (!packet.fragment) parse_transport(frame, packet, at + header);
}

void parse_ipv6(Bytes frame, Packet& packet, std::size_t at) {
    if (frame.size() < at + kIpv6Header || frame[at] >> 4 != 6) return;
    packet.network = at;
    packet.type = kPacketIpv6;
    packet.protocol = frame[at + 6];
    packet.end = at + kIpv6Header + big_endian16(frame, at + 4);
    parse_transport(frame, packet, at + kIpv6Header);
}

/// RFC 768, RFC 793 3.1, RFC 2460 8.1: addresses, protocol and length are summed, too.
std::uint32_t pseudo_header(Bytes frame, const Packet& packet, std::size_t length) {
    const bool v4 = packet.is(kPacketIpv4);
    const Bytes addresses = v4 ? frame.subspan(packet.network + 12, 8) : frame.subspan(packet.network + 8, 32);
    const auto split = static_cast<std::uint32_t>((length & 0xFFFF) + (length >> 16));
    return ones_sum(addresses) + packet.protocol + split;
}

void verify_transport(Bytes frame, const Packet& packet, ChecksumVerdict& verdict) {
    if (packet.transport == 0 || packet.end > frame.size() || packet.is(kPacketSctp)) return;
    const std::size_t length = packet.end - packet.transport;
    Bytes segment = frame.subspan(packet.transport, length);
    if (packet.is(kPacketUdp)) {
        if (big_endian16(segment, 6) == 0) return;  // the sender made none
        const std::size_t datagram = big_endian16(segment, 4);
        if (datagram < kUdpHeader || datagram > length) return;
        segment = segment.first(datagram);
    }
    verdict.transport = true;
    verdict.transport_bad = ones_sum(segment, pseudo_header(frame, packet, segment.size())) != 0xFFFF;
}

}  // namespace

Packet parse(Bytes frame) {
    Packet packet;
    std::size_t at = kEtherTypeAt;
    if (frame.size() >= at + 6 && big_endian16(frame, at) == kEtherTypeVlan) at += 4;
    if (frame.size() < at + 2) return packet;
    packet.ether_type = static_cast<std::uint16_t>(big_endian16(frame, at));
    if (packet.ether_type == kEtherTypeIpv4) parse_ipv4(frame, packet, at + 2);
    if (packet.ether_type == kEtherTypeIpv6) parse_ipv6(frame, packet, at + 2);
    return packet;
}

ChecksumVerdict verify(Bytes frame, const Packet& packet) {
    ChecksumVerdict verdict;
    if (packet.network == 0) return verdict;
    if (packet.is(kPacketIpv4)) {
        const std::size_t header = (frame[packet.network] & 0xF) * std::size_t{4};
        if (packet.network + header > frame.size()) return verdict;
        verdict.network = true;
        verdict.network_bad = ones_sum(frame.subspan(packet.network, header)) != 0xFFFF;
    }
    verify_transport(frame, packet, verdict);
    return verdict;
}

}  // namespace turnpike::nic
