// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/normalise.h"

#include <array>
#include <stdexcept>

namespace turnpike::diff {
namespace {

constexpr std::array kNormalisers{Normaliser{"pad", strip_padding}};
constexpr std::size_t kMinFrame = 60;  // IEEE 802.3 3.2.7, without FCS
constexpr std::size_t kArpPacket = 28;

/// First byte that may be padding.
std::size_t packet_end(Bytes frame) {
    if (const auto ip = ipv4_view(frame)) return ip->packet_end;
    if (ether_type(frame) == kEtherArp) return kEthernetHeader + kArpPacket;
    return kEthernetHeader;
}

}  // namespace

std::span<const Normaliser> normalisers() { return kNormalisers; }

const Normaliser& normaliser(std::string_view name) {
    for (const Normaliser& each : kNormalisers) {
        if (each.name == name) return each;
    }
    throw std::invalid_argument("no normaliser is called " + std::string(name));
}

void strip_padding(FrameBytes& frame) {
    if (frame.size() > kMinFrame) return;
    const std::size_t end = packet_end(frame);
    while (frame.size() > end && frame.back() == 0) frame.pop_back();
}

}  // namespace turnpike::diff
