// SPDX-License-Identifier: Apache-2.0
#include "models/soc/flight_recorder.h"

#include "models/core/clock.h"

namespace turnpike {

using regs::Fate;

void FlightRecorder::expect(const std::vector<std::uint16_t>& in_ports) {
    frames_.assign(in_ports.size(), {});
    for (std::size_t i = 0; i < in_ports.size(); ++i) frames_[i].in_port = in_ports[i];
}

void FlightRecorder::mark(FrameId frame, Point point, std::uint64_t ps) {
    if (frame < frames_.size()) frames_[frame].at[static_cast<unsigned>(point)] = ps;
}

void FlightRecorder::end(FrameId frame, Fate fate) {
    if (frame < frames_.size() && frames_[frame].fate == Fate::count) frames_[frame].fate = fate;
}

void FlightRecorder::arrived(unsigned, FrameId frame, unsigned bytes) {
    mark(frame, Point::arrived, now_ps());
    if (frame < frames_.size()) frames_[frame].bytes = bytes;
}

void FlightRecorder::dropped(FrameId frame, Fate fate) { end(frame, fate); }

FrameId FlightRecorder::retag(std::uint64_t address, FrameId frame) {
    const FrameId before = tags_.put(address, frame);
    if (before < frames_.size()) --frames_[before].tags;
    if (frame < frames_.size()) ++frames_[frame].tags;
    return before;
}

/// A frame that was in this memory alone, and neither left nor was freed, can no longer be anywhere.
void FlightRecorder::end_if_lost(FrameId frame) {
    if (frame < frames_.size() && frames_[frame].tags == 0 && !frames_[frame].reached(Point::fetched))
        end(frame, Fate::lost);
}

void FlightRecorder::stored(FrameId frame, std::uint64_t address, std::uint64_t visible_ps) {
    end_if_lost(retag(address, frame));
    mark(frame, Point::stored, visible_ps);
}

void FlightRecorder::written_back(FrameId frame, std::uint64_t visible_ps) {
    mark(frame, Point::written_back, visible_ps);
}

FrameId FlightRecorder::fetched(unsigned, std::uint64_t address) {
    const FrameId frame = retag(address, kNoFrame);
    mark(frame, Point::fetched, now_ps());
    return frame;
}

void FlightRecorder::tx_dropped(FrameId frame, Fate fate) { end(frame, fate); }

void FlightRecorder::sent(unsigned port, FrameId frame, unsigned, std::uint64_t first_ps) {
    if (frame >= frames_.size()) {
        ++generated_;
        if (frame != kNoFrame) ++answered_;
        return;
    }
    ++forwarded_;
    mark(frame, Point::first_bit, first_ps);
    mark(frame, Point::last_bit, now_ps());
    frames_[frame].out_port = static_cast<std::uint16_t>(port);
    frames_[frame].fate = Fate::forwarded;
}

void FlightRecorder::passes(Point point, std::uint64_t address, std::uint64_t ps) {
    mark(tags_.find(address), point, ps);
}

void FlightRecorder::freed(std::uint64_t address, Fate fate) {
    const FrameId frame = retag(address, kNoFrame);
    if (fate >= Fate::count) {
        if (frame < frames_.size() && frames_[frame].tags == 0) end(frame, vanished(frames_[frame]));
        return;
    }
    ++told_[static_cast<unsigned>(fate)];
    end(frame, fate);
}

void FlightRecorder::answers(std::uint64_t child, std::uint64_t cause) {
    const FrameId frame = tags_.find(cause);
    retag(child, frame == kNoFrame ? kNoFrame : frame | kAnswer);
}

void FlightRecorder::inherits(std::uint64_t child, std::uint64_t parent) { retag(child, tags_.find(parent)); }

/// Of a frame that neither left nor died before its memory was given back: in a ring that was emptied when its device
/// went down, or by a defect.
Fate FlightRecorder::vanished(const FrameRecord& record) {
    if (!record.reached(Point::driver)) return Fate::rx_disabled;
    return record.reached(Point::ring) ? Fate::device_down : Fate::lost;
}

Fate FlightRecorder::where(const FrameRecord& record) {
    if (!record.reached(Point::arrived)) return Fate::end_on_wire;
    if (!record.reached(Point::stored)) return Fate::end_in_nic;
    if (record.reached(Point::ring) || record.reached(Point::fetched)) return Fate::end_in_tx;
    return record.reached(Point::driver) ? Fate::end_in_stack : Fate::end_in_ring;
}

void FlightRecorder::finish() {
    for (FrameRecord& record : frames_)
        if (record.fate == Fate::count) record.fate = where(record);
}

std::array<std::uint64_t, regs::kFateCount> FlightRecorder::by_fate() const {
    std::array<std::uint64_t, regs::kFateCount> sums{};
    for (const FrameRecord& record : frames_)
        if (record.fate != Fate::count) ++sums[static_cast<unsigned>(record.fate)];
    return sums;
}

}  // namespace turnpike
