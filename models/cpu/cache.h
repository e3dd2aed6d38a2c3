// SPDX-License-Identifier: Apache-2.0
// A set-associative cache of tags with least-recently-used replacement. It holds no data: what it says is whether a
// line is there and whether it is dirty.
#pragma once
#include <cstring>
#include <string>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/flags.h"

namespace turnpike::cpu {

class Cache {
  public:
    static constexpr u64 kLineShift = 6;
    static constexpr u64 kNone = ~u64{0};

    /// Throws std::invalid_argument where the size is not a whole number of sets.
    Cache(const std::string& name, u64 kib, u64 ways);

    /// Whether the line is there; it becomes the most recently used one, and dirty by a write.
    bool access(u64 line, bool write) {
        ++stats_.accesses;
        u64* set = set_of(line);
        const u64 tag = line << 1;
        if ((set[0] ^ tag) <= 1) [[likely]] {
            set[0] |= write ? 1 : 0;
            return true;
        }
        return search(set, tag, write);
    }
    /// Puts a line that is not there in; returns the dirty line that it drives out, or kNone.
    u64 insert(u64 line, bool dirty);
    /// The level above wrote a dirty line back. Returns the dirty line that it drives out, or kNone.
    u64 write_back(u64 line);
    void invalidate(u64 line);
    bool contains(u64 line) const;

    const CacheStats& stats() const { return stats_; }
    void restart_stats() { stats_ = {}; }

  private:
    static constexpr u64 kInvalid = ~u64{0};
    u64* set_of(u64 line) { return tags_.data() + (mask_ != 0 ? line & mask_ : line % sets_) * ways_; }
    bool search(u64* set, u64 tag, bool write);
    u64* find(u64 line);

    u64 sets_;
    u64 mask_;  ///< sets - 1 where that is a power of two above 1, else 0
    u64 ways_;
    std::vector<u64> tags_;  ///< per set, most recently used first: line << 1 | dirty
    CacheStats stats_;
};

}  // namespace turnpike::cpu
