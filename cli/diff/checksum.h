// SPDX-License-Identifier: Apache-2.0
// Internet checksums of a frame (RFC 1071), and changes of a field that leave them right. A frame whose checksum was
// wrong before stays as it was: what is forgiven about a field is never forgiven about its checksum.
#pragma once
#include "cli/diff/packet.h"

namespace turnpike::diff {

/// Of the bytes, begun with `sum`; 0 over bytes that hold their own right checksum.
std::uint16_t internet_checksum(Bytes bytes, std::uint32_t sum = 0);
void put16(FrameBytes& frame, std::size_t at, std::uint16_t value);

/// Of the IPv4 header that begins at `at`; false when it does not lie in the frame.
bool ip_checksum_right(Bytes frame, std::size_t at = kEthernetHeader);
void make_ip_checksum(FrameBytes& frame, std::size_t at = kEthernetHeader);
bool icmp_checksum_right(Bytes frame, const Ipv4View& ip);
void make_icmp_checksum(FrameBytes& frame, const Ipv4View& ip);
/// TCP's, UDP's or ICMP's. True for what has none and for fragments, whose sum covers more than the frame.
bool transport_checksum_right(Bytes frame, const Ipv4View& ip);

/// Where the transport checksum of a packet lies: none for a later fragment, other protocols and UDP without one.
std::optional<std::size_t> transport_checksum_at(Bytes frame, const Ipv4View& ip);

/// Writes a 16-bit word and changes the checksum at `sum_at` by the difference (RFC 1624).
void replace_word(FrameBytes& frame, std::size_t at, std::uint16_t value, std::size_t sum_at);

/// Runs `edit` on a frame whose IPv4 header has a right checksum, and makes that right again.
template <typename Edit>
void edit_ip_header(FrameBytes& frame, const Edit& edit) {
    if (!ipv4_view(frame) || !ip_checksum_right(frame)) return;
    edit();
    make_ip_checksum(frame);
}

}  // namespace turnpike::diff
