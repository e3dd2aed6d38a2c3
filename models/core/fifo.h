// SPDX-License-Identifier: Apache-2.0
// A queue in one block of memory that grows and is used again: what passes through it all the time allocates nothing.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

namespace turnpike {

template <typename T>
class Fifo {
  public:
    bool empty() const { return count_ == 0; }
    std::size_t size() const { return count_; }
    T& front() { return slots_[first_]; }
    const T& front() const { return slots_[first_]; }
    void push_back(T value) {
        if (count_ == slots_.size()) grow();
        slots_[(first_ + count_++) & (slots_.size() - 1)] = std::move(value);
    }
    /// The slot keeps what is left of a value that was moved out.
    void pop_front() {
        first_ = (first_ + 1) & (slots_.size() - 1);
        --count_;
    }

  private:
    static constexpr std::size_t kFirst = 16;  ///< slots; always a power of two
    void grow() {
        std::vector<T> larger(slots_.empty() ? kFirst : slots_.size() * 2);
        for (std::size_t n = 0; n < count_; ++n) larger[n] = std::move(slots_[(first_ + n) & (slots_.size() - 1)]);
        slots_ = std::move(larger);
        first_ = 0;
    }
    std::vector<T> slots_;
    std::size_t first_ = 0, count_ = 0;
};

}  // namespace turnpike
