// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/diff/checksum.h"
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

constexpr std::size_t kIpChecksum = kEthernetHeader + 10;
constexpr std::size_t kDestinationPort = 2;

/// An address stands in the IPv4 header's sum and, but for ICMP, in the pseudo header of the transport's.
void replace_address(FrameBytes& frame, const Ipv4View& ip, std::size_t at, std::uint32_t address) {
    const auto transport_sum = ip.protocol == kIcmp ? std::nullopt : transport_checksum_at(frame, ip);
    for (std::size_t half = 0; half < 4; half += 2) {
        const auto value = static_cast<std::uint16_t>(address >> (16 - 8 * half));
        const std::uint16_t before = be16(frame, at + half);
        replace_word(frame, at + half, value, kIpChecksum);
        if (!transport_sum) continue;
        put16(frame, at + half, before);
        replace_word(frame, at + half, value, *transport_sum);
    }
}

bool checksums_right(Bytes frame, const Ipv4View& ip) {
    return ip_checksum_right(frame) && transport_checksum_right(frame, ip);
}

}  // namespace

void forgive_ip_pool(Side& side, const Facts& facts) {
    const auto [first, last] = *facts.rules.ip_pool;
    for_each_frame(side, [&, low = first, high = last](FrameBytes& frame) {
        const auto ip = ipv4_view(frame);
        if (!ip || !checksums_right(frame, *ip)) return;
        for (const std::size_t at : {kIpSource, kIpDestination}) {
            const std::uint32_t address = be32(frame, at);
            if (address < low || address > high) continue;
            replace_address(frame, *ip, at, low);
            // Another host of the pool has another MAC.
            if (at == kIpDestination) std::fill_n(frame.begin(), 6, std::uint8_t{0});
        }
    });
}

void forgive_dport_pool(Side& side, const Facts& facts) {
    const auto& pool = *facts.rules.dport_pool;
    for_each_frame(side, [&](FrameBytes& frame) {
        const auto ip = ipv4_view(frame);
        if (!ip || (ip->protocol != kTcp && ip->protocol != kUdp) || !checksums_right(frame, *ip)) return;
        const std::size_t at = ip->payload() + kDestinationPort;
        if (later_fragment(frame) || at + 2 > ip->packet_end || be32(frame, kIpDestination) != pool.address) return;
        const std::uint16_t port = be16(frame, at);
        if (port < pool.first || port > pool.last) return;
        const auto sum = transport_checksum_at(frame, *ip);
        sum ? replace_word(frame, at, pool.first, *sum) : put16(frame, at, pool.first);
    });
}

}  // namespace turnpike::diff
