// SPDX-License-Identifier: Apache-2.0
#include "models/soc/frame_tags.h"

#include <utility>

namespace turnpike {

void FrameTags::set_pool(std::uint64_t base, std::uint64_t bytes, std::uint64_t slot_bytes) {
    base_ = base;
    bytes_ = bytes;
    slot_bytes_ = slot_bytes;
    slots_.assign(bytes / slot_bytes + 1, kNoFrame);
}

FrameId FrameTags::put(std::uint64_t address, FrameId frame) {
    if (in_pool(address)) return std::exchange(slots_[(address - base_) / slot_bytes_], frame);
    auto after = buffers_.upper_bound(address);
    FrameId before = kNoFrame;
    if (after != buffers_.begin()) {
        const auto at = std::prev(after);
        if (address - at->first < kBufferBytes) {
            before = at->second;
            buffers_.erase(at);
        }
    }
    if (frame != kNoFrame) buffers_[address] = frame;
    return before;
}

FrameId FrameTags::find(std::uint64_t address) const {
    if (in_pool(address)) return slots_[(address - base_) / slot_bytes_];
    const auto after = buffers_.upper_bound(address);
    if (after == buffers_.begin()) return kNoFrame;
    const auto at = std::prev(after);
    return address - at->first < kBufferBytes ? at->second : kNoFrame;
}

}  // namespace turnpike
