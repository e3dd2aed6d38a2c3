// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "models/nic/rx/filter.h"
#include "models/nic/tx/transmitter.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;
using regs::Fate;

/// 7.2.1.1: longest frame that the device sends, with FCS.
constexpr std::uint64_t kMaxFrameBytes = 15'872;

/// The last four bytes are the FCS that software made (IFCS clear): takes them off and says whether they are wrong.
bool take_fcs(std::vector<std::uint8_t>& bytes) {
    std::uint32_t given = 0;
    for (unsigned i = 0; i < kFcsBytes; ++i)
        given |= static_cast<std::uint32_t>(bytes[bytes.size() - kFcsBytes + i]) << (i * 8);
    bytes.resize(bytes.size() - kFcsBytes);
    return given != frame_check_sequence(bytes.data(), bytes.size());
}

}  // namespace

std::uint64_t Transmitter::longest_frame() const { return std::min(kMaxFrameBytes - kFcsBytes, buffer_bytes()); }

void Transmitter::finish(Segment& segment) {
    if (!segment.mistake.empty()) return fault(segment, Fate::tx_bad_descriptor);
    assemble(segment);
    if (!segment.answered) return fault(segment, Fate::tx_bus_error);
    if (segment.eop) send(segment);
    descriptor_done(segment);
}

void Transmitter::assemble(Segment& segment) {
    if (!assembly_.begun) {
        assembly_ = {std::move(segment.data), segment.address, true};
        return;
    }
    assembly_.bytes.insert(assembly_.bytes.end(), segment.data.begin(), segment.data.end());
}

/// A whole packet is here: its frames go to the wire.
void Transmitter::send(const Segment& last) {
    const std::uint64_t buffered = assembly_.bytes.size();
    const FrameId id = parts_.observer.fetched(parts_.port, assembly_.address);
    const bool insert_fcs = last.ifcs && r::HLREG0_TXCRCEN.test(parts_.registers.get(r::HLREG0));
    const bool bad_fcs = !insert_fcs && take_fcs(assembly_.bytes);
    std::vector<FrameBytes> frames = apply(last.offload, std::move(assembly_.bytes), parts_.registers);
    assembly_ = {};
    for (std::size_t n = 0; n < frames.size(); ++n)
        enqueue(*last.queue, {std::move(frames[n]), id, bad_fcs}, last.ifcs, n + 1 == frames.size() ? buffered : 0);
}

void Transmitter::enqueue(Queue& queue, Frame frame, bool insert_fcs, std::uint64_t buffered) {
    if (insert_fcs && r::HLREG0_TXPADEN.test(parts_.registers.get(r::HLREG0)) && frame.bytes.size() < kMinFrameBytes)
        frame.bytes.resize(kMinFrameBytes);
    outgoing_.push_back({std::move(frame), queue.number, now_ps() + parts_.processing_ps(), buffered});
    start_next();
}

void Transmitter::send_control(Frame frame) {
    control_ = Outgoing{std::move(frame), std::nullopt, now_ps(), 0};
    start_next();
}

/// Puts the next frame on the wire, if that is free. A pause holds data frames back (IEEE 802.3 31B.3.2), not one that
/// has begun, and not the MAC's own.
void Transmitter::start_next() {
    if (leaving_ || (!control_ && outgoing_.empty())) return;
    assert(wire_ != nullptr && "the port was not connected");
    if (!control_ && parts_.flow_control.paused_until_ps() > now_ps())
        return unpaused_.at(parts_.flow_control.paused_until_ps());
    Outgoing next = control_ ? std::move(*control_) : std::move(outgoing_.front());
    if (control_)
        control_.reset();
    else
        outgoing_.pop_front();
    const auto bytes = static_cast<unsigned>(next.frame.bytes.size());
    const Cast cast = bytes < kEthernetHeaderBytes ? Cast::unicast : cast_of(next.frame.bytes);
    leaving_ = Leaving{next.frame.id, bytes, cast, next.queue, next.buffered};
    const WireTiming timing = wire_->transmit(std::move(next.frame), std::max(next.ready_ps, now_ps()));
    leaving_->first_ps = timing.first_ps;
    left_.at(timing.last_ps);
}

/// Software's mistake: the frame is lost and the queue stops, so that it is seen.
void Transmitter::fault(const Segment& segment, Fate fate) {
    Queue& queue = *segment.queue;
    const std::uint64_t address = assembly_.begun ? assembly_.address : segment.address;
    parts_.observer.tx_dropped(parts_.observer.fetched(parts_.port, address), fate);
    if (fate == Fate::tx_bus_error) return ring_error(queue);
    parts_.statistics.count(Counter::tx_bad_descriptors);
    if (!queue.mistake_told)
        diagnose(fmt::format("{}: tx descriptor {} of queue {} cannot be sent: {}; the queue has stopped", name(),
                             segment.index, queue.number, segment.mistake));
    queue.mistake_told = true;
    stop_queue(queue);
}

void Transmitter::leave() {
    const Leaving left = *leaving_;
    leaving_.reset();
    start_next();
    const unsigned bytes = left.bytes;
    Statistics& statistics = parts_.statistics;
    statistics.count(Counter::tx_packets);
    statistics.count(Counter::tx_bytes, bytes + kFcsBytes);
    statistics.count(Counter::tx_total);
    statistics.count_size(r::PTC64, bytes + kFcsBytes);
    if (left.queue) statistics.count_queue_tx(*left.queue, bytes + kFcsBytes);
    if (left.cast == Cast::broadcast) statistics.bump(r::BPTC);
    if (left.cast == Cast::multicast) statistics.bump(r::MPTC);
    parts_.observer.sent(parts_.port, left.id, bytes, left.first_ps);
    buffered_ -= left.buffered;
    if (may_claim()) readers_.wake();
}

}  // namespace turnpike::nic
