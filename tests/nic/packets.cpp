// SPDX-License-Identifier: Apache-2.0
#include "tests/nic/packets.h"

#include <algorithm>

namespace turnpike {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_address(Bytes& bytes, std::size_t at, std::uint32_t value) {
    put_word(bytes, at, value >> 16);
    put_word(bytes, at + 2, value & 0xFFFF);
}

/// RFC 793 3.1, RFC 768; SCTP and others: ports, if any, and zeros.
Bytes transport(const PacketSpec& spec) {
    const std::size_t header = spec.protocol == kTcp ? 20 : spec.protocol == kSctp ? 12 : 8;
    Bytes bytes(header + spec.payload);
    put_word(bytes, 0, spec.source_port);
    put_word(bytes, 2, spec.destination_port);
    if (spec.protocol == kTcp) bytes[12] = 0x50, bytes[13] = spec.flags;
    if (spec.protocol == kUdp) put_word(bytes, 4, bytes.size());
    for (std::size_t n = 0; n < spec.payload; ++n) bytes[header + n] = static_cast<std::uint8_t>(n * 7 + spec.id);
    return bytes;
}

void finish_transport(Bytes& segment, const PacketSpec& spec, std::span<const std::uint8_t> addresses) {
    if ((spec.fragment & 0x3FFF) != 0 || (spec.protocol != kTcp && spec.protocol != kUdp)) return;
    if (spec.protocol == kUdp && spec.udp_zero) return;
    const std::uint32_t pseudo = plain_sum(addresses) + spec.protocol + static_cast<std::uint32_t>(segment.size());
    const std::uint16_t sum = plain_sum(segment, pseudo);
    const unsigned value = 0xFFFFU & ~unsigned{sum};
    put_word(segment, spec.protocol == kTcp ? 16 : 6, value == 0 && spec.protocol == kUdp ? 0xFFFF : value);
}

Bytes ipv4(const PacketSpec& spec) {
    Bytes segment = transport(spec);
    Bytes header(20);
    header.resize(20 + spec.option_words * 4, 1);  // option 1: no operation
    header[0] = static_cast<std::uint8_t>(0x45 + spec.option_words);
    put_word(header, 2, header.size() + segment.size());
    put_word(header, 4, spec.identification);
    put_word(header, 6, spec.fragment);
    header[8] = 64;
    header[9] = spec.protocol;
    put_address(header, 12, spec.source);
    put_address(header, 16, spec.destination);
    put_word(header, 10, 0xFFFFU & ~unsigned{plain_sum(header)});
    finish_transport(segment, spec, std::span(header).subspan(12, 8));
    header.insert(header.end(), segment.begin(), segment.end());
    return header;
}

/// 2001:db8:: and the given last bytes.
Bytes ipv6(const PacketSpec& spec) {
    Bytes segment = transport(spec);
    Bytes header(40);
    header[0] = 0x60;
    put_word(header, 4, spec.extensions.size() + segment.size());
    header[6] = spec.extensions.empty() ? spec.protocol : spec.next;
    header[7] = 64;
    put_word(header, 8, 0x2001), put_word(header, 10, 0x0DB8), put_address(header, 20, spec.source);
    put_word(header, 24, 0x2001), put_word(header, 26, 0x0DB8), put_address(header, 36, spec.destination);
    finish_transport(segment, spec, std::span(header).subspan(8, 32));
    header.insert(header.end(), spec.extensions.begin(), spec.extensions.end());
    header.insert(header.end(), segment.begin(), segment.end());
    return header;
}

}  // namespace

std::uint16_t plain_sum(std::span<const std::uint8_t> bytes, std::uint32_t sum) {
    for (std::size_t n = 0; n < bytes.size(); ++n) sum += n % 2 == 0 ? bytes[n] * 256U : bytes[n];
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

unsigned word_at(std::span<const std::uint8_t> bytes, std::size_t at) { return bytes[at] * 256U + bytes[at + 1]; }

void put_word(std::span<std::uint8_t> bytes, std::size_t at, std::size_t value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}

Bytes packet_bytes(const PacketSpec& spec) {
    const std::size_t header = spec.tag ? 18 : 14;
    Bytes frame(header);
    std::copy(kPortMac.begin(), kPortMac.end(), frame.begin());
    frame[6] = 2, frame[11] = 0x99;
    if (spec.tag) put_word(frame, 12, 0x8100), put_word(frame, 14, *spec.tag);
    put_word(frame, header - 2, spec.v6 ? 0x86DD : 0x0800);
    const Bytes packet = spec.v6 ? ipv6(spec) : ipv4(spec);
    frame.insert(frame.end(), packet.begin(), packet.end());
    if (frame.size() < 60) frame.resize(60);
    return frame;
}

}  // namespace turnpike
