// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "models/core/clock.h"
#include "models/nic/tx/transmitter.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::uint64_t kNever = ~std::uint64_t{0};
/// RTTBCNRC.FACTOR has 14 bits behind the point (8.2.3.10).
constexpr unsigned kFactorShift = 14;

bool is_context(const Descriptor& descriptor) {
    return r::TX_CONTEXT_DEXT.get(descriptor.quadwords) != 0 &&
           r::TX_CONTEXT_DTYP.get(descriptor.quadwords) == r::kDescriptorTypeContext;
}

}  // namespace

/// 7.2.3.3: contexts are kept for the packets that name them.
void Transmitter::take_contexts(Queue& queue) {
    while (queue.ring.ready() && is_context(queue.ring.front())) {
        const Descriptor context = queue.ring.take();
        auto& kept = queue.contexts[r::TX_CONTEXT_IDX.get(context.quadwords) & 1];
        std::copy_n(context.quadwords, 2, kept.begin());
    }
}

/// Descriptors of the queue's next packet, all on the chip; 0: not there yet. One more than the device can hold is a
/// packet without an end (7.2.1.1).
unsigned Transmitter::whole_packet(const Queue& queue) const {
    for (unsigned n = 0; queue.ring.ready(n); ++n) {
        const std::uint64_t* words = queue.ring.peek(n).quadwords;
        if (r::TX_READ_EOP.get(words) != 0 || (n > 0 && is_context(queue.ring.peek(n)))) return n + 1;
        if (n + 1 == DescriptorRing::kCached) return n + 1;
    }
    return 0;
}

/// The next queue in turn (7.2.1.2.1) that may send and has a whole packet.
Transmitter::Queue* Transmitter::choose() {
    if ((ready_[0] | ready_[1]) == 0) return nullptr;
    std::uint64_t wake_ps = kNever;
    // A copy: what is found wanting leaves `ready_`.
    const std::array<std::uint64_t, 2> ready = ready_;
    const unsigned first = (last_queue_ + 1) % r::kQueues;
    for (unsigned step = 0; step < r::kQueues;) {
        const unsigned n = (first + step) % r::kQueues;
        const std::uint64_t rest = ready[n / 64] >> n % 64;
        if ((rest & 1) == 0) {
            step += rest == 0 ? 64 - n % 64 : static_cast<unsigned>(std::countr_zero(rest));
            continue;
        }
        ++step;
        Queue& queue = queues_[n];
        if (queue.allowed_ps > now_ps()) {
            wake_ps = std::min(wake_ps, queue.allowed_ps);
            continue;
        }
        if (!queue.faulty) take_contexts(queue);
        if (!queue.faulty && whole_packet(queue) != 0) return &queue;
        ready_[n / 64] &= ~(std::uint64_t{1} << n % 64);
    }
    if (wake_ps != kNever) limiter_.at(wake_ps);
    return nullptr;
}

/// Claims packets while there is room for what they describe (7.2.1.2) and reads do not run further ahead than they may
/// be outstanding. True: there is something to read.
bool Transmitter::may_claim() {
    if (unread_ != 0) return true;
    if (!r::DMATXCTL_TE.test(parts_.registers.get(r::DMATXCTL)) ||
        !r::LINKS_LINK_UP.test(parts_.registers.get(r::LINKS)))
        return false;
    if (segments_.size() >= std::max<std::uint64_t>(2 * parts_.pcie.outstanding_reads, 2)) return false;
    Queue* queue = choose();
    if (queue == nullptr) return false;
    const unsigned descriptors = whole_packet(*queue);
    std::uint64_t bytes = 0;
    for (unsigned n = 0; n < descriptors; ++n) bytes += r::TX_READ_DTALEN.get(queue->ring.peek(n).quadwords);
    // A packet to be segmented may be larger than the buffer: it passes alone.
    if (buffered_ != 0 && buffered_ + bytes > buffer_bytes()) return false;
    last_queue_ = queue->number;
    claim_packet(*queue, descriptors);
    return true;
}

void Transmitter::claim_packet(Queue& queue, unsigned descriptors) {
    const Offload offload = offload_of(queue, queue.ring.front());
    std::uint64_t bytes = 0;
    for (unsigned n = 0; n < descriptors; ++n) {
        Segment& segment = segments_.emplace_back(parse(queue, queue.ring.take()));
        bytes += segment.bytes;
    }
    Segment& last = segments_.back();
    last.offload = offload;
    Segment& first = segments_[segments_.size() - descriptors];
    if (first.mistake.empty()) first.mistake = mistake_in(offload, last, bytes);
    queue.faulty = std::any_of(segments_.end() - descriptors, segments_.end(),
                               [](const Segment& segment) { return !segment.mistake.empty(); });
    if (!queue.faulty) {
        buffered_ += bytes;
        limit(queue, offload, bytes - (last.ifcs ? 0 : kFcsBytes));
    }
    for (std::size_t n = segments_.size() - descriptors; n < segments_.size(); ++n)
        if (queue.faulty && segments_[n].mistake.empty()) segments_[n].bytes = 0;
    unread_ += descriptors;
}

