// SPDX-License-Identifier: Apache-2.0
#include "models/nic/descriptor_ring.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/diagnosis.h"

namespace turnpike::nic {

DescriptorFetcher::DescriptorFetcher(const std::string& name, Dma& dma, unsigned batch)
    : dma_(dma),
      batch_(std::clamp(batch, 1U, DescriptorRing::kCached)),
      workers_(name, kFetches, [this] { return work(); }) {}

void DescriptorFetcher::request(DescriptorRing& ring) {
    if (!ring.waiting_) {
        ring.waiting_ = true;
        waiting_.push_back(&ring);
    }
    workers_.wake();
}

Task<bool> DescriptorFetcher::work() {
    if (waiting_.empty()) co_return false;
    DescriptorRing& ring = *waiting_.front();
    waiting_.pop_front();
    ring.waiting_ = false;
    co_return co_await ring.fetch();
}

DescriptorRing::DescriptorRing(std::string name, DescriptorFetcher& fetcher, RingHandlers handlers)
    : name_(std::move(name)), fetcher_(fetcher), handlers_(std::move(handlers)) {}

void DescriptorRing::set_thresholds(unsigned prefetch, unsigned host) {
    prefetch_ = prefetch == 0 ? kCached : std::min(prefetch, kCached);
    host_ = std::max(host, 1U);
}

void DescriptorRing::start(std::uint64_t base, std::uint32_t entries, std::uint32_t tail) {
    ++generation_;
    running_ = true;
    base_ = base;
    entries_ = entries;
    take_ = fetch_ = tail_ = 0;
    if (entries == 0) diagnose(fmt::format("{}: queue enabled with a ring of length 0", name_));
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
            fmt::format("{}: tail {} written, expected less than the ring's {} descriptors", name_, tail, entries_));
        return;
    }
    const auto at = static_cast<std::uint32_t>(take_ % entries_);
    // Descriptors already fetched stay given, even if software moves the tail back.
    tail_ = std::max(take_ + (tail + entries_ - at) % entries_, fetch_);
    want();
}

Descriptor DescriptorRing::take() {
    const Descriptor taken = front();
    ++take_;
    want();
    return taken;
}

/// Descriptors to read next: a whole batch or all there are, up to the ring's end; none while the cache lacks room for
/// them, so that a full cache is not refilled one by one.
unsigned DescriptorRing::fetchable() const {
    if (!running_ || fetch_ == tail_) return 0;
    const std::uint64_t cached = fetch_ - take_;
    if (cached != 0 && (cached >= prefetch_ || tail_ - fetch_ < host_)) return 0;
    const std::uint64_t to_end = entries_ - fetch_ % entries_;
    const std::uint64_t count = std::min({std::uint64_t{fetcher_.batch_}, tail_ - fetch_, to_end});
    return kCached - cached >= count ? static_cast<unsigned>(count) : 0;
}

/// In one of the fetcher's processes. The owner may have stopped the ring when it goes on.
Task<bool> DescriptorRing::fetch() {
    const unsigned count = fetchable();
    if (count == 0) co_return true;
    const std::uint64_t first = fetch_;
    const unsigned generation = generation_;
    for (unsigned n = 0; n < count; ++n) arrived_[(first + n) % kCached] = false;
    fetch_ += count;
    want();
    std::uint64_t quadwords[kCached * 2];
    const std::uint64_t from = address(static_cast<std::uint32_t>(first % entries_));
    const bool good = co_await fetcher_.dma_.read(from, quadwords, count * kDescriptorBytes);
    if (generation != generation_) co_return true;
    if (good) {
        arrive(first, count, quadwords);
    } else {
        stop();
        handlers_.error();
    }
    co_return true;
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
