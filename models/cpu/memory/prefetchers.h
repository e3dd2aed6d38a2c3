// SPDX-License-Identifier: Apache-2.0
// Which lines hardware prefetchers ask for. They see lines, not bytes, and never cross a page of 4 KiB, since the next
// page may lie anywhere.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "models/cpu/exec/flags.h"
#include "models/cpu/remainder.h"
#include "regs/cpu_memory.h"

namespace turnpike::cpu {

inline constexpr u64 kLinesOfPage = 4096 / 64;
inline constexpr u64 kNoLine = ~u64{0};

inline bool same_page(u64 line, u64 other) { return line / kLinesOfPage == other / kLinesOfPage; }

/// Follows the distance between the lines that one instruction touches one after the other.
class StridePrefetcher {
  public:
    StridePrefetcher(u64 entries, u64 distance);

    /// The instruction at `pc` touches the line. Whether it goes on from one to another, so that moved() is to be
    /// asked; else it touches the same as before, or is followed from now on.
    bool moves(u64 pc, u64 line) {
        Entry& entry = entries_[row_of(pc)];
        if (entry.pc == pc) return entry.line != line;
        entry = {pc, line, 0, 0};
        return false;
    }
    /// The line to fetch, or kNoLine.
    u64 moved(u64 pc, u64 line);

  private:
    struct Entry {
        u64 pc = ~u64{0};
        u64 line = 0;
        i64 stride = 0;
        u8 seen = 0;  ///< how often the stride has come again
    };
    static constexpr u8 kSure = 2;

    u64 row_of(u64 pc) const { return remainder(pc ^ pc >> 7, rows_); }

    i64 distance_;
    bool follows_;  ///< there are entries; else there is one that counts for nothing
    u64 rows_;
    std::vector<Entry> entries_;
};

/// Follows the accesses of L2 in each of the pages used last, upwards or downwards.
class StreamPrefetcher {
  public:
    StreamPrefetcher(u64 trackers, u64 distance, u64 degree);

    /// L2 is asked for the line: the lines to fetch.
    std::span<const u64> touched(u64 line);

  private:
    struct Tracker {
        u64 page = ~u64{0};
        i64 last = 0;   ///< line in the page
        i64 ahead = 0;  ///< the furthest line asked for
        i64 direction = 0;
        u8 seen = 0;
        u64 used = 0;
    };
    static constexpr u8 kSure = 2;
    static constexpr i64 kNear = 4;  ///< lines apart at most to be one stream

    static constexpr u64 kGuesses = 64;

    Tracker& tracker_of(u64 page);
    void ask(Tracker& tracker, u64 page);

    i64 distance_, degree_;
    u64 clock_ = 0;
    std::vector<Tracker> trackers_;
    std::array<u64, kGuesses> guesses_{};  ///< by page: which tracker it had last
    std::vector<u64> wanted_;
};

}  // namespace turnpike::cpu
