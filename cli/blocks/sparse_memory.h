// SPDX-License-Identifier: Apache-2.0
// Memory in which every page is there and holds the same words when it is first looked at, as the measured blocks had
// it: the word in slot s of a page is 0x10020800 + 0x40 * ((uint32(s * 0x9E3779B1) >> 16) & 15).
#pragma once
#include <cstdint>

namespace turnpike::blocks {

class SparseMemory {
  public:
    static constexpr std::uint64_t kBytes = std::uint64_t{4} << 30;
    /// A part that `restore` leaves alone.
    static constexpr std::uint64_t kCodeBegin = 0xE7000000;
    static constexpr std::uint64_t kCodeEnd = kCodeBegin + 0x10000;

    SparseMemory();
    ~SparseMemory();
    SparseMemory(const SparseMemory&) = delete;
    SparseMemory& operator=(const SparseMemory&) = delete;

    std::uint8_t* data() const { return data_; }
    /// Everything outside the code is as it was at first.
    void restore();

  private:
    void map_pattern();
    std::uint8_t* data_ = nullptr;
    int file_ = -1;
};

}  // namespace turnpike::blocks
