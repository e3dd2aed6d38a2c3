// SPDX-License-Identifier: Apache-2.0
#include <tuple>

#include "cli/diff/checksum.h"
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

/// RFC 791 3.2: what fragments of one datagram have in common.
using Datagram = std::tuple<std::uint32_t, std::uint32_t, std::uint8_t, std::uint16_t>;

Datagram datagram_of(Bytes frame, std::uint8_t protocol) {
    return {be32(frame, kIpSource), be32(frame, kIpDestination), protocol, be16(frame, kIpId)};
}

/// The router may have made such a packet.
bool may_be_its_own(const Ipv4View& ip, const Facts& facts) {
    if (ip.payload() >= ip.packet_end) return false;
    return ip.protocol == kIcmp || (facts.programs && (ip.protocol == kUdp || ip.protocol == kTcp));
}

std::set<Datagram> made_by_the_router(const Side& side, const Facts& facts) {
    std::set<Datagram> made;
    for (const Entries& port : side) {
        for (const Entry& entry : port) {
            const Bytes frame = entry.bytes;
            const auto ip = ipv4_view(frame);
            if (!ip || !may_be_its_own(*ip, facts) || later_fragment(frame)) continue;
            if (!facts.ip_ids.contains(ip_id_of(frame, *ip))) made.insert(datagram_of(frame, ip->protocol));
        }
    }
    return made;
}

}  // namespace

Facts::IpId ip_id_of(Bytes frame, const Ipv4View& ip) {
    return {ip.protocol, ip.protocol == kIcmp ? frame[ip.payload()] : std::uint8_t{0}, be16(frame, kIpId)};
}

void forgive_ip_id(Side& side, const Facts& facts) {
    const std::set<Datagram> made = made_by_the_router(side, facts);
    for_each_frame(side, [&](FrameBytes& frame) {
        const auto ip = ipv4_view(frame);
        if (!ip || !may_be_its_own(*ip, facts) || !made.contains(datagram_of(frame, ip->protocol))) return;
        edit_ip_header(frame, [&] { put16(frame, kIpId, 0); });
    });
}

}  // namespace turnpike::diff
