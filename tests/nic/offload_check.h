// SPDX-License-Identifier: Apache-2.0
// Random frames through the NIC, judged by software of the tests' own. Each check answers with the first fault, or with
// nothing; one check a process.
#pragma once
#include <cstdint>
#include <string>

namespace turnpike {

/// Received checksums: good and bad frames of TCP and UDP over IPv4 and IPv6, with options, fragments, UDP without a
/// checksum, VLAN tags.
std::string check_verdicts(std::uint64_t frames, std::uint64_t seed);
/// Segmentation of packets up to 256 KiB: the segments' headers are right and their payloads make the input.
std::string check_segmentation(std::uint64_t packets, std::uint64_t seed);

}  // namespace turnpike
