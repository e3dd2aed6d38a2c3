// SPDX-License-Identifier: Apache-2.0
// Changes of a frame that a router may meet and should not mind.
#pragma once
#include <cstdint>
#include <vector>

#include "bench/mutated/random.h"

namespace turnpike::mutated {

using Bytes = std::vector<std::uint8_t>;

/// Longer than what a port with an MTU of 1,500 accepts.
inline constexpr std::size_t kLongestFrame = 1600;

/// A few changes, of any part of the frame; parts of `other` may come into it.
void mutate(Bytes& frame, const Bytes& other, Random& random);
/// Length and checksum of an IPv4 header, as far as it lies in the frame.
void mend_ip(Bytes& frame);
/// The checksum of an ICMP, IGMP, TCP or UDP message in one piece.
void mend_transport(Bytes& frame);
/// Pieces of an IPv4 packet in any order, some of them twice, missing or overlapping; nothing where it cannot be cut.
std::vector<Bytes> fragments(const Bytes& frame, Random& random);

}  // namespace turnpike::mutated
