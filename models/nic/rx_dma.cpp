// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "models/nic/packet_type.h"
#include "models/nic/receiver.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {
namespace r = regs::nic;
using regs::Fate;
}  // namespace

Receiver::Receiver(const sc_core::sc_module_name& name, const Parts& parts)
    : sc_module(name),
      parts_(parts),
      filter_(parts_.registers),
      ring_("ring", parts_.dma, static_cast<unsigned>(parts_.params.descriptor_batch),
            {[this] { descriptor_.notify(); }, [this] { ring_error(); }}) {
    attach();
    spawn_thread("dma", [this] { run(); });
}

void Receiver::attach() {
    parts_.registers.on_write(r::RXDCTL(0), [this](std::uint64_t before, std::uint64_t) { queue_control(before); });
    parts_.registers.on_write(r::RDT(0), [this](std::uint64_t, std::uint64_t) {
        ring_.set_tail(static_cast<std::uint32_t>(parts_.registers.get(r::RDT(0))));
    });
}

/// 4.6.7.1: software sets ENABLE and polls until it reads 1; the queue starts at descriptor 0.
void Receiver::queue_control(std::uint64_t before) {
    const bool enable = r::RXDCTL_ENABLE.test(parts_.registers.get(r::RXDCTL(0)));
    if (enable == r::RXDCTL_ENABLE.test(before)) return;
    if (!enable) return stop_queue();
    failed_ = false;
    parts_.registers.set(r::RDH(0), 0);
    ring_.start(ring_base(parts_.registers, r::RDBAL(0), r::RDBAH(0)),
                static_cast<std::uint32_t>(parts_.registers.get(r::RDLEN(0)) / kDescriptorBytes),
                static_cast<std::uint32_t>(parts_.registers.get(r::RDT(0))));
}

void Receiver::stop_queue() {
    ++generation_;
    ring_.stop();
    parts_.registers.set(r::RXDCTL(0), parts_.registers.get(r::RXDCTL(0)) & ~r::RXDCTL_ENABLE.mask());
    descriptor_.notify();
}

void Receiver::reset() {
    stop_queue();
    error_told_ = type_told_ = false;
    for (const Stored& stored : fifo_) {
        fifo_bytes_ -= stored.frame.bytes.size();
        drop(stored.frame, Fate::rx_disabled);
    }
    fifo_.clear();
}

void Receiver::ring_error() {
    parts_.statistics.count(Counter::rx_bus_errors);
    if (!error_told_) diagnose(fmt::format("{}: bus error in rx DMA; the queue has stopped", name()));
    error_told_ = true;
    failed_ = true;
    stop_queue();
}

void Receiver::run() {
    for (;;) {
        while (fifo_.empty()) sc_core::wait(arrived_);
        if (fifo_.front().ready_ps > now_ps()) {
            sc_core::wait(from_ps(fifo_.front().ready_ps - now_ps()), arrived_);
            continue;  // a reset may have emptied the buffer meanwhile
        }
        const Stored stored = std::move(fifo_.front());
        fifo_.pop_front();
        const std::size_t bytes = stored.frame.bytes.size();
        deliver(stored);
        fifo_bytes_ -= bytes;
    }
}

void Receiver::deliver(const Stored& stored) {
    switch (write_frame(stored)) {
        case Outcome::delivered:
            return;
        case Outcome::disabled:
            return drop(stored.frame, Fate::rx_disabled);
        case Outcome::no_descriptor:
            parts_.statistics.count(Counter::rx_no_descriptor);
            return drop(stored.frame, Fate::rx_no_descriptor);
        case Outcome::bus_error:
            return drop(stored.frame, Fate::rx_bus_error);
    }
}

