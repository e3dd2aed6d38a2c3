// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/cache.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace turnpike::cpu {
namespace {

constexpr u64 kMostTreeWays = 64;  // the tree's bits stand in one word

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
    : sets_(0), ways_(ways), hint_words_((ways + 7) / 8), leaves_(std::bit_ceil(ways)), replacement_(replacement) {
    const bool too_wide = replacement == Replacement::plru && ways > kMostTreeWays;
    if (ways == 0 || ways > 0xFFFF || too_wide || lines == 0 || lines % ways != 0) {
        throw std::invalid_argument(what + " in " + std::to_string(ways) + " ways is not a whole number of sets" +
                                    (by_lines ? " of 64-byte lines" : ""));
    }
    sets_ = lines / ways;
    if (std::has_single_bit(sets_)) {
        mask_ = sets_ - 1;
    } else {
        odd_sets_ = sets_;
    }
    tags_.assign(lines, kInvalid);
    hints_.assign(sets_ * hint_words_, 0);
    newest_.assign(sets_, 0);
    guess_.assign(kGuesses, 0);
    used_.assign(replacement == Replacement::lru ? lines : sets_, 0);
    if (replacement == Replacement::plru) {
        for (u64 way = 0; way < ways_; ++way) turns_.push_back(turn_of(way));
    }
}

void Cache::touch(u64 set, u64 way) {
    newest_[set] = static_cast<u16>(way);
    if (replacement_ == Replacement::lru) {
        used_[set * ways_ + way] = ++clock_;
        return;
    }
    const Turn& turn = turns_[way];
    used_[set] = (used_[set] & ~turn.path) | turn.away;
}

/// Nodes are numbered from 1 as in a heap; a bit says which half the next victim is in.
Cache::Turn Cache::turn_of(u64 way) const {
    Turn turn;
    for (u64 node = leaves_ + way; node > 1; node >>= 1) {
        const u64 bit = u64{1} << (node >> 1);
        turn.path |= bit;
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

u64 Cache::victim_way(u64 set, u64 ways) const {
    // Under LRU an empty way was never used.
    if (replacement_ == Replacement::lru) {
        const u64* used = used_.data() + set * ways_;
        return static_cast<u64>(std::min_element(used, used + ways) - used);
    }
    const u64* tags = tags_.data() + set * ways_;
    const u64* empty = std::find(tags, tags + ways, kInvalid);
    return empty != tags + ways ? static_cast<u64>(empty - tags) : tree_victim(set) % ways;
}

u64 Cache::find(u64 line) const {
    constexpr u64 kEachByte = 0x0101'0101'0101'0101;
    constexpr u64 kHighBits = 0x8080'8080'8080'8080;
    const u64 set = set_of(line);
    const u64* const tags = tags_.data() + set * ways_;
    const u64* const hints = hints_.data() + set * hint_words_;
    const u64 wanted = hint_of(line) * kEachByte;
    for (u64 word = 0; word < hint_words_; ++word) {
        // A byte of the difference that is 0 sets its high bit; so may one above such a byte, which the tag refutes.
        const u64 difference = hints[word] ^ wanted;
        for (u64 zero = (difference - kEachByte) & ~difference & kHighBits; zero != 0; zero &= zero - 1) {
            const u64 way = word * 8 + static_cast<u64>(std::countr_zero(zero)) / 8;
            if (way < ways_ && (tags[way] ^ (line << 1)) <= 1) return way;
        }
    }
    return kNone;
}

void Cache::set_tag(u64 set, u64 way, u64 tag) {
    tags_[set * ways_ + way] = tag;
    const unsigned shift = way % 8 * 8;
    u64& hints = hints_[set * hint_words_ + way / 8];
    hints = (hints & ~(u64{0xFF} << shift)) | hint_of(tag >> 1) << shift;
}

bool Cache::search(u64 set, u64 line, bool write) {
    u16& guess = guess_[line % kGuesses];
    u64 way = guess;
    if ((tags_[set * ways_ + way] ^ (line << 1)) > 1) way = find(line);
    if (way == kNone) {
        ++stats_.misses;
        return false;
    }
    guess = static_cast<u16>(way);
    tags_[set * ways_ + way] |= write ? 1 : 0;
    touch(set, way);
    return true;
}

Cache::Victim Cache::replace(u64 line, bool dirty, u64 ways) {
    const u64 set = set_of(line);
    const u64 way = victim_way(set, ways == 0 ? ways_ : std::min(ways, ways_));
    const u64 old = tags_[set * ways_ + way];
    set_tag(set, way, (line << 1) | (dirty ? 1 : 0));
    guess_[line % kGuesses] = static_cast<u16>(way);
    touch(set, way);
    if (old == kInvalid) return {};
    stats_.write_backs += old & 1;
    return {old >> 1, (old & 1) != 0};
}

bool Cache::make_dirty(u64 line) {
    const u64 way = find(line);
    if (way == kNone) return false;
    tags_[set_of(line) * ways_ + way] |= 1;
    return true;
}

bool Cache::make_clean(u64 line) {
    const u64 way = find(line);
    if (way == kNone) return false;
    u64& tag = tags_[set_of(line) * ways_ + way];
    const bool dirty = (tag & 1) != 0;
    tag &= ~u64{1};
    return dirty;
}

u64 Cache::write_back(u64 line) { return make_dirty(line) ? kNone : insert(line, true); }

bool Cache::invalidate(u64 line) {
    const u64 way = find(line);
    if (way == kNone) return false;
    const u64 set = set_of(line);
    const bool dirty = (tags_[set * ways_ + way] & 1) != 0;
    set_tag(set, way, kInvalid);
    if (replacement_ == Replacement::lru) used_[set * ways_ + way] = 0;
    return dirty;
}

}  // namespace turnpike::cpu
