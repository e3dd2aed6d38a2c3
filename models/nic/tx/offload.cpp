// SPDX-License-Identifier: Apache-2.0
#include "models/nic/tx/offload.h"

#include <algorithm>
#include <span>

#include "models/nic/checksum.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::size_t kTagAt = 12, kTagBytes = 4;
// Offsets in headers: RFC 791 3.1, RFC 2460 3, RFC 793 3.1, RFC 768.
constexpr std::size_t kIpv4Length = 2, kIpv4Id = 4, kIpv4Checksum = 10, kIpv6Length = 4, kIpv6Header = 40;
constexpr std::size_t kTcpSequence = 4, kTcpFlags = 12, kTcpChecksum = 16, kUdpLength = 4, kUdpChecksum = 6;
constexpr std::size_t kIpv4Header = 20;

/// The lengths that a context descriptor gives (7.2.3.2.3).
struct Layout {
    explicit Layout(const std::uint64_t* context)
        : network(r::TX_CONTEXT_MACLEN.get(context)),
          transport(network + r::TX_CONTEXT_IPLEN.get(context)),
          payload(transport + r::TX_CONTEXT_L4LEN.get(context)),
          mss(r::TX_CONTEXT_MSS.get(context)),
          kind(r::TX_CONTEXT_L4T.get(context)),
          ipv4(r::TX_CONTEXT_IPV4.get(context) != 0) {}
    std::size_t network, transport, payload, mss;
    std::uint64_t kind;
    bool ipv4;
    std::size_t checksum() const { return transport + (kind == r::kContextTcp ? kTcpChecksum : kUdpChecksum); }
};

unsigned get16(const FrameBytes& frame, std::size_t at) {
    return static_cast<unsigned>(frame[at]) << 8 | frame[at + 1];
}

void put16(FrameBytes& frame, std::size_t at, std::size_t value) {
    frame[at] = static_cast<std::uint8_t>(value >> 8);
    frame[at + 1] = static_cast<std::uint8_t>(value);
}

void add32(FrameBytes& frame, std::size_t at, std::size_t amount) {
    std::uint32_t value = get16(frame, at) << 16 | get16(frame, at + 2);
    value += static_cast<std::uint32_t>(amount);
    put16(frame, at, value >> 16);
    put16(frame, at + 2, value & 0xFFFF);
}

std::uint16_t sum_from(const FrameBytes& frame, std::size_t from, std::size_t to) {
    return ones_sum(std::span(frame).subspan(from, to - from));
}

/// 7.2.5.1: the IPv4 header's own checksum; what stood in the field does not count.
void network_checksum(FrameBytes& frame, const Layout& at) {
    put16(frame, at.network + kIpv4Checksum, 0);
    put16(frame, at.network + kIpv4Checksum, 0xFFFFU & ~sum_from(frame, at.network, at.transport));
}

/// 7.2.5.2: software has put the pseudo header's sum into the field. RFC 768: a UDP checksum of 0 is sent as ones.
void transport_checksum(FrameBytes& frame, const Layout& at) {
    unsigned value = 0xFFFFU & ~sum_from(frame, at.transport, frame.size());
    if (value == 0 && at.kind == r::kContextUdp) value = 0xFFFF;
    put16(frame, at.checksum(), value);
}

void checksums(FrameBytes& frame, const Offload& offload) {
    const Layout at(offload.context);
    if (offload.network_checksum && at.ipv4) network_checksum(frame, at);
    if (offload.transport_checksum) transport_checksum(frame, at);
    if (offload.legacy_checksum) put16(frame, offload.place, 0xFFFFU & ~sum_from(frame, offload.start, frame.size()));
}

void insert_tag(FrameBytes& frame, std::uint16_t vlan, std::uint64_t type) {
    frame.insert(frame.begin() + kTagAt, kTagBytes, 0);
    put16(frame, kTagAt, type);
    put16(frame, kTagAt + 2, vlan);
}

