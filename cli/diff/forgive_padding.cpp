// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

constexpr std::size_t kMinFrame = 60;  // IEEE 802.3 3.2.7, without FCS
constexpr std::size_t kArpPacket = 28;

/// First byte that may be padding.
std::size_t packet_end(Bytes frame) {
    if (const auto ip = ipv4_view(frame)) return ip->packet_end;
    if (ether_type(frame) == kEtherArp) return kEthernetHeader + kArpPacket;
    return kEthernetHeader;
}

}  // namespace

void forgive_padding(Side& side, const Facts&) {
    for_each_frame(side, [](FrameBytes& frame) {
        if (frame.size() > kMinFrame) return;
        const std::size_t end = packet_end(frame);
        while (frame.size() > end && frame.back() == 0) frame.pop_back();
    });
}

}  // namespace turnpike::diff
