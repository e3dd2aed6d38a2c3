// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/checksum.h"

namespace turnpike::diff {
namespace {

constexpr std::size_t kIpChecksum = 10, kIcmpChecksum = 2, kTcpChecksum = 16, kUdpChecksum = 6;

std::size_t header_bytes(Bytes frame, std::size_t at) { return (frame[at] & 0x0F) * 4U; }

/// RFC 9293 3.1, RFC 768: addresses, protocol, length.
std::uint32_t pseudo_header(Bytes frame, const Ipv4View& ip) {
    std::uint32_t sum = ip.protocol + static_cast<std::uint32_t>(ip.packet_end - ip.payload());
    for (std::size_t at = kEthernetHeader + 12; at < kEthernetHeader + 20; at += 2) sum += be16(frame, at);
    return sum;
}

}  // namespace

std::uint16_t internet_checksum(Bytes bytes, std::uint32_t sum) {
    for (std::size_t at = 0; at < bytes.size(); ++at) sum += at % 2 == 0 ? bytes[at] << 8 : bytes[at];
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

void put16(FrameBytes& frame, std::size_t at, std::uint16_t value) {
    frame[at] = static_cast<std::uint8_t>(value >> 8);
    frame[at + 1] = static_cast<std::uint8_t>(value);
}

bool ip_checksum_right(Bytes frame, std::size_t at) {
    return at + 20 <= frame.size() && at + header_bytes(frame, at) <= frame.size() &&
           internet_checksum(frame.subspan(at, header_bytes(frame, at))) == 0;
}

void make_ip_checksum(FrameBytes& frame, std::size_t at) {
    put16(frame, at + kIpChecksum, 0);
    put16(frame, at + kIpChecksum, internet_checksum(Bytes(frame).subspan(at, header_bytes(frame, at))));
}

bool icmp_checksum_right(Bytes frame, const Ipv4View& ip) {
    return internet_checksum(frame.subspan(ip.payload(), ip.packet_end - ip.payload())) == 0;
}

void make_icmp_checksum(FrameBytes& frame, const Ipv4View& ip) {
    put16(frame, ip.payload() + kIcmpChecksum, 0);
    const Bytes message = Bytes(frame).subspan(ip.payload(), ip.packet_end - ip.payload());
    put16(frame, ip.payload() + kIcmpChecksum, internet_checksum(message));
}

std::optional<std::size_t> transport_checksum_at(Bytes frame, const Ipv4View& ip) {
    if (later_fragment(frame)) return std::nullopt;
    const std::size_t offset = ip.protocol == kTcp    ? kTcpChecksum
                               : ip.protocol == kUdp  ? kUdpChecksum
                               : ip.protocol == kIcmp ? kIcmpChecksum
                                                      : frame.size();
    const std::size_t at = ip.payload() + offset;
    if (at + 2 > ip.packet_end || (ip.protocol == kUdp && be16(frame, at) == 0)) return std::nullopt;
    return at;
}

bool transport_checksum_right(Bytes frame, const Ipv4View& ip) {
    if (ip.fragment || !transport_checksum_at(frame, ip)) return true;
    const std::uint32_t begun = ip.protocol == kIcmp ? 0 : pseudo_header(frame, ip);
    return internet_checksum(frame.subspan(ip.payload(), ip.packet_end - ip.payload()), begun) == 0;
}

void replace_word(FrameBytes& frame, std::size_t at, std::uint16_t value, std::size_t sum_at) {
    const std::uint16_t before = be16(frame, at);
    put16(frame, at, value);
    std::uint32_t sum = static_cast<std::uint16_t>(~be16(frame, sum_at));
    sum += static_cast<std::uint16_t>(~before);
    sum += value;
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    put16(frame, sum_at, static_cast<std::uint16_t>(~sum));
}

}  // namespace turnpike::diff
