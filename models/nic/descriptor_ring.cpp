// SPDX-License-Identifier: Apache-2.0
#include "models/nic/descriptor_ring.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/diagnosis.h"

namespace turnpike::nic {

DescriptorRing::DescriptorRing(const sc_core::sc_module_name& name, Dma& dma, unsigned batch, RingHandlers handlers)
    : sc_module(name),
      dma_(dma),
      batch_(std::clamp(batch, 1U, kCached)),
      handlers_(std::move(handlers)),
      fetchers_("fetch", kCached / batch_, [this] { return fetch(); }) {}

void DescriptorRing::start(std::uint64_t base, std::uint32_t entries, std::uint32_t tail) {
    ++generation_;
    running_ = true;
    base_ = base;
    entries_ = entries;
    take_ = fetch_ = tail_ = 0;
    if (entries == 0) diagnose(fmt::format("{}: queue enabled with a ring of length 0", name()));
    if (tail != 0) set_tail(tail);
}

void DescriptorRing::stop() {
    ++generation_;
    running_ = false;
    take_ = fetch_ = tail_ = 0;
}

void DescriptorRing::set_tail(std::uint32_t tail) {
    if (!running_) return;
    if (tail >= entries_) {
        diagnose(
            fmt::format("{}: tail {} written, expected less than the ring's {} descriptors", name(), tail, entries_));
        return;
    }
    const auto at = static_cast<std::uint32_t>(take_ % entries_);
    // Descriptors already fetched stay given, even if software moves the tail back.
    tail_ = std::max(take_ + (tail + entries_ - at) % entries_, fetch_);
    if (fetchable() != 0) fetchers_.wake();
}

Descriptor DescriptorRing::take() {
    const Descriptor taken = front();
    ++take_;
    if (fetchable() != 0) fetchers_.wake();
    return taken;
}

/// Descriptors to read next: a whole batch or all there are, up to the ring's end; none while the cache lacks room for
/// them, so that a full cache is not refilled one by one.
unsigned DescriptorRing::fetchable() const {
    if (!running_ || fetch_ == tail_) return 0;
    const std::uint64_t to_end = entries_ - fetch_ % entries_;
    const std::uint64_t count = std::min({std::uint64_t{batch_}, tail_ - fetch_, to_end});
    return kCached - (fetch_ - take_) >= count ? static_cast<unsigned>(count) : 0;
}

bool DescriptorRing::fetch() {
    const unsigned count = fetchable();
    if (count == 0) return false;
    const std::uint64_t first = fetch_;
    const unsigned generation = generation_;
    for (unsigned n = 0; n < count; ++n) arrived_[(first + n) % kCached] = false;
    fetch_ += count;
    if (fetchable() != 0) fetchers_.wake();
    std::uint64_t quadwords[kCached * 2];
    const bool good =
        dma_.read(address(static_cast<std::uint32_t>(first % entries_)), quadwords, count * kDescriptorBytes);
    if (generation != generation_) return true;
    if (good) {
        arrive(first, count, quadwords);
    } else {
        stop();
        handlers_.error();
    }
    return true;
}

void DescriptorRing::arrive(std::uint64_t first, unsigned count, const std::uint64_t* quadwords) {
    for (unsigned n = 0; n < count; ++n) {
        const std::uint64_t position = first + n;
        cache_[position % kCached] = {{quadwords[n * 2], quadwords[n * 2 + 1]},
                                      static_cast<std::uint32_t>(position % entries_)};
        arrived_[position % kCached] = true;
    }
    if (ready()) handlers_.arrival();
}

}  // namespace turnpike::nic
