// SPDX-License-Identifier: Apache-2.0
// A descriptor ring in memory and its on-chip cache: reads descriptors ahead, several batches at once, hands them out
// in order.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "models/nic/dma.h"
#include "models/nic/workers.h"

namespace turnpike::nic {

inline constexpr unsigned kDescriptorBytes = 16;

struct Descriptor {
    std::uint64_t quadwords[2];
    std::uint32_t index;
};

/// What the owner of a ring wants to hear.
struct RingHandlers {
    std::function<void()> arrival;  ///< a descriptor that can be taken has come
    std::function<void()> error;    ///< the ring's memory does not answer; the ring has stopped
};

class DescriptorRing;

/// Reads descriptors for the rings of one direction, for each in turn.
class DescriptorFetcher {
  public:
    /// Reads under way at once, of all queues together.
    static constexpr unsigned kFetches = 8;

    DescriptorFetcher(const std::string& name, Dma& dma, unsigned batch);
    /// The ring may have something to read.
    void request(DescriptorRing& ring);

  private:
    friend class DescriptorRing;
    Task<bool> work();

    Dma& dma_;
    unsigned batch_;
    std::deque<DescriptorRing*> waiting_;
    Workers workers_;
};

class DescriptorRing {
  public:
    /// On-chip cache of one queue, descriptors (7.2.3.4).
    static constexpr unsigned kCached = 40;

    DescriptorRing(std::string name, DescriptorFetcher& fetcher, RingHandlers handlers);

    /// The ring starts empty, with head 0 and the given tail.
    void start(std::uint64_t base, std::uint32_t entries, std::uint32_t tail);
    void stop();
    bool running() const { return running_; }
    /// Software gives the descriptors before `tail` away. A tail outside the ring is its mistake, and ignored.
    void set_tail(std::uint32_t tail);
    /// 7.2.3.4: with fewer than `prefetch` descriptors on the chip more are read, if `host` or more wait in memory.
    /// 0: as many as there is room for.
    void set_thresholds(unsigned prefetch, unsigned host);

    /// The next descriptor is on the chip.
    bool ready() const { return ready(0); }
    /// The one after `n` others, too.
    bool ready(unsigned n) const { return take_ + n < fetch_ && arrived_[(take_ + n) % kCached]; }
    const Descriptor& front() const { return peek(0); }
    const Descriptor& peek(unsigned n) const { return cache_[(take_ + n) % kCached]; }
    Descriptor take();
    /// Descriptors that software has given and that were not taken, on the chip or not.
    std::uint64_t available() const { return tail_ - take_; }
    std::uint64_t address(std::uint32_t index) const { return base_ + std::uint64_t{index} * kDescriptorBytes; }
    std::uint32_t next_index(std::uint32_t index) const { return index + 1 == entries_ ? 0 : index + 1; }

  private:
    friend class DescriptorFetcher;
    unsigned fetchable() const;
    Task<bool> fetch();
    void arrive(std::uint64_t first, unsigned count, const std::uint64_t* quadwords);
    void want() {
        if (fetchable() != 0) fetcher_.request(*this);
    }

    std::string name_;
    DescriptorFetcher& fetcher_;
    RingHandlers handlers_;
    bool running_ = false;
    bool waiting_ = false;     ///< for the fetcher
    unsigned generation_ = 0;  ///< reads of an earlier one are void
    unsigned prefetch_ = kCached;
    unsigned host_ = 1;
    std::uint64_t base_ = 0;
    std::uint32_t entries_ = 0;
    // Positions count descriptors since start; their index in the ring is the remainder.
    std::uint64_t take_ = 0;
    std::uint64_t fetch_ = 0;
    std::uint64_t tail_ = 0;
    std::array<Descriptor, kCached> cache_{};
    std::array<bool, kCached> arrived_{};
};

}  // namespace turnpike::nic
