// SPDX-License-Identifier: Apache-2.0
// Which received frame lies in which piece of the firmware's memory. Where the firmware has an skb pool
// (regs/observe.def) a tag covers the slot, so that the skb's address finds it as well as its buffer's; elsewhere it
// covers the DMA buffer alone.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "models/core/frame.h"

namespace turnpike {

class FrameTags {
  public:
    /// Memory `base` … `base+bytes` is an array of slots.
    void set_pool(std::uint64_t base, std::uint64_t bytes, std::uint64_t slot_bytes);
    /// The frame is now in the memory at `address`; answers the frame that lay there before, or kNoFrame.
    FrameId put(std::uint64_t address, FrameId frame);
    /// The frame in the memory at `address`, or kNoFrame.
    FrameId find(std::uint64_t address) const;

  private:
    /// Longest piece that a tag outside the pool covers: the NIC's buffers are 2 KiB.
    static constexpr std::uint64_t kBufferBytes = 2048;
    bool in_pool(std::uint64_t address) const { return address - base_ < bytes_; }

    std::uint64_t base_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t slot_bytes_ = 1;
    std::vector<FrameId> slots_;
    std::map<std::uint64_t, FrameId> buffers_;
};

}  // namespace turnpike