/// Bytes of an rx buffer, or 0 with a diagnosis if the queue is not set up for the descriptors that this model has.
std::size_t Receiver::buffer_bytes() {
    constexpr std::size_t kUnit = 1024;  // 8.2.3.8.7
    const std::uint64_t control = parts_.registers.get(r::SRRCTL(0));
    const std::size_t bytes = r::SRRCTL_BSIZEPACKET.get(control) * kUnit;
    const std::uint64_t type = r::SRRCTL_DESCTYPE.get(control);
    if (type == r::kDescriptorTypeAdvancedOneBuffer && bytes != 0) return bytes;
    if (!type_told_)
        diagnose(
            fmt::format("{}: SRRCTL has descriptor type {} and buffers of {} bytes, expected type {} (advanced, "
                        "one buffer) and at least {} bytes; frames are dropped",
                        name(), type, bytes, r::kDescriptorTypeAdvancedOneBuffer, kUnit));
    type_told_ = true;
    return 0;
}

Receiver::Outcome Receiver::write_frame(const Stored& stored) {
    const std::size_t total = stored.frame.bytes.size();
    const std::size_t buffer = ring_.running() ? buffer_bytes() : 0;
    if (buffer == 0) return Outcome::disabled;
    const std::size_t needed = (total + buffer - 1) / buffer;
    if (r::SRRCTL_DROP_EN.test(parts_.registers.get(r::SRRCTL(0))) && ring_.available() < needed)
        return Outcome::no_descriptor;
    const unsigned generation = generation_;
    for (std::size_t offset = 0; offset < total; offset += buffer) {
        const std::size_t bytes = std::min(buffer, total - offset);
        if (!wait_for_descriptor(generation)) return failed_ ? Outcome::bus_error : Outcome::disabled;
        const Descriptor descriptor = ring_.take();
        const bool last = offset + bytes == total;
        const bool written = write_buffer(stored, offset, bytes, descriptor);
        if (generation != generation_) return Outcome::disabled;
        if (!written || !write_back(stored, bytes, last, descriptor)) {
            ring_error();
            return Outcome::bus_error;
        }
        if (generation == generation_) parts_.registers.set(r::RDH(0), ring_.next_index(descriptor.index));
    }
    return Outcome::delivered;
}

/// False: the queue was stopped.
bool Receiver::wait_for_descriptor(unsigned generation) {
    while (generation == generation_ && !ring_.ready()) sc_core::wait(descriptor_);
    return generation == generation_;
}

bool Receiver::write_buffer(const Stored& stored, std::size_t offset, std::size_t bytes, const Descriptor& descriptor) {
    const std::uint64_t address = r::RX_READ_PKT_ADDR.get(descriptor.quadwords);
    std::uint64_t visible_ps = 0;
    if (!parts_.dma.write(address, stored.frame.bytes.data() + offset, static_cast<unsigned>(bytes), visible_ps))
        return false;
    if (offset == 0) parts_.observer.stored(stored.frame.id, address, visible_ps);
    return true;
}

/// 7.1.6.2: type and status stand in the last descriptor of the frame.
bool Receiver::write_back(const Stored& stored, std::size_t bytes, bool last, const Descriptor& descriptor) {
    std::uint64_t done[2] = {0, 0};
    r::RX_WB_DD.put(done, 1);
    r::RX_WB_LENGTH.put(done, bytes);
    if (last) {
        r::RX_WB_EOP.put(done, 1);
        r::RX_WB_PKT_TYPE.put(done, packet_type(stored.frame.bytes));
        r::RX_WB_RXE.put(done, stored.frame.bad_fcs);
        r::RX_WB_VP.put(done, stored.vlan.has_value());
        r::RX_WB_VLAN.put(done, stored.vlan.value_or(0));
    }
    std::uint64_t visible_ps = 0;
    if (!parts_.dma.write(ring_.address(descriptor.index), done, kDescriptorBytes, visible_ps)) return false;
    if (!last) return true;
    parts_.observer.written_back(stored.frame.id, visible_ps);
    parts_.interrupts.raise_rx(visible_ps);
    return true;
}

}  // namespace turnpike::nic