/// 8.2.3.10: a limited queue goes on when frame and gap would have passed at its rate. The time counts from here, so
/// that the way to the wire costs nothing.
void Transmitter::limit(Queue& queue, const Offload& offload, std::uint64_t bytes) {
    if (!r::RTTBCNRC_ENABLE.test(queue.rate)) return;
    constexpr std::uint64_t kPsPerByteAt1Mbps = 8'000'000;
    const Extent extent = nic::extent(offload, bytes);
    const std::uint64_t on_wire = std::max(extent.bytes, extent.frames * kMinFrameBytes) +
                                  extent.frames * (kFcsBytes + kPreambleBytes + kInterFrameGapBytes);
    const unsigned __int128 scaled =
        static_cast<unsigned __int128>(on_wire) * kPsPerByteAt1Mbps * r::RTTBCNRC_FACTOR.get(queue.rate);
    queue.allowed_ps = now_ps() + static_cast<std::uint64_t>(scaled / parts_.rate_mbps >> kFactorShift);
}

Transmitter::Segment Transmitter::parse(Queue& queue, const Descriptor& descriptor) const {
    const std::uint64_t* words = descriptor.quadwords;
    Segment segment{};
    segment.queue = &queue;
    segment.generation = queue.generation;
    segment.address = r::TX_READ_ADDRESS.get(words);
    segment.index = descriptor.index;
    segment.bytes = static_cast<std::uint16_t>(r::TX_READ_DTALEN.get(words));
    segment.eop = r::TX_READ_EOP.get(words) != 0;
    segment.rs = r::TX_READ_RS.get(words) != 0;
    segment.ifcs = r::TX_READ_IFCS.get(words) != 0;
    segment.answered = true;
    const std::uint64_t type = r::TX_READ_DTYP.get(words);
    if (r::TX_READ_DEXT.get(words) != 0 && type != r::kDescriptorTypeAdvancedData)
        segment.mistake =
            fmt::format("its type is {}, expected {} (advanced data)", type, r::kDescriptorTypeAdvancedData);
    return segment;
}

/// 7.2.3.2.1, 7.2.3.2.4: the first descriptor of a packet says what to do with it.
Offload Transmitter::offload_of(const Queue& queue, const Descriptor& first) const {
    const std::uint64_t* words = first.quadwords;
    Offload offload;
    offload.tag = r::TX_READ_VLE.get(words) != 0;
    if (r::TX_READ_DEXT.get(words) == 0) {
        offload.vlan = static_cast<std::uint16_t>(r::TX_LEGACY_VLAN.get(words));
        offload.legacy_checksum = r::TX_LEGACY_IC.get(words) != 0;
        offload.start = static_cast<std::uint8_t>(r::TX_LEGACY_CSS.get(words));
        offload.place = static_cast<std::uint8_t>(r::TX_LEGACY_CSO.get(words));
        return offload;
    }
    std::copy_n(queue.contexts[r::TX_READ_IDX.get(words) & 1].begin(), 2, offload.context);
    offload.vlan = static_cast<std::uint16_t>(r::TX_CONTEXT_VLAN.get(offload.context));
    offload.segment = r::TX_READ_TSE.get(words) != 0;
    offload.network_checksum = r::TX_READ_IXSM.get(words) != 0;
    offload.transport_checksum = r::TX_READ_TXSM.get(words) != 0;
    return offload;
}

std::string Transmitter::mistake_in(const Offload& offload, const Segment& last, std::uint64_t bytes) const {
    if (!last.eop) return fmt::format("its packet has no end within {} descriptors", DescriptorRing::kCached);
    if (!offload.segment && bytes > longest_frame())
        return fmt::format("its frame has {} bytes, expected at most {}", bytes, longest_frame());
    if (bytes <= (last.ifcs ? 0 : kFcsBytes)) return fmt::format("its frame has {} bytes, nothing to send", bytes);
    const char* mistake = offload_mistake(offload, bytes - (last.ifcs ? 0 : kFcsBytes));
    return mistake != nullptr ? mistake : "";
}

/// One descriptor's data, for Workers.
Task<bool> Transmitter::fetch() {
    if (!may_claim()) co_return false;
    Segment& segment = segments_[segments_.size() - unread_];
    --unread_;
    if (may_claim()) readers_.wake();
    if (segment.mistake.empty()) {
        segment.data.reserve(std::max<std::size_t>(segment.bytes, kMinFrameBytes));
        segment.data.resize(segment.bytes);
        if (segment.bytes != 0)
            segment.answered = co_await parts_.dma.read(segment.address, segment.data.data(), segment.bytes);
    }
    segment.done = true;
    complete();
    co_return true;
}

void Transmitter::complete() {
    while (!segments_.empty() && segments_.front().done) {
        Segment& segment = segments_.front();
        if (segment.cancelled())
            buffered_ -= segment.data.size();
        else
            finish(segment);
        segments_.pop_front();
    }
    if (may_claim()) readers_.wake();
}

}  // namespace turnpike::nic
