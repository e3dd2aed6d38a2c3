// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "models/core/diagnosis.h"
#include "models/nic/transmitter.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"

namespace turnpike::nic {
namespace {
namespace r = regs::nic;
}  // namespace

Transmitter::Transmitter(const sc_core::sc_module_name& name, const Parts& parts)
    : sc_module(name),
      parts_(parts),
      ring_("ring", parts_.dma, static_cast<unsigned>(parts_.params.descriptor_batch),
            {[this] { readers_.wake(); }, [this] { ring_error(); }}),
      readers_("read", static_cast<unsigned>(std::clamp<std::uint64_t>(parts_.pcie.outstanding_reads, 1, 64)),
               [this] { return fetch(); }) {
    SC_HAS_PROCESS(Transmitter);
    SC_METHOD(leave);
    sensitive << left_;
    dont_initialize();
    attach();
    spawn_thread("write_back", [this] { write_backs(); });
}

void Transmitter::attach() {
    RegisterFile& registers = parts_.registers;
    registers.on_write(r::TXDCTL(0), [this](std::uint64_t before, std::uint64_t) { queue_control(before); });
    registers.on_write(r::TDT(0), [this](std::uint64_t, std::uint64_t) {
        ring_.set_tail(static_cast<std::uint32_t>(parts_.registers.get(r::TDT(0))));
    });
    registers.on_write(r::DMATXCTL, [this](std::uint64_t, std::uint64_t) { readers_.wake(); });
}

/// 4.6.8.1: software sets ENABLE and polls until it reads 1; the queue starts at descriptor 0.
void Transmitter::queue_control(std::uint64_t before) {
    const bool enable = r::TXDCTL_ENABLE.test(parts_.registers.get(r::TXDCTL(0)));
    if (enable == r::TXDCTL_ENABLE.test(before)) return;
    if (!enable) return stop_queue();
    parts_.registers.set(r::TDH(0), 0);
    ring_.start(ring_base(parts_.registers, r::TDBAL(0), r::TDBAH(0)),
                static_cast<std::uint32_t>(parts_.registers.get(r::TDLEN(0)) / kDescriptorBytes),
                static_cast<std::uint32_t>(parts_.registers.get(r::TDT(0))));
}

void Transmitter::stop_queue() {
    ++generation_;
    ring_.stop();
    // Reads under way end later: their segments stay until then.
    for (Segment& segment : segments_) segment.cancelled = true;
    buffered_ -= assembly_.bytes.size();
    assembly_ = {};
    claimed_frame_bytes_ = 0;
    faulty_ = false;
    parts_.registers.set(r::TXDCTL(0), parts_.registers.get(r::TXDCTL(0)) & ~r::TXDCTL_ENABLE.mask());
}

void Transmitter::reset() {
    stop_queue();
    error_told_ = mistake_told_ = false;
}

void Transmitter::ring_error() {
    parts_.statistics.count(Counter::tx_bus_errors);
    if (!error_told_) diagnose(fmt::format("{}: bus error in tx DMA; the queue has stopped", name()));
    error_told_ = true;
    stop_queue();
}

/// The next descriptor may be worked on: there is room for what it describes (7.2.1.2), and its read does not run
/// further ahead than reads may be outstanding.
bool Transmitter::claimable() const {
    if (!ring_.ready() || faulty_ || !r::DMATXCTL_TE.test(parts_.registers.get(r::DMATXCTL))) return false;
    if (segments_.size() >= std::max<std::uint64_t>(2 * parts_.pcie.outstanding_reads, 2)) return false;
    return buffered_ + r::TX_READ_DTALEN.get(ring_.front().quadwords) <= buffer_bytes();
}

Transmitter::Segment Transmitter::parse(const Descriptor& descriptor) {
    const std::uint64_t* words = descriptor.quadwords;
    Segment segment{};
    segment.address = r::TX_READ_ADDRESS.get(words);
    segment.index = descriptor.index;
    segment.bytes = static_cast<std::uint16_t>(r::TX_READ_DTALEN.get(words));
    segment.eop = r::TX_READ_EOP.get(words) != 0;
    segment.rs = r::TX_READ_RS.get(words) != 0;
    segment.ifcs = r::TX_READ_IFCS.get(words) != 0;
    segment.answered = true;
    segment.mistake = mistake_in(descriptor, segment);
    return segment;
}

std::string Transmitter::mistake_in(const Descriptor& descriptor, const Segment& segment) const {
    const std::uint64_t type = r::TX_READ_DTYP.get(descriptor.quadwords);
    if (r::TX_READ_DEXT.get(descriptor.quadwords) == 0)
        return "it is a legacy descriptor, expected an advanced data descriptor (DEXT set)";
    if (type != r::kDescriptorTypeAdvancedData)
        return fmt::format("its type is {}, expected {} (advanced data)", type, r::kDescriptorTypeAdvancedData);
    const std::uint64_t frame = claimed_frame_bytes_ + segment.bytes;
    if (frame > longest_frame())
        return fmt::format("its frame has {} bytes, expected at most {}", frame, longest_frame());
    if (segment.eop && frame <= (segment.ifcs ? 0 : kFcsBytes))
        return fmt::format("its frame has {} bytes, nothing to send", frame);
    return {};
}

/// One descriptor's data, for Workers.
bool Transmitter::fetch() {
    if (!claimable()) return false;
    Segment& segment = segments_.emplace_back(parse(ring_.take()));
    claimed_frame_bytes_ = segment.eop ? 0 : claimed_frame_bytes_ + segment.bytes;
    faulty_ = !segment.mistake.empty();
    if (claimable()) readers_.wake();
    if (!faulty_) {
        buffered_ += segment.bytes;
        segment.data.reserve(std::max<std::size_t>(segment.bytes, kMinFrameBytes));
        segment.data.resize(segment.bytes);
        if (segment.bytes != 0) segment.answered = parts_.dma.read(segment.address, segment.data.data(), segment.bytes);
    }
    segment.done = true;
    complete();
    return true;
}

void Transmitter::complete() {
    while (!segments_.empty() && segments_.front().done) {
        Segment segment = std::move(segments_.front());
        segments_.pop_front();
        if (segment.cancelled)
            buffered_ -= segment.data.size();
        else
            finish(std::move(segment));
    }
    if (claimable()) readers_.wake();
}

void Transmitter::write_backs() {
    std::uint64_t done[2] = {0, 0};
    r::TX_WB_DD.put(done, 1);
    for (;;) {
        while (write_backs_.empty()) sc_core::wait(write_back_);
        const WriteBack next = write_backs_.front();
        write_backs_.pop_front();
        if (next.generation != generation_) continue;
        std::uint64_t visible_ps = 0;
        const bool written = parts_.dma.write(next.address, done, kDescriptorBytes, visible_ps);
        if (next.generation != generation_) continue;
        if (written)
            parts_.interrupts.raise_tx(visible_ps);
        else
            ring_error();
    }
}

}  // namespace turnpike::nic
