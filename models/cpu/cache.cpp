// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/cache.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace turnpike::cpu {
namespace {

/// A byte in which the lines of a set differ.
u64 hint_of(u64 line) { return (line ^ line >> 6 ^ line >> 11) & 0xFF; }

std::string lines_text(const std::string& name, u64 kib) { return name + ": " + std::to_string(kib) + " KiB"; }

}  // namespace

Cache::Cache(const std::string& name, u64 kib, u64 ways, Replacement replacement)
    : Cache(lines_text(name, kib), (kib << 10) >> kLineShift, ways, replacement, true) {}

Cache Cache::of_entries(const std::string& name, u64 entries, u64 ways) {
    return {name + ": " + std::to_string(entries) + " entries", entries, ways, Replacement::lru, false};
}

Cache::Cache(const std::string& what, u64 lines, u64 ways, Replacement replacement, bool by_lines)
    : replacement_(replacement),
      places_log2_(static_cast<unsigned>(std::countr_zero(std::bit_ceil(std::max(ways, kHintsOfWord))))),
      places_mask_((u64{1} << places_log2_) - 1),
      ways_(ways),
      leaves_(std::bit_ceil(ways)) {
    const bool too_wide = replacement == Replacement::plru && ways > kMostTreeWays;
    if (ways == 0 || ways > 0xFFFF || too_wide || lines == 0 || lines % ways != 0) {
        throw std::invalid_argument(what + " in " + std::to_string(ways) + " ways is not a whole number of sets" +
                                    (by_lines ? " of 64-byte lines" : ""));
    }
    sets_ = lines / ways;
    odd_sets_ = std::has_single_bit(sets_) ? 0 : sets_;
    const u64 places = sets_ << places_log2_;
    tags_.assign(places, kInvalid);
    hints_.assign(places / kHintsOfWord, 0);
    empty_.assign(sets_, static_cast<u16>(ways));
    used_.assign(replacement == Replacement::lru ? places : sets_, 0);
    if (replacement == Replacement::plru) {
        for (u64 way = 0; way < ways_; ++way) turns_[way] = turn_of(way);
    }
}

/// Nodes are numbered from 1 as in a heap; a bit says which half the next victim is in.
Cache::Turn Cache::turn_of(u64 way) const {
    Turn turn;
    for (u64 node = leaves_ + way; node > 1; node >>= 1) {
        const u64 bit = u64{1} << (node >> 1);
        turn.kept &= ~bit;
        turn.away |= (node & 1) != 0 ? 0 : bit;
    }
    return turn;
}

u64 Cache::tree_victim(u64 set) const {
    u64 node = 1;
    u64 low = 0;
    for (u64 half = leaves_ / 2; half > 0; half /= 2) {
        // Where the ways are no power of two, the upper half may be empty.
        const bool upper = (used_[set] >> node & 1) != 0 && low + half < ways_;
        node = node * 2 + (upper ? 1 : 0);
        low += upper ? half : 0;
    }
    return low;
}

/// The place among the first `ways` ones from `first` on, a set's, that makes room.
u64 Cache::victim(u64 first, u64 ways) const {
    // Under LRU an empty way was never used.
    if (replacement_ == Replacement::lru) {
        const u64* const used = used_.data();
        return static_cast<u64>(std::min_element(used + first, used + first + ways) - used);
    }
    const u64 set = set_of(first);
    if (empty_[set] != 0) {
        const u64* const tags = tags_.data();
        const u64* const empty = std::find(tags + first, tags + first + ways, kInvalid);
        if (empty != tags + first + ways) return static_cast<u64>(empty - tags);
    }
    u64 way = tree_victim(set);
    while (way >= ways) way -= ways;
    return first + way;
}

u64 Cache::find(u64 line) const {
    constexpr u64 kEachByte = 0x0101'0101'0101'0101;
    constexpr u64 kHighBits = 0x8080'8080'8080'8080;
    const u64 first = first_place(line);
    const u64 wanted = hint_of(line) * kEachByte;
    for (u64 eight = first; eight < first + ways_; eight += kHintsOfWord) {
        // A byte of the difference that is 0 sets its high bit; so may one above such a byte, which the tag refutes.
        const u64 difference = hints_[eight / kHintsOfWord] ^ wanted;
        for (u64 zero = (difference - kEachByte) & ~difference & kHighBits; zero != 0; zero &= zero - 1) {
            const u64 place = eight + static_cast<u64>(std::countr_zero(zero)) / 8;
            if ((tags_[place] ^ (line << 1)) <= 1) return place;
        }
    }
    return kNone;
}

void Cache::set_tag(u64 place, u64 tag) {
    u16& empty = empty_[set_of(place)];
    empty = static_cast<u16>(empty + (tag == kInvalid ? 1 : 0) - (tags_[place] == kInvalid ? 1 : 0));
    tags_[place] = tag;
    const unsigned shift = place % kHintsOfWord * 8;
    u64& hints = hints_[place / kHintsOfWord];
    hints = (hints & ~(u64{0xFF} << shift)) | hint_of(tag >> 1) << shift;
}

bool Cache::search(u64 line, bool write) {
    ++stats_.accesses;
    const u64 place = find(line);
    if (place == kNone) {
        ++stats_.misses;
        return false;
    }
    guesses_[line % kGuesses] = static_cast<u32>(place);
    tags_[place] |= write ? 1 : 0;
    touch(place);
    return true;
}

Cache::Victim Cache::replace(u64 line, bool dirty, u64 ways) {
    const u64 place = victim(first_place(line), ways == 0 ? ways_ : std::min(ways, ways_));
    const u64 old = tags_[place];
    set_tag(place, (line << 1) | (dirty ? 1 : 0));
    guesses_[line % kGuesses] = static_cast<u32>(place);
    touch(place);
    if (old == kInvalid) return {};
    stats_.write_backs += old & 1;
    return {old >> 1, (old & 1) != 0};
}

bool Cache::make_dirty(u64 line) {
    const u64 place = place_of(line);
    if (place == kNone) return false;
    tags_[place] |= 1;
    return true;
}

bool Cache::make_clean(u64 line) {
    const u64 place = place_of(line);
    if (place == kNone) return false;
    const bool dirty = (tags_[place] & 1) != 0;
    tags_[place] &= ~u64{1};
    return dirty;
}

u64 Cache::write_back(u64 line) { return make_dirty(line) ? kNone : insert(line, true); }

bool Cache::invalidate(u64 line) {
    const u64 place = place_of(line);
    if (place == kNone) return false;
    const bool dirty = (tags_[place] & 1) != 0;
    set_tag(place, kInvalid);
    if (replacement_ == Replacement::lru) used_[place] = 0;
    return dirty;
}

}  // namespace turnpike::cpu
