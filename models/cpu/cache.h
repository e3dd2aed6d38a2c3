// SPDX-License-Identifier: Apache-2.0
// A set-associative cache of tags. It holds no data: what it says is whether a line is there and whether it is dirty.
// TLBs are caches of page numbers.
#pragma once
#include <string>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

/// Which line of a full set makes room: the least recently used one, or the one that a tree of bits points at, each
/// bit away from the half that was used last.
enum class Replacement : u8 { lru, plru };

class Cache {
  public:
    static constexpr u64 kLineShift = 6;
    static constexpr u64 kNone = ~u64{0};

    struct Victim {
        u64 line = kNone;
        bool dirty = false;
    };

    /// Throws std::invalid_argument where the size is not a whole number of sets, or PLRU has more than 64 ways.
    Cache(const std::string& name, u64 kib, u64 ways, Replacement replacement = Replacement::lru);
    /// `entries` of any unit, for a TLB.
    static Cache of_entries(const std::string& name, u64 entries, u64 ways);

    /// Whether the line is there; it becomes the most recently used one, and dirty by a write.
    bool access(u64 line, bool write) {
        ++stats_.accesses;
        const u64 set = set_of(line);
        u64& newest = tags_[set * ways_ + newest_[set]];
        if ((newest ^ (line << 1)) <= 1) [[likely]] {
            newest |= write ? 1 : 0;
            return true;
        }
        return search(set, line, write);
    }
    /// Puts a line that is not there in, in one of the first `ways` ways (0: any), and says which line it drives out.
    Victim replace(u64 line, bool dirty, u64 ways = 0);
    /// The same; returns only a dirty line, or kNone.
    u64 insert(u64 line, bool dirty) {
        const Victim victim = replace(line, dirty);
        return victim.dirty ? victim.line : kNone;
    }
    /// The level above wrote a dirty line back. Returns the dirty line that it drives out, or kNone.
    u64 write_back(u64 line);
    /// Takes the line out; whether it was dirty.
    bool invalidate(u64 line);
    bool contains(u64 line) const { return find(line) != kNone; }
    /// The line, if it is there, becomes dirty; whether it is there.
    bool make_dirty(u64 line);

    /// The line, if it is there, becomes clean; whether it was dirty.
    bool make_clean(u64 line);
    /// Takes out the lines for which `gone` says so.
    template <class Gone>
    void invalidate_where(Gone gone) {
        for (u64& tag : tags_)
            if (tag != kInvalid && gone(tag >> 1)) tag = kInvalid;
    }

    u64 sets() const { return sets_; }
    const CacheStats& stats() const { return stats_; }
    void restart_stats() { stats_ = {}; }

  private:
    static constexpr u64 kInvalid = ~u64{0};
    /// What the use of a way does to the tree: the bits of its path, and those of them that then point away from it.
    struct Turn {
        u64 path = 0;
        u64 away = 0;
    };
    static constexpr u64 kGuesses = 1024;
    u64 set_of(u64 line) const { return odd_sets_ == 0 ? line & mask_ : line % odd_sets_; }
    bool search(u64 set, u64 line, bool write);
    u64 find(u64 line) const;
    void set_tag(u64 set, u64 way, u64 tag);
    void touch(u64 set, u64 way);
    Turn turn_of(u64 way) const;
    u64 victim_way(u64 set, u64 ways) const;
    u64 tree_victim(u64 set) const;

    Cache(const std::string& what, u64 lines, u64 ways, Replacement replacement, bool by_lines);

    u64 sets_;
    u64 odd_sets_ = 0;  ///< sets where they are no power of two, else 0
    u64 mask_ = 0;      ///< else sets - 1
    u64 ways_;
    u64 hint_words_;  ///< per set
    u64 leaves_;      ///< of the PLRU tree: the ways rounded up to a power of two
    Replacement replacement_;
    u64 clock_ = 0;
    std::vector<u64> tags_;    ///< per set and way: line << 1 | dirty
    std::vector<u64> hints_;   ///< per set and way a byte of the line, so that eight ways are looked at together
    std::vector<u16> newest_;  ///< per set: way used last
    std::vector<u16> guess_;   ///< by line, modulo kGuesses: the way it was in last
    std::vector<Turn> turns_;  ///< PLRU: by way
    std::vector<u64> used_;    ///< LRU: per set and way, when it was used; PLRU: per set, the bits of the tree
    CacheStats stats_;
};

}  // namespace turnpike::cpu
