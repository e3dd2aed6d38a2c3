// SPDX-License-Identifier: Apache-2.0
#include "models/link/generator.h"

#include <algorithm>
#include <iterator>

namespace turnpike {
namespace {

constexpr std::size_t kFcsBytes = 4;
constexpr std::size_t kIpAt = 14, kTransportAt = 34;
constexpr std::uint8_t kTcp = 6;
// RFC 791 3.1, RFC 768, RFC 9293 3.1: where a header's checksum is.
constexpr std::size_t kIpChecksum = 10, kUdpChecksum = 6, kTcpChecksum = 16;
constexpr std::uint8_t kTcpHeaderWords = 5, kTcpAck = 0x10;

using Bytes = std::vector<std::uint8_t>;

void put16(Bytes& frame, std::size_t at, std::uint64_t value) {
    frame[at] = static_cast<std::uint8_t>(value >> 8);
    frame[at + 1] = static_cast<std::uint8_t>(value);
}
void put32(Bytes& frame, std::size_t at, std::uint64_t value) {
    put16(frame, at, value >> 16);
    put16(frame, at + 2, value);
}

std::uint64_t sum(const Bytes& frame, std::size_t from, std::size_t to) {
    std::uint64_t total = 0;
    for (std::size_t i = from; i < to; ++i) total += (i - from) % 2 == 0 ? frame[i] << 8 : frame[i];
    return total;
}

std::uint16_t checksum(std::uint64_t total) {
    while (total >> 16 != 0) total = (total & 0xFFFF) + (total >> 16);
    return static_cast<std::uint16_t>(~total);
}

std::uint32_t address(const AddressRange& range, std::uint64_t flow) {
    return static_cast<std::uint32_t>(range.first + flow % range.count);
}

/// A step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): small, and the same everywhere.
std::uint64_t next_random(std::uint64_t& state) {
    std::uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

Bytes frame_of(const Generator& g, std::uint64_t flow, std::uint16_t number) {
    const bool tcp = g.protocol == kTcp;
    Bytes frame(g.bytes - kFcsBytes);
    std::copy(g.destination_mac.begin(), g.destination_mac.end(), frame.begin());
    std::copy(g.source_mac.begin(), g.source_mac.end(), frame.begin() + 6);
    put16(frame, 12, 0x0800);
    frame[kIpAt] = 0x45;
    put16(frame, kIpAt + 2, frame.size() - kIpAt);
    put16(frame, kIpAt + 4, number);
    frame[kIpAt + 8] = g.ttl;
    frame[kIpAt + 9] = g.protocol;
    put32(frame, kIpAt + 12, address(g.source, flow));
    put32(frame, kIpAt + 16, address(g.destination, flow));
    put16(frame, kIpAt + kIpChecksum, checksum(sum(frame, kIpAt, kTransportAt)));
    put16(frame, kTransportAt, g.source_port + flow);
    put16(frame, kTransportAt + 2, g.destination_port);
    const std::uint64_t length = frame.size() - kTransportAt;
    if (tcp) {
        put32(frame, kTransportAt + 4, std::uint64_t{number} * (length - kTcpHeaderWords * 4U));
        frame[kTransportAt + 12] = kTcpHeaderWords << 4;
        frame[kTransportAt + 13] = kTcpAck;
    } else {
        put16(frame, kTransportAt + 4, length);
    }
    // The pseudo header: addresses, protocol, length.
    const std::uint64_t pseudo = sum(frame, kIpAt + 12, kTransportAt) + g.protocol + length;
    std::uint16_t value = checksum(pseudo + sum(frame, kTransportAt, frame.size()));
    if (value == 0 && !tcp) value = 0xFFFF;
    put16(frame, kTransportAt + (tcp ? kTcpChecksum : kUdpChecksum), value);
    return frame;
}

}  // namespace

Capture generate(const Generator& g) {
    Capture made;
    made.frames.reserve(g.frames);
    std::vector<std::uint16_t> numbers(g.flows);
    std::uint64_t random = g.seed;
    for (std::uint64_t n = 0; n < g.frames; ++n) {
        const std::uint64_t flow = next_random(random) % g.flows;
        const auto time_ns = static_cast<std::uint64_t>(g.start_ns + static_cast<double>(n) * g.interval_ns);
        made.frames.push_back(
            {time_ns, static_cast<std::uint32_t>(g.bytes - kFcsBytes), frame_of(g, flow, numbers[flow]++)});
    }
    return made;
}

std::uint64_t epoch_of(const std::vector<Capture>& captures) {
    constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
    std::uint64_t first = ~std::uint64_t{0};
    for (const Capture& capture : captures)
        for (const CapturedFrame& frame : capture.frames) first = std::min(first, frame.time_ns);
    return first == ~std::uint64_t{0} ? 0 : first - first % kNsPerSecond;
}

void merge(Capture& into, Capture made, std::uint64_t epoch_ns) {
    for (CapturedFrame& frame : made.frames) frame.time_ns += epoch_ns;
    const auto middle = static_cast<std::ptrdiff_t>(into.frames.size());
    std::move(made.frames.begin(), made.frames.end(), std::back_inserter(into.frames));
    std::inplace_merge(into.frames.begin(), into.frames.begin() + middle, into.frames.end(),
                       [](const CapturedFrame& a, const CapturedFrame& b) { return a.time_ns < b.time_ns; });
}

}  // namespace turnpike
