// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/checksum.h"
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

constexpr std::size_t kLeastQuotedPayload = 8;  // RFC 792
constexpr std::size_t kTtl = 8, kTotalLength = 2;

}  // namespace

FrameBytes with_least_quote(const FrameBytes& frame) {
    const auto quote = icmp_quote(frame);
    if (!quote) return frame;
    const auto ip = *ipv4_view(frame);
    const std::size_t end = quote->transport() + kLeastQuotedPayload;
    if (ip.packet_end <= end || !ip_checksum_right(frame) || !icmp_checksum_right(frame, ip)) return frame;
    FrameBytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(end));
    put16(cut, kEthernetHeader + kTotalLength, static_cast<std::uint16_t>(end - kEthernetHeader));
    make_ip_checksum(cut);
    make_icmp_checksum(cut, *ipv4_view(cut));
    return cut;
}

void forgive_quote(Side& side, const Facts&) {
    for_each_frame(side, [](FrameBytes& frame) { frame = with_least_quote(frame); });
}

void forgive_inner_ttl(Side& side, const Facts&) {
    for_each_frame(side, [](FrameBytes& frame) {
        const auto quote = icmp_quote(frame);
        if (!quote || !ip_checksum_right(frame, quote->at)) return;
        const auto ip = *ipv4_view(frame);
        if (!icmp_checksum_right(frame, ip)) return;
        frame[quote->at + kTtl] = 0;
        make_ip_checksum(frame, quote->at);
        make_icmp_checksum(frame, ip);
    });
}

}  // namespace turnpike::diff
