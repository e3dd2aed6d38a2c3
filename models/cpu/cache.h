// SPDX-License-Identifier: Apache-2.0
// A set-associative cache of tags. It holds no data: what it says is whether a line is there and whether it is dirty.
// TLBs are caches of page numbers.
#pragma once
#include <array>
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
    bool access(u64 line, bool write) { return hits_where_it_was(line, write) || search(line, write); }
    /// The same where the line is in the place that its guess says; else false, and nothing is done. `kKnown`: of a
    /// cache known to be LRU.
    template <Replacement kKnown = Replacement::plru>
    bool hits_where_it_was(u64 line, bool write) {
        const u64 place = guesses_[line % kGuesses];
        u64& tag = tags_[place];
        if ((tag ^ (line << 1)) > 1) [[unlikely]] {
            return false;
        }
        ++stats_.accesses;
        tag |= write ? 1 : 0;
        if constexpr (kKnown == Replacement::lru) {
            used_[place] = ++clock_;
        } else {
            touch(place);
        }
        return true;
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
    bool contains(u64 line) const { return place_of(line) != kNone; }
    /// The line, if it is there, becomes dirty; whether it is there.
    bool make_dirty(u64 line);

    /// The line, if it is there, becomes clean; whether it was dirty.
    bool make_clean(u64 line);
    /// Takes out the lines for which `gone` says so.
    template <class Gone>
    void invalidate_where(Gone gone) {
        for (u64 place = 0; place < tags_.size(); ++place)
            if (tags_[place] != kInvalid && gone(tags_[place] >> 1)) set_tag(place, kInvalid);
    }

    u64 sets() const { return sets_; }
    const CacheStats& stats() const { return stats_; }
    void restart_stats() { stats_ = {}; }

  private:
    static constexpr u64 kInvalid = ~u64{0};
    static constexpr u64 kHintsOfWord = 8;
    static constexpr u64 kMostTreeWays = 64;  // the tree's bits stand in one word
    // Many more than the lines in use at a time, so that few of them share a guess.
    static constexpr u64 kGuesses = 8192;
    /// What the use of a way does to the tree: of its bits the path is cleared, and those that then point away are set.
    struct Turn {
        u64 kept = ~u64{0};
        u64 away = 0;
    };

    Cache(const std::string& what, u64 lines, u64 ways, Replacement replacement, bool by_lines);
    u64 first_place(u64 line) const { return (odd_sets_ == 0 ? line & (sets_ - 1) : line % odd_sets_) << places_log2_; }
    u64 set_of(u64 place) const { return place >> places_log2_; }
    /// The way in the place has been used.
    void touch(u64 place) {
        if (replacement_ == Replacement::lru) {
            used_[place] = ++clock_;
            return;
        }
        const Turn& turn = turns_[place & places_mask_];
        u64& tree = used_[set_of(place)];
        tree = (tree & turn.kept) | turn.away;
    }
    [[gnu::noinline]] bool search(u64 line, bool write);
    /// The place of the line, or kNone; find() without the guess.
    u64 place_of(u64 line) const {
        const u64 guess = guesses_[line % kGuesses];
        return (tags_[guess] ^ (line << 1)) <= 1 ? guess : find(line);
    }
    u64 find(u64 line) const;
    void set_tag(u64 place, u64 tag);
    Turn turn_of(u64 way) const;
    u64 victim(u64 first, u64 ways) const;
    u64 tree_victim(u64 set) const;

    // A set has a power of two of places for its ways, so that a place says its set and its way by bits.
    Replacement replacement_;
    unsigned places_log2_;
    u64 places_mask_;
    u64 clock_ = 0;
    std::vector<u64> tags_;  ///< by place: line << 1 | dirty
    std::vector<u64> used_;  ///< LRU: by place, when it was used; PLRU: by set, the bits of the tree
    CacheStats stats_;
    u64 sets_ = 0;
    u64 odd_sets_ = 0;  ///< sets where they are no power of two, else 0
    u64 ways_;
    u64 leaves_;                             ///< of the PLRU tree: the ways rounded up to a power of two
    std::vector<u64> hints_;                 ///< by place a byte of the line, so that eight are looked at together
    std::vector<u16> empty_;                 ///< by set: ways without a line
    std::array<Turn, kMostTreeWays> turns_;  ///< PLRU: by way
    std::array<u32, kGuesses> guesses_{};    ///< by line, modulo kGuesses: the place such a line was in last
};

}  // namespace turnpike::cpu
