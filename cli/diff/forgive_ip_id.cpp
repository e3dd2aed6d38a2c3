// SPDX-License-Identifier: Apache-2.0
#include <tuple>

#include "cli/diff/checksum.h"
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

/// RFC 791 3.2: what fragments of one datagram have in common, but for the protocol, which is ICMP here.
using Datagram = std::tuple<std::uint32_t, std::uint32_t, std::uint16_t>;

Datagram datagram_of(Bytes frame) { return {be32(frame, kIpSource), be32(frame, kIpDestination), be16(frame, kIpId)}; }

bool is_icmp(Bytes frame) {
    const auto ip = ipv4_view(frame);
    return ip && ip->protocol == kIcmp && ip->payload() < ip->packet_end;
}

std::set<Datagram> made_by_the_router(const Side& side, const Facts& facts) {
    std::set<Datagram> made;
    for (const Entries& port : side) {
        for (const Entry& entry : port) {
            const Bytes frame = entry.bytes;
            if (!is_icmp(frame) || later_fragment(frame)) continue;
            const std::uint8_t type = frame[ipv4_view(frame)->payload()];
            if (!facts.icmp_ids.contains({type, be16(frame, kIpId)})) made.insert(datagram_of(frame));
        }
    }
    return made;
}

}  // namespace

void forgive_ip_id(Side& side, const Facts& facts) {
    const std::set<Datagram> made = made_by_the_router(side, facts);
    for_each_frame(side, [&](FrameBytes& frame) {
        if (!is_icmp(frame) || !made.contains(datagram_of(frame))) return;
        edit_ip_header(frame, [&] { put16(frame, kIpId, 0); });
    });
}

}  // namespace turnpike::diff
