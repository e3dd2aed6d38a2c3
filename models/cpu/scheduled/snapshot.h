// SPDX-License-Identifier: Apache-2.0
// The state of the pipeline between two blocks as a row of numbers that does not depend on the time: two states with
// the same row go on alike.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu::scheduled {

class Snapshot {
  public:
    class Row {
      public:
        explicit Row(u16* begin) : next_(begin) {}
        void put(u64 value) {
            all_ |= value;
            *next_++ = static_cast<u16>(value);
        }

      private:
        friend class Snapshot;
        u16* next_;
        u64 all_ = 0;
    };

    void clear() {
        size_ = 0;
        fits_ = true;
    }
    /// A number of 16 bits; one that is larger, or too many, and the state has no snapshot.
    void put(u64 value) {
        if (value > 0xFFFF || size_ == kMost) [[unlikely]] {
            fits_ = false;
            return;
        }
        words_[size_++] = static_cast<u16>(value);
    }
    void put_four(u64 values) {
        if (size_ + 4 > kMost) [[unlikely]] {
            fits_ = false;
            return;
        }
        std::memcpy(words_.data() + size_, &values, sizeof values);
        size_ += 4;
    }
    void put_long(u64 value) { put_four(value); }
    /// `write(row)` puts up to `most` numbers, of 16 bits again, behind one another.
    template <class Write>
    void put_many(std::size_t most, Write write) {
        if (size_ + most > kMost) [[unlikely]] {
            fits_ = false;
            return;
        }
        Row row(words_.data() + size_);
        write(row);
        size_ = static_cast<std::size_t>(row.next_ - words_.data());
        fits_ = fits_ && row.all_ <= 0xFFFF;
    }
    /// Room for the length of what follows, which `cut` shortens to its first `count` numbers.
    std::size_t reserve() {
        put(0);
        return size_;
    }
    void cut(std::size_t begin, u64 count) {
        if (!fits_) return;
        words_[begin - 1] = static_cast<u16>(count);
        size_ = begin + count;
    }
    bool fits() const { return fits_; }
    std::span<const u16> words() const { return {words_.data(), size_}; }
    u64 hash() const {
        // Four sums at a time, which do not wait for one another.
        std::array<u64, kSums> sums = {size_, 1, 2, 3};
        const std::size_t whole = size_ / kWords * kWords;
        for (std::size_t n = 0; n < whole; n += kWords) add_to(sums, words_.data() + n);
        std::array<u16, kWords> rest{};
        std::copy(words_.begin() + static_cast<std::ptrdiff_t>(whole),
                  words_.begin() + static_cast<std::ptrdiff_t>(size_), rest.begin());
        add_to(sums, rest.data());
        return mixed(mixed(mixed(sums[0]) ^ sums[1]) ^ mixed(mixed(sums[2]) ^ sums[3]));
    }

  private:
    static constexpr std::size_t kMost = 8192;
    static constexpr std::size_t kSums = 4, kWords = kSums * sizeof(u64) / sizeof(u16);

    static void add_to(std::array<u64, kSums>& sums, const u16* from) {
        std::array<u64, kSums> words;
        std::memcpy(words.data(), from, sizeof words);
        for (std::size_t k = 0; k < kSums; ++k) sums[k] = mixed(sums[k] ^ words[k]);
    }

    static u64 mixed(u64 value) {
        value *= 0x9E37'79B9'7F4A'7C15;
        return value ^ value >> 32;
    }

    std::size_t size_ = 0;
    bool fits_ = true;
    std::vector<u16> words_ = std::vector<u16>(kMost);
};

class SnapshotReader {
  public:
    explicit SnapshotReader(std::span<const u16> words) : next_(words.data()) {}
    u16 get() { return *next_++; }
    u64 get_long() {
        u64 value = 0;
        for (unsigned shift = 0; shift < 64; shift += 16) value |= u64{get()} << shift;
        return value;
    }

  private:
    const u16* next_;
};

}  // namespace turnpike::cpu::scheduled
