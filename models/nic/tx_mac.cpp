// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "models/nic/transmitter.h"
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

void Transmitter::finish(Segment segment) {
    if (!segment.mistake.empty()) return fault(segment, Fate::tx_bad_descriptor);
    assemble(segment);
    if (!segment.answered) return fault(segment, Fate::tx_bus_error);
    parts_.registers.set(r::TDH(0), ring_.next_index(segment.index));
    if (segment.rs) {
        write_backs_.push_back({ring_.address(segment.index), generation_});
        write_back_.notify();
    }
    if (segment.eop) send(segment.ifcs);
}

void Transmitter::assemble(Segment& segment) {
    if (!assembly_.begun) {
        assembly_ = {std::move(segment.data), segment.address, true};
        return;
    }
    assembly_.bytes.insert(assembly_.bytes.end(), segment.data.begin(), segment.data.end());
}

void Transmitter::send(bool insert_fcs) {
    assert(wire_ != nullptr && "the port was not connected");
    const std::uint64_t buffered = assembly_.bytes.size();
    Frame frame{std::move(assembly_.bytes), parts_.observer.fetched(parts_.port, assembly_.address)};
    assembly_ = {};
    const std::uint64_t control = parts_.registers.get(r::HLREG0);
    if (!insert_fcs || !r::HLREG0_TXCRCEN.test(control)) frame.bad_fcs = take_fcs(frame.bytes);
    if (insert_fcs && r::HLREG0_TXPADEN.test(control) && frame.bytes.size() < kMinFrameBytes)
        frame.bytes.resize(kMinFrameBytes);
    const FrameId id = frame.id;
    const auto bytes = static_cast<unsigned>(frame.bytes.size());
    const WireTiming timing = wire_->transmit(std::move(frame), now_ps() + parts_.processing_ps());
    leaving_.push_back({timing.first_ps, timing.last_ps, id, bytes, buffered});
    if (leaving_.size() == 1) left_.notify(from_ps(timing.last_ps - now_ps()));
}

/// Software's mistake: the frame is lost and the queue stops, so that it is seen.
void Transmitter::fault(const Segment& segment, Fate fate) {
    const std::uint64_t address = assembly_.begun ? assembly_.address : segment.address;
    parts_.observer.tx_dropped(parts_.observer.fetched(parts_.port, address), fate);
    if (fate == Fate::tx_bus_error) return ring_error();
    parts_.statistics.count(Counter::tx_bad_descriptors);
    if (!mistake_told_)
        diagnose(fmt::format("{}: tx descriptor {} cannot be sent: {}; the queue has stopped", name(), segment.index,
                             segment.mistake));
    mistake_told_ = true;
    stop_queue();
}

void Transmitter::leave() {
    const Leaving left = leaving_.front();
    leaving_.pop_front();
    if (!leaving_.empty()) left_.notify(from_ps(leaving_.front().last_ps - now_ps()));
    parts_.statistics.count(Counter::tx_packets);
    parts_.statistics.count(Counter::tx_bytes, left.bytes + kFcsBytes);
    parts_.statistics.count(Counter::tx_total);
    parts_.observer.sent(parts_.port, left.id, left.bytes, left.first_ps);
    buffered_ -= left.buffered;
    if (claimable()) readers_.wake();
}

}  // namespace turnpike::nic
