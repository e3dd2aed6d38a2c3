// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <tuple>

#include "cli/diff/checksum.h"
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

constexpr std::uint16_t kMoreFragments = 0x2000, kOffset = 0x1FFF;
constexpr std::size_t kTotalLength = 2, kLongestPacket = 0xFFFF;

/// RFC 791 3.2: source, destination, identification, protocol.
using Datagram = std::tuple<std::uint32_t, std::uint32_t, std::uint16_t, std::uint8_t>;
using Places = std::vector<std::size_t>;  ///< of fragments, in the port's entries

std::size_t offset_of(Bytes frame) { return (be16(frame, kIpFragment) & kOffset) * 8U; }

std::map<Datagram, Places> collect(const Entries& entries) {
    std::map<Datagram, Places> found;
    for (std::size_t place = 0; place < entries.size(); ++place) {
        const Bytes frame = entries[place].bytes;
        const auto ip = ipv4_view(frame);
        if (!ip || !ip->fragment || !ip_checksum_right(frame)) continue;
        found[{be32(frame, kIpSource), be32(frame, kIpDestination), be16(frame, kIpId), ip->protocol}].push_back(place);
    }
    return found;
}

/// The whole frame, when the fragments follow each other without a hole and without an overlap.
std::optional<FrameBytes> assemble(const Entries& entries, Places places) {
    std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
        return offset_of(entries[a].bytes) < offset_of(entries[b].bytes);
    });
    FrameBytes whole = entries[places.front()].bytes;
    const auto first = *ipv4_view(whole);
    whole.resize(first.payload());
    bool more = true;
    for (const std::size_t place : places) {
        const FrameBytes& frame = entries[place].bytes;
        const auto ip = *ipv4_view(frame);
        if (!more || offset_of(frame) != whole.size() - first.payload()) return std::nullopt;
        whole.insert(whole.end(), frame.begin() + static_cast<std::ptrdiff_t>(ip.payload()),
                     frame.begin() + static_cast<std::ptrdiff_t>(ip.packet_end));
        more = (be16(frame, kIpFragment) & kMoreFragments) != 0;
    }
    if (more || whole.size() - kEthernetHeader > kLongestPacket) return std::nullopt;
    put16(whole, kEthernetHeader + kTotalLength, static_cast<std::uint16_t>(whole.size() - kEthernetHeader));
    put16(whole, kIpFragment, be16(whole, kIpFragment) & static_cast<std::uint16_t>(~(kMoreFragments | kOffset)));
    make_ip_checksum(whole);
    return whole;
}

}  // namespace

void forgive_fragments(Side& side, const Facts&) {
    for (Entries& port : side) {
        std::vector<bool> gone(port.size());
        for (const auto& [datagram, places] : collect(port)) {
            auto whole = assemble(port, places);
            if (!whole) continue;
            port[places.front()].bytes = std::move(*whole);
            for (std::size_t i = 1; i < places.size(); ++i) gone[places[i]] = true;
        }
        std::size_t place = 0;
        std::erase_if(port, [&](const Entry&) { return gone[place++]; });
    }
}

}  // namespace turnpike::diff
