// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "models/nic/rx/receiver.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;
using regs::Fate;

}  // namespace

Receiver::Receiver(const sc_core::sc_module_name& name, const Parts& parts)
    : sc_module(name),
      parts_(parts),
      filter_(parts_.registers, parts_.params.rx_filter == "off"),
      steering_(this->name(), parts_.registers, parts_.statistics, parts_.interrupts),
      fetcher_("fetch", parts_.dma, static_cast<unsigned>(parts_.params.descriptor_batch)) {
    for (unsigned n = 0; n < r::kQueues; ++n) {
        queues_.emplace_back(fmt::format("{}.ring{}", this->name(), n), fetcher_,
                             RingHandlers{[this] { descriptor_.notify(); }, [this, n] { ring_error(queues_[n]); }}, n);
        attach(queues_.back());
    }
    process_ = run();
}

void Receiver::attach(Queue& queue) {
    const std::uint64_t tail = r::of_rx_queue(r::RDT(0), queue.number);
    parts_.registers.on_write(r::of_rx_queue(r::RXDCTL(0), queue.number),
                              [this, &queue](std::uint64_t before, std::uint64_t) { queue_control(queue, before); });
    parts_.registers.on_write(tail, [this, &queue, tail](std::uint64_t, std::uint64_t) {
        queue.ring.set_tail(static_cast<std::uint32_t>(parts_.registers.get(tail)));
    });
}

/// 4.6.7.1: software sets ENABLE and polls until it reads 1; the queue starts at descriptor 0.
void Receiver::queue_control(Queue& queue, std::uint64_t before) {
    const bool enable = r::RXDCTL_ENABLE.test(get(queue, r::RXDCTL(0)));
    if (enable == r::RXDCTL_ENABLE.test(before)) return;
    if (!enable) return stop_queue(queue);
    queue.failed = false;
    parts_.registers.set(r::of_rx_queue(r::RDH(0), queue.number), 0);
    queue.ring.start(get(queue, r::RDBAL(0)) | get(queue, r::RDBAH(0)) << 32,
                     static_cast<std::uint32_t>(get(queue, r::RDLEN(0)) / kDescriptorBytes),
                     static_cast<std::uint32_t>(get(queue, r::RDT(0))));
}

void Receiver::stop_queue(Queue& queue) {
    ++queue.generation;
    queue.ring.stop();
    parts_.registers.set(r::of_rx_queue(r::RXDCTL(0), queue.number),
                         get(queue, r::RXDCTL(0)) & ~r::RXDCTL_ENABLE.mask());
    descriptor_.notify();
}

void Receiver::reset() {
    for (Queue& queue : queues_) stop_queue(queue);
    error_told_ = type_told_ = false;
    for (const Stored& stored : fifo_) {
        fifo_bytes_ -= stored.frame.bytes.size();
        drop(stored.frame, Fate::rx_disabled);
    }
    fifo_.clear();
    steering_.reset();
}

void Receiver::ring_error(Queue& queue) {
    parts_.statistics.count(Counter::rx_bus_errors);
    if (!error_told_) diagnose(fmt::format("{}: bus error in rx DMA; queue {} has stopped", name(), queue.number));
    error_told_ = true;
    queue.failed = true;
    stop_queue(queue);
}

void Receiver::write_refused(unsigned queue, unsigned generation) {
    if (queues_[queue].generation == generation) ring_error(queues_[queue]);
}

Process Receiver::run() {
    for (;;) {
        while (fifo_.empty()) co_await arrived_;
        if (fifo_.front().ready_ps > now_ps()) {
            arrived_.notify_at(fifo_.front().ready_ps);
            co_await arrived_;
            continue;  // a reset may have emptied the buffer meanwhile
        }
        const Stored stored = std::move(fifo_.front());
        fifo_.pop_front();
        const std::size_t bytes = stored.frame.bytes.size();
        const Outcome outcome = co_await write_frame(queues_[stored.steered.queue], stored);
        conclude(stored, outcome);
        set_fill(fifo_bytes_ - bytes);
    }
}

void Receiver::conclude(const Stored& stored, Outcome outcome) {
    switch (outcome) {
        case Outcome::delivered:
            return;
        case Outcome::disabled:
            return drop(stored.frame, Fate::rx_disabled);
        case Outcome::no_descriptor:
            parts_.statistics.count(Counter::rx_no_descriptor);
            parts_.statistics.count_queue_drop(stored.steered.queue);
            return drop(stored.frame, Fate::rx_no_descriptor);
        case Outcome::bus_error:
            return drop(stored.frame, Fate::rx_bus_error);
    }
}

Task<Receiver::Outcome> Receiver::write_frame(Queue& queue, const Stored& stored) {
    const std::size_t total = stored.frame.bytes.size();
    const Buffers buffer = queue.ring.running() ? buffers(queue) : Buffers{};
    if (buffer.packet == 0) co_return Outcome::disabled;
    const Split split = this->split(buffer, stored);
    const std::size_t rest = total - split.in_header;
    const std::size_t needed = std::max<std::size_t>((rest + buffer.packet - 1) / buffer.packet, 1);
    if (r::SRRCTL_DROP_EN.test(get(queue, r::SRRCTL(0))) && queue.ring.available() < needed)
        co_return Outcome::no_descriptor;
    const unsigned generation = queue.generation;
    std::size_t offset = 0;
    for (std::size_t n = 0; n < needed; ++n) {
        while (generation == queue.generation && !queue.ring.ready()) co_await descriptor_;
        if (generation != queue.generation) co_return queue.failed ? Outcome::bus_error : Outcome::disabled;
        const Descriptor descriptor = queue.ring.take();
        const std::size_t head = n == 0 ? split.in_header : 0;
        bool written = true;
        if (head != 0)
            written = co_await write_buffer(queue, stored, r::RX_READ_HDR_ADDR.get(descriptor.quadwords), 0, head);
        offset += head;
        const std::size_t bytes = std::min(buffer.packet, total - offset);
        if (written && bytes != 0)
            written =
                co_await write_buffer(queue, stored, r::RX_READ_PKT_ADDR.get(descriptor.quadwords), offset, bytes);
        if (generation != queue.generation) co_return Outcome::disabled;
        const bool last = n + 1 == needed;
        const Done done = buffer.type == r::kDescriptorTypeLegacy
                              ? legacy(stored, descriptor, bytes, last)
                              : advanced(stored, n == 0 ? split : Split{}, bytes, last);
        if (written) written = co_await write_back(queue, stored, descriptor, done, last);
        if (!written) {
            ring_error(queue);
            co_return Outcome::bus_error;
        }
        offset += bytes;
        if (generation == queue.generation)
            parts_.registers.set(r::of_rx_queue(r::RDH(0), queue.number), queue.ring.next_index(descriptor.index));
    }
    co_return Outcome::delivered;
}

Task<bool> Receiver::write_buffer(Queue& queue, const Stored& stored, std::uint64_t address, std::size_t offset,
                                  std::size_t bytes) {
    const Dma::Written written =
        co_await parts_.dma.write(address, stored.frame.bytes.data() + offset, static_cast<unsigned>(bytes),
                                  {this, queue.number, queue.generation});
    if (written.good && offset == 0) parts_.observer.stored(stored.frame.id, address, written.visible_ps);
    co_return written.good;
}

}  // namespace turnpike::nic
