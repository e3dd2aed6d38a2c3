// SPDX-License-Identifier: Apache-2.0
// Frames of many flows, made instead of read from a capture. Knows no SystemC.
#pragma once
#include <array>
#include <cstdint>

#include "models/link/capture.h"

namespace turnpike {

/// Addresses of a prefix, taken in turn.
struct AddressRange {
    std::uint32_t first = 0;
    std::uint64_t count = 1;
};

struct Generator {
    std::array<std::uint8_t, 6> source_mac{};
    std::array<std::uint8_t, 6> destination_mac{};
    AddressRange source, destination;
    std::uint16_t source_port = 1024;  ///< of flow 0; those of the others count up from it
    std::uint16_t destination_port = 9;
    std::uint8_t protocol = 17;  ///< UDP, or 6: TCP
    std::uint8_t ttl = 64;
    std::uint32_t bytes = 64;  ///< of a frame, its FCS included
    std::uint64_t frames = 0;
    std::uint64_t flows = 1;
    double start_ns = 0;
    double interval_ns = 0;  ///< from frame to frame; 0: as fast as the wire carries them
    std::uint64_t seed = 1;  ///< which flow comes next
};

/// IPv4 frames with right checksums. The identification field of a flow's frames counts up from 0.
Capture generate(const Generator& generator);
/// Frames of both, in the order of their times; those of `made` count from the earliest whole second of `epoch_ns`.
void merge(Capture& into, Capture made, std::uint64_t epoch_ns);
/// The earliest whole second of captures; 0 where they are empty.
std::uint64_t epoch_of(const std::vector<Capture>& captures);

}  // namespace turnpike
