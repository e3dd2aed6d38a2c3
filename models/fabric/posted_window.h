// SPDX-License-Identifier: Apache-2.0
// The bytes of posted writes that one initiator may have on their way: its credits.
#pragma once
#include <cstdint>
#include <deque>

namespace turnpike {

class PostedWindow {
  public:
    explicit PostedWindow(std::uint64_t limit) : limit_(limit) {}

    /// A write larger than the whole window passes when nothing else is on its way.
    bool admits(std::uint64_t bytes, std::uint64_t now_ps) {
        while (!returning_.empty() && returning_.front().at_ps <= now_ps) {
            in_flight_ -= returning_.front().bytes;
            returning_.pop_front();
        }
        return in_flight_ == 0 || in_flight_ + bytes <= limit_;
    }
    void take(std::uint64_t bytes) { in_flight_ += bytes; }
    /// The target will have taken the oldest write at `at_ps`; calls come in the order of `take`.
    void give_back(std::uint64_t bytes, std::uint64_t at_ps) { returning_.push_back({at_ps, bytes}); }

    /// Whether it is known when credits come back next, and when.
    bool has_return() const { return !returning_.empty(); }
    std::uint64_t next_return_ps() const { return returning_.front().at_ps; }

  private:
    struct Return {
        std::uint64_t at_ps;
        std::uint64_t bytes;
    };
    std::uint64_t limit_;
    std::uint64_t in_flight_ = 0;
    std::deque<Return> returning_;
};

}  // namespace turnpike
