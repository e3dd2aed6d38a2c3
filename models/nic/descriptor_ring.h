// SPDX-License-Identifier: Apache-2.0
// A descriptor ring in memory and its on-chip cache: reads descriptors ahead, several batches at once, hands them out
// in order.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <systemc>

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

class DescriptorRing : public sc_core::sc_module {
  public:
    DescriptorRing(const sc_core::sc_module_name& name, Dma& dma, unsigned batch, RingHandlers handlers);

    /// The ring starts empty, with head 0 and the given tail.
    void start(std::uint64_t base, std::uint32_t entries, std::uint32_t tail);
    void stop();
    bool running() const { return running_; }
    /// Software gives the descriptors before `tail` away. A tail outside the ring is its mistake, and ignored.
    void set_tail(std::uint32_t tail);

    /// The next descriptor is on the chip.
    bool ready() const { return take_ < fetch_ && arrived_[take_ % kCached]; }
    const Descriptor& front() const { return cache_[take_ % kCached]; }
    Descriptor take();
    /// Descriptors that software has given and that were not taken, on the chip or not.
    std::uint64_t available() const { return tail_ - take_; }
    std::uint64_t address(std::uint32_t index) const { return base_ + std::uint64_t{index} * kDescriptorBytes; }
    std::uint32_t next_index(std::uint32_t index) const { return index + 1 == entries_ ? 0 : index + 1; }

  private:
    /// On-chip cache of one queue, descriptors: enough for 10 Gbit/s of 64-byte frames over 4 µs of memory latency.
    static constexpr unsigned kCached = 64;

    unsigned fetchable() const;
    bool fetch();
    void arrive(std::uint64_t first, unsigned count, const std::uint64_t* quadwords);

    Dma& dma_;
    unsigned batch_;
    RingHandlers handlers_;
    bool running_ = false;
    unsigned generation_ = 0;  ///< reads of an earlier one are void
    std::uint64_t base_ = 0;
    std::uint32_t entries_ = 0;
    // Positions count descriptors since start; their index in the ring is the remainder.
    std::uint64_t take_ = 0;
    std::uint64_t fetch_ = 0;
    std::uint64_t tail_ = 0;
    std::array<Descriptor, kCached> cache_{};
    std::array<bool, kCached> arrived_{};
    Workers fetchers_;
};

}  // namespace turnpike::nic
