// SPDX-License-Identifier: Apache-2.0
// Limits on what goes on at the same time, asked in program order for times that need not rise: an access that is early
// in the program may be late in time.
#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

/// A number of places, each taken for a span of time: miss-status registers, page walkers.
class Places {
  public:
    explicit Places(u64 count) : free_at_(std::max<u64>(count, 1), 0) {}

    /// The earliest time from `now` on at which a place is free.
    u64 free_from(u64 now) const { return std::max(now, free_at_[first_]); }
    /// Takes the place that was free first until `end`.
    void take(u64 end) {
        u64 at = first_;
        first_ = first_ + 1 == free_at_.size() ? 0 : first_ + 1;
        // Its row is now the last one; mostly nothing is taken for longer.
        while (at != first_) {
            const u64 before = at == 0 ? free_at_.size() - 1 : at - 1;
            if (free_at_[before] <= end) break;
            free_at_[at] = free_at_[before];
            at = before;
        }
        free_at_[at] = end;
    }

  private:
    std::vector<u64> free_at_;  ///< a ring that rises from `first_` on
    u64 first_ = 0;
};

/// A path that passes one line each so many sixteenths of a cycle. Time is cut into windows, each filled from its
/// beginning; a line goes into the first window from its time on that has room, and may reach into the next.
class Throughput {
  public:
    explicit Throughput(u64 line_16ths) : line_16ths_(line_16ths) {
        while (size() < line_16ths) ++window_log2_;
    }

    /// When a line that is ready at cycle `now` begins to pass.
    u64 pass(u64 now) {
        if (line_16ths_ == 0) return now;
        const u64 within = (now << 4) & (size() - 1);
        u64 number = now >> window_log2_;
        if (!open(number)) return now;
        Window* window = &at(number);
        u64 begin = std::max(window->filled, within);
        while (begin >= size()) {
            ++number;
            if (!open(number)) return now;
            window = &at(number);
            begin = window->filled;
        }
        window->filled = begin + line_16ths_;
        if (window->filled > size() && open(number + 1)) {
            at(number + 1).filled = std::max(at(number + 1).filled, window->filled - size());
        }
        return (number << window_log2_) + (begin >> 4);
    }

  private:
    struct Window {
        u64 number = 0;
        u64 filled = 0;  ///< sixteenths of a cycle
    };
    u64 size() const { return u64{16} << window_log2_; }
    Window& at(u64 number) { return windows_[number % windows_.size()]; }
    /// False for a window so long ago that its place has been taken by a later one.
    bool open(u64 number) {
        Window& window = at(number);
        if (window.number > number) return false;
        if (window.number < number) window = {number, 0};
        return true;
    }

    u64 line_16ths_;
    unsigned window_log2_ = 4;  ///< cycles
    std::array<Window, 512> windows_{};
};

/// Lines on their way: when they were asked for and when they arrive. As many as the table has rows are remembered.
class Arrivals {
  public:
    void add(u64 line, u64 asked, u64 arrives) {
        rows_[line % rows_.size()] = {line, asked, arrives};
        latest_ = std::max(latest_, arrives);
    }
    void remove(u64 line) {
        Row& row = rows_[line % rows_.size()];
        if (row.line == line) row = {};
    }
    /// Whether the line is not to be used at `now` yet. After the latest arrival there is no need to look at the table.
    bool on_its_way(u64 line, u64 now) const {
        if (now >= latest_) [[likely]] {
            return false;
        }
        const Row& row = rows_[line % rows_.size()];
        return row.line == line && row.arrives > now;
    }
    /// When the line can be used from `now` on. An access that comes before the one that asked for it would have asked
    /// itself.
    u64 usable(u64 line, u64 now) {
        if (!on_its_way(line, now)) [[likely]] {
            return now;
        }
        Row& row = rows_[line % rows_.size()];
        if (now < row.asked) {
            row.arrives -= row.asked - now;
            row.asked = now;
        }
        return row.arrives;
    }

  private:
    struct Row {
        u64 line = ~u64{0};
        u64 asked = 0;
        u64 arrives = 0;
    };
    u64 latest_ = 0;  ///< arrival of all that were ever added
    std::array<Row, 256> rows_{};
};

}  // namespace turnpike::cpu
