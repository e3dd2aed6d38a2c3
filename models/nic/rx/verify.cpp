// SPDX-License-Identifier: Apache-2.0
// Checksums of received packets (82599 data sheet 7.1.11 and 7.1.13).
#include <algorithm>

#include "models/nic/checksum.h"
#include "models/nic/rx/packet.h"

namespace turnpike::nic {
namespace {

constexpr std::size_t kUdpHeader = 8, kUdpLength = 4, kUdpChecksum = 6;
constexpr std::uint16_t kRight = 0xFFFF;  ///< sum over data and its checksum (RFC 1071)
constexpr std::uint8_t kUdp = 17;

using Bytes = std::span<const std::uint8_t>;

/// RFC 768, RFC 793 3.1, RFC 8200 8.1: addresses, protocol and length are summed, too.
std::uint32_t pseudo_header(Bytes frame, const Packet& packet, std::size_t length) {
    const bool v4 = packet.is(kPacketIpv4);
    const Bytes addresses = v4 ? frame.subspan(packet.network + 12, 8) : frame.subspan(packet.network + 8, 32);
    const auto split = static_cast<std::uint32_t>((length & 0xFFFF) + (length >> 16));
    return ones_sum(addresses) + packet.protocol + split;
}

/// Fragments, IPv6 packets on a routing header's way and SCTP are not looked at, nor what is not all there.
void verify_transport(Bytes frame, const Packet& packet, ChecksumVerdict& verdict) {
    if (packet.transport == 0 || packet.routed || packet.end > frame.size() || packet.is(kPacketSctp)) return;
    const std::size_t length = packet.end - packet.transport;
    Bytes segment = frame.subspan(packet.transport, length);
    if (packet.is(kPacketUdp)) {
        if (big_endian16(segment, kUdpChecksum) == 0) return;  // the sender made none
        const std::size_t datagram = big_endian16(segment, kUdpLength);
        if (datagram < kUdpHeader || datagram > length) return;
        segment = segment.first(datagram);
    }
    verdict.transport = true;
    verdict.transport_bad = ones_sum(segment, pseudo_header(frame, packet, segment.size())) != kRight;
}

}  // namespace

ChecksumVerdict verify(Bytes frame, const Packet& packet) {
    ChecksumVerdict verdict;
    if (packet.network == 0) return verdict;
    if (packet.is(kPacketIpv4)) {
        if (packet.network_end > frame.size()) return verdict;
        verdict.network = true;
        verdict.network_bad = ones_sum(frame.subspan(packet.network, packet.network_end - packet.network)) != kRight;
    }
    verify_transport(frame, packet, verdict);
    return verdict;
}

std::optional<FragmentChecksum> fragment_checksum(Bytes frame, const Packet& packet) {
    if (!packet.is(kPacketIpv4) || !packet.fragment || packet.protocol != kUdp) return std::nullopt;
    const std::size_t end = std::min(packet.end, frame.size());
    if (packet.network_end > end) return std::nullopt;
    const Bytes payload = frame.subspan(packet.network_end, end - packet.network_end);
    const bool udp_valid =
        packet.first_fragment && payload.size() >= kUdpHeader && big_endian16(payload, kUdpChecksum) != 0;
    return FragmentChecksum{ones_sum(payload), udp_valid};
}

}  // namespace turnpike::nic
