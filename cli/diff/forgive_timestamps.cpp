// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/diff/checksum.h"
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

// RFC 791 3.1
constexpr std::uint8_t kEndOfOptions = 0, kNoOperation = 1, kTimestampOption = 68;
constexpr std::uint8_t kTimesOnly = 0;
constexpr std::size_t kTime = 4, kFirstEntry = 4;
// RFC 792: receive and transmit timestamp of a timestamp reply
constexpr std::uint8_t kTimestampReply = 14;
constexpr std::size_t kReceiveTime = 12, kTimestampMessage = 20;

/// The option's entries that the pointer says are filled: times alone, or each behind an address.
void clear_times(FrameBytes& frame, std::size_t option, std::size_t length) {
    if (length < kFirstEntry) return;
    const bool times_only = (frame[option + 3] & 0x0F) == kTimesOnly;
    const std::size_t entry = times_only ? kTime : 2 * kTime;
    const std::size_t filled = std::min<std::size_t>(length, frame[option + 2] - 1U);
    for (std::size_t at = kFirstEntry; at + entry <= filled; at += entry) {
        const auto time = frame.begin() + static_cast<std::ptrdiff_t>(option + at + entry - kTime);
        std::fill(time, time + kTime, std::uint8_t{0});
    }
}

void clear_options(FrameBytes& frame, std::size_t header, std::size_t header_bytes) {
    const std::size_t end = header + header_bytes;
    for (std::size_t at = header + 20; at < end && frame[at] != kEndOfOptions;) {
        if (frame[at] == kNoOperation) {
            ++at;
            continue;
        }
        if (at + 1 >= end || frame[at + 1] < 2 || at + frame[at + 1] > end) return;
        if (frame[at] == kTimestampOption) clear_times(frame, at, frame[at + 1]);
        at += frame[at + 1];
    }
}

/// The quoted checksum is the sender's: right where the packet is quoted as it came, wrong where the router had noted
/// its time in it before.
void clear_quoted_options(FrameBytes& frame) {
    const auto quote = icmp_quote(frame);
    if (!quote) return;
    const bool as_it_came = ip_checksum_right(frame, quote->at);
    const auto ip = *ipv4_view(frame);
    if (!icmp_checksum_right(frame, ip)) return;
    clear_options(frame, quote->at, quote->header_bytes);
    if (as_it_came) make_ip_checksum(frame, quote->at);
    make_icmp_checksum(frame, ip);
}

}  // namespace

void forgive_ip_timestamps(Side& side, const Facts&) {
    for_each_frame(side, [](FrameBytes& frame) {
        const auto ip = ipv4_view(frame);
        if (!ip) return;
        edit_ip_header(frame, [&] { clear_options(frame, kEthernetHeader, ip->header_bytes); });
        clear_quoted_options(frame);
    });
}

void forgive_icmp_timestamps(Side& side, const Facts&) {
    for_each_frame(side, [](FrameBytes& frame) {
        const auto ip = ipv4_view(frame);
        if (!ip || ip->protocol != kIcmp || ip->fragment || ip->payload() + kTimestampMessage > ip->packet_end) return;
        if (frame[ip->payload()] != kTimestampReply || !icmp_checksum_right(frame, *ip)) return;
        const auto times = frame.begin() + static_cast<std::ptrdiff_t>(ip->payload() + kReceiveTime);
        std::fill(times, times + 2 * kTime, std::uint8_t{0});
        make_icmp_checksum(frame, *ip);
    });
}

}  // namespace turnpike::diff
