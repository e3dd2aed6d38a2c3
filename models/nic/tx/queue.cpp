// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "models/core/diagnosis.h"
#include "models/nic/tx/transmitter.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {
namespace r = regs::nic;
}  // namespace

Transmitter::Transmitter(const sc_core::sc_module_name& name, const Parts& parts)
    : sc_module(name),
      parts_(parts),
      fetcher_("fetch", parts_.dma, static_cast<unsigned>(parts_.params.descriptor_batch)),
      left_("leave", [this] { leave(); }),
      unpaused_("unpaused", [this] { start_next(); }),
      limiter_("limiter", [this] { readers_.wake(); }),
      readers_("read", static_cast<unsigned>(std::clamp<std::uint64_t>(parts_.pcie.outstanding_reads, 1, 64)),
               [this] { return fetch(); }) {
    parts_.flow_control.on_send([this](Frame frame) { send_control(std::move(frame)); });
    parts_.flow_control.on_resume([this] { start_next(); });
    for (unsigned n = 0; n < r::kQueues; ++n) {
        queues_.emplace_back(fmt::format("{}.ring{}", this->name(), n), fetcher_,
                             RingHandlers{[this, n] { arrival(n); }, [this, n] { ring_error(queues_[n]); }}, n);
        attach(queues_.back());
    }
    parts_.registers.on_write(r::DMATXCTL, [this](std::uint64_t, std::uint64_t) { readers_.wake(); });
    parts_.registers.on_write(r::RTTDCS, [this](std::uint64_t, std::uint64_t) { readers_.wake(); });
    // 8.2.3.10.13: the register shows the rate of the queue that RTTDQSEL selects.
    parts_.registers.on_write(r::RTTBCNRC, [this](std::uint64_t, std::uint64_t) {
        Queue& queue = queues_[parts_.registers.get(r::RTTDQSEL)];
        queue.rate = parts_.registers.get(r::RTTBCNRC);
        queue.allowed_ps = 0;
        readers_.wake();
    });
    parts_.registers.on_read(r::RTTBCNRC,
                             [this](std::uint64_t) { return queues_[parts_.registers.get(r::RTTDQSEL)].rate; });
    process_ = write_backs();
}

void Transmitter::attach(Queue& queue) {
    const std::uint64_t tail = r::of_tx_queue(r::TDT(0), queue.number);
    parts_.registers.on_write(r::of_tx_queue(r::TXDCTL(0), queue.number),
                              [this, &queue](std::uint64_t before, std::uint64_t) { queue_control(queue, before); });
    parts_.registers.on_write(tail, [this, &queue, tail](std::uint64_t, std::uint64_t) {
        queue.ring.set_tail(static_cast<std::uint32_t>(parts_.registers.get(tail)));
    });
}

/// 4.6.8.1: software sets ENABLE and polls until it reads 1; the queue starts at descriptor 0.
void Transmitter::queue_control(Queue& queue, std::uint64_t before) {
    const std::uint64_t control = get(queue, r::TXDCTL(0));
    queue.ring.set_thresholds(static_cast<unsigned>(r::TXDCTL_PTHRESH.get(control)),
                              static_cast<unsigned>(r::TXDCTL_HTHRESH.get(control)));
    const bool enable = r::TXDCTL_ENABLE.test(control);
    if (enable == r::TXDCTL_ENABLE.test(before)) return;
    if (!enable) return stop_queue(queue);
    parts_.registers.set(r::of_tx_queue(r::TDH(0), queue.number), 0);
    queue.ring.start(get(queue, r::TDBAL(0)) | get(queue, r::TDBAH(0)) << 32,
                     static_cast<std::uint32_t>(get(queue, r::TDLEN(0)) / kDescriptorBytes),
                     static_cast<std::uint32_t>(get(queue, r::TDT(0))));
}

/// Reads under way end later: their segments stay until then.
void Transmitter::stop_queue(Queue& queue) {
    const bool in_assembly =
        assembly_.begun && !segments_.empty() && segments_.front().queue == &queue && !segments_.front().cancelled();
    ++queue.generation;
    queue.ring.stop();
    if (in_assembly) {
        buffered_ -= assembly_.bytes.size();
        assembly_ = {};
    }
    queue.faulty = false;
    queue.finished.clear();
    queue.allowed_ps = 0;
    parts_.registers.set(r::of_tx_queue(r::TXDCTL(0), queue.number),
                         get(queue, r::TXDCTL(0)) & ~r::TXDCTL_ENABLE.mask());
}

void Transmitter::reset() {
    for (Queue& queue : queues_) {
        stop_queue(queue);
        queue.error_told = queue.mistake_told = false;
        queue.contexts = {};
        queue.rate = 0;
    }
}

void Transmitter::ring_error(Queue& queue) {
    parts_.statistics.count(Counter::tx_bus_errors);
    if (!queue.error_told) diagnose(fmt::format("{}: bus error in tx DMA; queue {} has stopped", name(), queue.number));
    queue.error_told = true;
    stop_queue(queue);
}

void Transmitter::arrival(unsigned queue) {
    ready_[queue / 64] |= std::uint64_t{1} << queue % 64;
    readers_.wake();
}

}  // namespace turnpike::nic
