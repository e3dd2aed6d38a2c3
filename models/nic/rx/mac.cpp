// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/core/clock.h"
#include "models/nic/rx/receiver.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;
using regs::Fate;

/// Longest frame with FCS when jumbo frames are off, IEEE 802.3 3.2.7: 1500 bytes of data.
constexpr std::uint64_t kMaxFrameBytes = 1518;
constexpr std::size_t kTypeAt = 12;
constexpr unsigned kVlanTagBytes = 4;
constexpr unsigned kEtherTypeVlan = 0x8100;

unsigned type_of(std::span<const std::uint8_t> bytes) {
    return static_cast<unsigned>(bytes[kTypeAt]) << 8 | bytes[kTypeAt + 1];
}

/// 8.2.3.22.13: the limit does not count a VLAN tag.
std::uint64_t longest(const RegisterFile& registers, std::span<const std::uint8_t> bytes) {
    const std::uint64_t limit =
        r::HLREG0_JUMBOEN.test(registers.get(r::HLREG0)) ? r::MAXFRS_MFS.get(registers.get(r::MAXFRS)) : kMaxFrameBytes;
    return type_of(bytes) == kEtherTypeVlan ? limit + kVlanTagBytes : limit;
}

void append_fcs(Frame& frame) {
    std::uint32_t fcs = frame_check_sequence(frame.bytes.data(), frame.bytes.size());
    if (frame.bad_fcs) fcs = ~fcs;
    for (unsigned i = 0; i < kFcsBytes; ++i) frame.bytes.push_back(static_cast<std::uint8_t>(fcs >> (i * 8)));
}

std::uint16_t take_vlan_tag(Frame& frame) {
    const auto tag = frame.bytes.begin() + kTypeAt;
    const auto value = static_cast<std::uint16_t>(tag[2] << 8 | tag[3]);
    frame.bytes.erase(tag, tag + kVlanTagBytes);
    return value;
}

}  // namespace

void Receiver::receive(Frame frame) {
    parts_.observer.arrived(parts_.port, frame.id, static_cast<unsigned>(frame.bytes.size()));
    if (!enabled()) return drop(frame, Fate::rx_disabled);
    parts_.statistics.count(Counter::rx_total);
    parts_.statistics.add_octets(frame.bytes.size() + kFcsBytes);
    if (!passes_mac(frame)) return;
    count_length_error(frame.bytes);
    if (parts_.flow_control.takes(frame)) return drop(frame, Fate::rx_mac_control);
    const Passage passage = filter_.passage(frame.bytes);
    if (passage == Passage::none) return drop(frame, Fate::rx_filtered);
    store(std::move(frame), passage == Passage::inexact);
}

bool Receiver::enabled() const {
    return r::LINKS_LINK_UP.test(parts_.registers.get(r::LINKS)) &&
           r::RXCTRL_RXEN.test(parts_.registers.get(r::RXCTRL));
}

/// Errors in the order of the statistics' definitions: a frame below 64 bytes is a runt whatever its FCS (8.2.3.23.1).
bool Receiver::passes_mac(const Frame& frame) {
    if (frame.bytes.size() < kMinFrameBytes) {
        if (frame.bad_fcs)
            parts_.statistics.bump(r::RFC);
        else
            parts_.statistics.count(Counter::rx_undersize);
        drop(frame, Fate::rx_runt);
        return false;
    }
    if (frame.bad_fcs) parts_.statistics.count(Counter::rx_crc_errors);
    if (frame.bytes.size() + kFcsBytes > longest(parts_.registers, frame.bytes)) {
        if (frame.bad_fcs)
            parts_.statistics.bump(r::RJC);
        else
            parts_.statistics.count(Counter::rx_oversize);
        drop(frame, Fate::rx_oversize);
        return false;
    }
    if (frame.bad_fcs && !r::FCTRL_SBP.test(parts_.registers.get(r::FCTRL))) {
        drop(frame, Fate::rx_bad_fcs);
        return false;
    }
    return true;
}

/// 8.2.3.23.9: an IEEE 802.3 length field that is not the length; data shorter than 46 bytes comes padded.
void Receiver::count_length_error(std::span<const std::uint8_t> bytes) {
    constexpr unsigned kMaxLength = 1500;
    if (!r::HLREG0_RXLNGTHERREN.test(parts_.registers.get(r::HLREG0)) || type_of(bytes) > kMaxLength) return;
    const std::size_t expected = std::max<std::size_t>(kEthernetHeaderBytes + type_of(bytes), kMinFrameBytes);
    if (bytes.size() != expected) parts_.statistics.count(Counter::rx_length_errors);
}

void Receiver::count_accepted(const Frame& frame) {
    if (frame.bad_fcs) return;
    Statistics& statistics = parts_.statistics;
    statistics.count(Counter::rx_packets);
    statistics.count(Counter::rx_bytes, frame.bytes.size() + kFcsBytes);
    statistics.count_size(r::PRC64, frame.bytes.size() + kFcsBytes);
    const Cast cast = cast_of(frame.bytes);
    if (cast == Cast::broadcast) statistics.count(Counter::rx_broadcast);
    if (cast == Cast::multicast) statistics.count(Counter::rx_multicast);
}

/// The fill of the packet buffer decides about flow control.
void Receiver::set_fill(std::uint64_t bytes) {
    fifo_bytes_ = bytes;
    parts_.flow_control.level(bytes);
}

void Receiver::store(Frame frame, bool inexact) {
    Packet packet = parse(frame.bytes);
    const Steered steered = steering_.choose(frame.bytes, packet);
    if (steered.drop) {
        count_accepted(frame);
        return drop(frame, Fate::rx_flow_dropped);
    }
    const bool stripped = r::HLREG0_RXCRCSTRP.test(parts_.registers.get(r::HLREG0));
    const std::uint64_t control = parts_.registers.get(r::of_rx_queue(r::RXDCTL(0), steered.queue));
    const bool tagged = r::RXDCTL_VME.test(control) && packet.tag.has_value();
    const std::uint64_t bytes = frame.bytes.size() + (stripped ? 0 : kFcsBytes) - (tagged ? kVlanTagBytes : 0);
    if (fifo_bytes_ + bytes > parts_.registers.get(r::RXPBSIZE(0))) {
        parts_.statistics.count(Counter::rx_missed);
        parts_.interrupts.raise(static_cast<std::uint32_t>(r::EICR_RX_MISS.mask()), now_ps());
        return drop(frame, Fate::rx_fifo_overflow);
    }
    count_accepted(frame);
    const std::uint64_t octets = frame.bytes.size() + kFcsBytes;
    if (!stripped) append_fcs(frame);
    const auto vlan = tagged ? std::optional(take_vlan_tag(frame)) : std::nullopt;
    if (tagged) packet.move(-static_cast<int>(kVlanTagBytes));
    fifo_.push_back({std::move(frame), now_ps() + parts_.processing_ps(), vlan, packet, steered, inexact, octets});
    set_fill(fifo_bytes_ + bytes);
    if (fifo_.size() == 1) arrived_.notify_at(now_ps() + parts_.processing_ps());
}

}  // namespace turnpike::nic
