// SPDX-License-Identifier: Apache-2.0
#include "cli/import/loopback.h"

#include <algorithm>

namespace turnpike::import {
namespace {

constexpr std::size_t kIp = 14;
constexpr std::size_t kSource = kIp + 12, kDestination = kIp + 16;
constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17;
constexpr std::uint32_t kMostHosts = 254;

/// HC' = ~(~HC + ~m + m'), RFC 1624 eqn. 3, for a 32-bit field.
std::uint16_t adjust(std::uint16_t checksum, std::uint32_t before, std::uint32_t after) {
    std::uint32_t sum = static_cast<std::uint16_t>(~checksum);
    sum += (~before >> 16) + (~before & 0xFFFF);
    sum += (after >> 16) + (after & 0xFFFF);
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

struct Layout {
    std::uint8_t protocol;
    std::size_t transport;  ///< offset in the frame
    std::size_t bytes;      ///< of the transport part in this packet
    bool first;             ///< not a later fragment
};

Layout layout_of(const Packet& packet) {
    const std::size_t header = (packet.bytes[kIp] & 15u) * 4u;
    const std::size_t total = get16(packet.bytes, kIp + 2);
    const bool first = (get16(packet.bytes, kIp + 6) & 0x1FFF) == 0;
    return {packet.bytes[kIp + 9], kIp + header, total - header, first};
}

/// Where the checksum over the pseudo-header stands; 0 where there is none.
std::size_t transport_checksum(const Packet& packet) {
    const Layout layout = layout_of(packet);
    if (!layout.first) return 0;
    if (layout.protocol == kTcp && layout.bytes >= 18) return layout.transport + 16;
    const bool udp = layout.protocol == kUdp && layout.bytes >= 8;
    if (udp && get16(packet.bytes, layout.transport + 6) != 0) return layout.transport + 6;
    return 0;
}

void replace(Packet& packet, std::size_t at, std::uint32_t after) {
    const std::uint32_t before = get32(packet.bytes, at);
    put16(packet.bytes, kIp + 10, adjust(get16(packet.bytes, kIp + 10), before, after));
    if (const std::size_t sum = transport_checksum(packet); sum != 0) {
        const std::uint16_t adjusted = adjust(get16(packet.bytes, sum), before, after);
        const bool udp = packet.bytes[kIp + 9] == kUdp;
        put16(packet.bytes, sum, udp && adjusted == 0 ? 0xFFFF : adjusted);  // RFC 768: 0 means no checksum
    }
    put32(packet.bytes, at, after);
}

}  // namespace

/// A conversation's first sender is its client; of ICMP errors and replies the receiver is.
bool LoopbackHosts::from_client(const Packet& packet) {
    const Layout layout = layout_of(packet);
    if (layout.protocol == kIcmp) {
        const bool request = layout.first && layout.bytes > 0 && packet.bytes[layout.transport] == 8;  // RFC 792
        return request || !layout.first;
    }
    const bool ports = (layout.protocol == kTcp || layout.protocol == kUdp) && layout.first && layout.bytes >= 4;
    const Endpoint from{packet.source, ports ? get16(packet.bytes, layout.transport) : 0};
    const Endpoint to{packet.destination, ports ? get16(packet.bytes, layout.transport + 2) : 0};
    const Flow flow{layout.protocol, std::min(from, to), std::max(from, to)};
    return clients_.try_emplace(flow, from).first->second == from;
}

std::uint32_t LoopbackHosts::replacement(unsigned side, std::uint32_t address) {
    auto& given = given_[side];
    const auto found = given.find(address);
    if (found != given.end()) return found->second;
    if (given.size() == kMostHosts) return 0;
    const std::uint32_t host = networks_[side] + static_cast<std::uint32_t>(given.size()) + 1;
    given.emplace(address, host);
    return host;
}

bool LoopbackHosts::rewrite(Packet& packet) {
    const bool client = from_client(packet);
    const std::uint32_t source = replacement(client ? 0 : 1, packet.source);
    const std::uint32_t destination = replacement(client ? 1 : 0, packet.destination);
    if (source == 0 || destination == 0) return false;
    replace(packet, kSource, source);
    replace(packet, kDestination, destination);
    packet.source = source;
    packet.destination = destination;
    return true;
}

}  // namespace turnpike::import