/// 7.2.4.7: the header of segment `number` of `last` + 1.
void adapt_header(FrameBytes& frame, const Layout& at, std::size_t number, std::size_t last,
                  const RegisterFile& registers) {
    const std::size_t length = frame.size() - at.transport;
    if (at.ipv4) {
        put16(frame, at.network + kIpv4Length, frame.size() - at.network);
        put16(frame, at.network + kIpv4Id, get16(frame, at.network + kIpv4Id) + number);
    } else {
        put16(frame, at.network + kIpv6Length, frame.size() - at.network - kIpv6Header);
    }
    if (at.kind == r::kContextTcp) {
        add32(frame, at.transport + kTcpSequence, number * at.mss);
        const std::uint64_t low = registers.get(r::DTXTCPFLGL), high = registers.get(r::DTXTCPFLGH);
        std::uint64_t kept = number == 0 ? r::DTXTCPFLGL_FIRST.get(low) : r::DTXTCPFLGL_MIDDLE.get(low);
        if (number == last) kept = r::DTXTCPFLGH_LAST.get(high);
        constexpr std::uint64_t kOffsetBits = 0xF000;
        put16(frame, at.transport + kTcpFlags, get16(frame, at.transport + kTcpFlags) & (kept | kOffsetBits));
    } else {
        put16(frame, at.transport + kUdpLength, length);
    }
    // Software's pseudo header leaves the length out, as it differs (7.2.4.5).
    const std::uint32_t sum = get16(frame, at.checksum()) + static_cast<std::uint32_t>(length);
    put16(frame, at.checksum(), (sum & 0xFFFF) + (sum >> 16));
}

std::vector<FrameBytes> segments(const Offload& offload, const FrameBytes& packet, const RegisterFile& registers) {
    const Layout at(offload.context);
    const std::size_t total = packet.size() - at.payload;
    const std::size_t count = std::max<std::size_t>((total + at.mss - 1) / at.mss, 1);
    std::vector<FrameBytes> frames;
    for (std::size_t n = 0; n < count; ++n) {
        const auto begin = packet.begin() + static_cast<std::ptrdiff_t>(at.payload + n * at.mss);
        const auto bytes = static_cast<std::ptrdiff_t>(std::min(at.mss, total - n * at.mss));
        FrameBytes& frame =
            frames.emplace_back(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(at.payload));
        frame.insert(frame.end(), begin, begin + bytes);
        adapt_header(frame, at, n, count - 1, registers);
        checksums(frame, offload);
    }
    return frames;
}

}  // namespace

const char* offload_mistake(const Offload& offload, std::size_t packet_bytes) {
    const Layout at(offload.context);
    if (offload.legacy_checksum && (offload.place + 2U > packet_bytes || offload.start >= packet_bytes))
        return "its checksum lies outside the frame";
    if (offload.tag && packet_bytes < kTagAt) return "its frame is too short for a VLAN tag";
    if (offload.network_checksum && at.ipv4 && (at.transport < at.network + kIpv4Header || at.transport > packet_bytes))
        return "its context gives no room for an IPv4 header";
    if ((offload.transport_checksum || offload.segment) &&
        (at.kind > r::kContextTcp || at.checksum() + 2 > packet_bytes))
        return "its context gives no room for a TCP or UDP header";
    if (!offload.segment) return nullptr;
    if (at.mss == 0) return "its context has an MSS of 0";
    const std::size_t least = at.transport + (at.kind == r::kContextTcp ? kTcpChecksum + 4 : kUdpChecksum + 2);
    if (at.payload < least || at.payload > packet_bytes || at.transport < at.network + kIpv4Header)
        return "its context gives no room for the headers to repeat";
    return nullptr;
}

Extent extent(const Offload& offload, std::size_t packet_bytes) {
    Extent result{1, packet_bytes};
    if (offload.segment) {
        const Layout at(offload.context);
        const std::size_t payload = packet_bytes - at.payload;
        result.frames = std::max<std::size_t>((payload + at.mss - 1) / at.mss, 1);
        result.bytes = payload + result.frames * at.payload;
    }
    if (offload.tag) result.bytes += result.frames * kTagBytes;
    return result;
}

std::vector<FrameBytes> apply(const Offload& offload, FrameBytes packet, const RegisterFile& registers) {
    std::vector<FrameBytes> frames;
    if (offload.segment) {
        frames = segments(offload, packet, registers);
    } else {
        checksums(packet, offload);
        frames.push_back(std::move(packet));
    }
    if (offload.tag)
        for (FrameBytes& frame : frames)
            insert_tag(frame, offload.vlan, r::DMATXCTL_VT.get(registers.get(r::DMATXCTL)));
    return frames;
}

}  // namespace turnpike::nic
