// SPDX-License-Identifier: Apache-2.0
// Cache and TimingTlb beside models of the simplest kind, call by call: lists in order of use, trees walked node by
// node.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <random>

#include "models/cpu/cache.h"
#include "models/cpu/memory/translation.h"

namespace turnpike::cpu {
namespace {

/// A set is its ways; the order of use is a list, the tree a half for each node.
class PlainCache {
  public:
    PlainCache(u64 entries, u64 ways, Replacement replacement) : replacement_(replacement), sets_(entries / ways) {
        for (Set& set : sets_) {
            set.ways.resize(ways);
            set.upper_next.resize(2 * std::bit_ceil(ways));
        }
    }

    bool access(u64 line, bool write) {
        ++stats.accesses;
        if (Way* way = find(line)) {
            way->dirty |= write;
            touch(set_of(line), index_of(line, way));
            return true;
        }
        ++stats.misses;
        return false;
    }

    Cache::Victim replace(u64 line, bool dirty, u64 ways) {
        Set& set = set_of(line);
        const u64 at = victim(set, ways == 0 ? set.ways.size() : std::min<u64>(ways, set.ways.size()));
        const Way old = set.ways[at];
        set.ways[at] = {line, dirty};
        touch(set, at);
        if (!old.line) return {};
        stats.write_backs += old.dirty ? 1 : 0;
        return {*old.line, old.dirty};
    }

    bool invalidate(u64 line) {
        Way* way = find(line);
        if (way == nullptr) return false;
        const bool dirty = way->dirty;
        std::erase(set_of(line).by_use, index_of(line, way));
        *way = {};
        return dirty;
    }
    bool contains(u64 line) { return find(line) != nullptr; }
    bool make_dirty(u64 line) {
        Way* way = find(line);
        if (way != nullptr) way->dirty = true;
        return way != nullptr;
    }
    bool make_clean(u64 line) {
        Way* way = find(line);
        if (way == nullptr) return false;
        return std::exchange(way->dirty, false);
    }
    /// As Cache does it: an emptied way keeps its place in the order of use.
    template <class Gone>
    void invalidate_where(Gone gone) {
        for (Set& set : sets_)
            for (Way& way : set.ways)
                if (way.line && gone(*way.line)) way = {};
    }

    CacheStats stats;

  private:
    struct Way {
        std::optional<u64> line;
        bool dirty = false;
    };
    struct Set {
        std::vector<Way> ways;
        std::vector<u64> by_use;       ///< ways ever used and not invalidated since, the latest at the end
        std::vector<bool> upper_next;  ///< by node, 1 is the root
    };

    Set& set_of(u64 line) { return sets_[line % sets_.size()]; }
    Way* find(u64 line) {
        for (Way& way : set_of(line).ways)
            if (way.line == line) return &way;
        return nullptr;
    }
    u64 index_of(u64 line, const Way* way) { return static_cast<u64>(way - set_of(line).ways.data()); }

    void touch(Set& set, u64 way) {
        std::erase(set.by_use, way);
        set.by_use.push_back(way);
        descend(set, 1, 0, std::bit_ceil(set.ways.size()), way);
    }
    /// The subtree at `node` holds ways [low, low + size): it points away from `way` afterwards.
    void descend(Set& set, u64 node, u64 low, u64 size, u64 way) {
        if (size == 1) return;
        const bool upper = way >= low + size / 2;
        set.upper_next[node] = !upper;
        descend(set, 2 * node + (upper ? 1 : 0), upper ? low + size / 2 : low, size / 2, way);
    }
    u64 pointed_at(const Set& set, u64 node, u64 low, u64 size) const {
        if (size == 1) return low;
        const bool upper = set.upper_next[node] && low + size / 2 < set.ways.size();
        return pointed_at(set, 2 * node + (upper ? 1 : 0), upper ? low + size / 2 : low, size / 2);
    }
    u64 victim(const Set& set, u64 ways) const {
        if (replacement_ == Replacement::plru) {
            for (u64 way = 0; way < ways; ++way)
                if (!set.ways[way].line) return way;
            return pointed_at(set, 1, 0, std::bit_ceil(set.ways.size())) % ways;
        }
        for (u64 way = 0; way < ways; ++way)
            if (std::find(set.by_use.begin(), set.by_use.end(), way) == set.by_use.end()) return way;
        return *std::find_if(set.by_use.begin(), set.by_use.end(), [&](u64 way) { return way < ways; });
    }

    Replacement replacement_;
    std::vector<Set> sets_;
};

struct Shape {
    const char* name;
    u64 kib, ways;
    Replacement replacement;
};
constexpr Shape kShapes[] = {{"a power of two of sets, LRU", 32, 8, Replacement::lru},
                             {"twelve ways, LRU", 48, 12, Replacement::lru},
                             {"96 sets, LRU", 24, 4, Replacement::lru},
                             {"three ways of 48 sets, PLRU", 9, 3, Replacement::plru},
                             {"twelve ways, PLRU", 48, 12, Replacement::plru},
                             {"sixteen ways, PLRU", 64, 16, Replacement::plru},
                             {"64 ways of one set, PLRU", 4, 64, Replacement::plru},
                             {"direct-mapped, PLRU", 2, 1, Replacement::plru},
                             {"one set of 32 ways, LRU", 2, 32, Replacement::lru}};

/// Lines that come again, lines that collide in a set, lines whose low bits agree over a long distance, anything.
u64 some_line(std::mt19937_64& random, u64 lines) {
    switch (random() % 4) {
        case 0:
            return random() % lines;
        case 1:
            return random() % 64 * (lines / 4);
        case 2:
            return random() % (lines / 2 + 1) + (random() % 4 << 20);
        default:
            return random() % (4 * lines);
    }
}

TEST(CacheBesideAPlainOne, AnswersVictimsAndCountsAgreeInEveryShape) {
    for (const Shape& shape : kShapes) {
        SCOPED_TRACE(shape.name);
        const u64 lines = shape.kib * 16;
        Cache cache("test", shape.kib, shape.ways, shape.replacement);
        PlainCache plain(lines, shape.ways, shape.replacement);
        std::mt19937_64 random(shape.kib * 100 + shape.ways);
        for (unsigned step = 0; step < 60'000; ++step) {
            const u64 line = some_line(random, lines);
            const bool write = random() % 4 == 0;
            switch (random() % 32) {
                case 0:
                    ASSERT_EQ(cache.invalidate(line), plain.invalidate(line)) << step;
                    break;
                case 1:
                    ASSERT_EQ(cache.make_dirty(line), plain.make_dirty(line)) << step;
                    break;
                case 2:
                    ASSERT_EQ(cache.make_clean(line), plain.make_clean(line)) << step;
                    break;
                case 3:
                    ASSERT_EQ(cache.contains(line), plain.contains(line)) << step;
                    break;
                case 4: {
                    if (random() % 64 != 0) break;
                    const auto gone = [&](u64 known) { return known % 5 == line % 5; };
                    cache.invalidate_where(gone);
                    plain.invalidate_where(gone);
                    break;
                }
                default: {
                    const bool hit = cache.access(line, write);
                    ASSERT_EQ(hit, plain.access(line, write)) << step;
                    if (hit || random() % 8 == 0) break;
                    const u64 ways = random() % 4 == 0 ? 1 + random() % 4 : 0;
                    const Cache::Victim got = cache.replace(line, write, ways);
                    const Cache::Victim expected = plain.replace(line, write, ways);
                    ASSERT_EQ(got.line, expected.line) << step;
                    ASSERT_EQ(got.dirty, expected.dirty) << step;
                }
            }
        }
        EXPECT_EQ(cache.stats().accesses, plain.stats.accesses);
        EXPECT_EQ(cache.stats().misses, plain.stats.misses);
        EXPECT_EQ(cache.stats().write_backs, plain.stats.write_backs);
        EXPECT_GT(plain.stats.write_backs, 500u) << "the trace drives dirty lines out";
        EXPECT_GT(plain.stats.accesses - plain.stats.misses, 5000u) << "and finds others again";
    }
}

TEST(CacheBesideAPlainOne, EntriesTakenOutByAPredicateAreGoneAndTheRestStays) {
    Cache cache = Cache::of_entries("test", 96, 96);
    PlainCache plain(96, 96, Replacement::lru);
    std::mt19937_64 random(96);
    for (unsigned step = 0; step < 30'000; ++step) {
        const u64 page = random() % 160;
        if (random() % 500 == 0) {
            const auto gone = [&](u64 known) { return known % 3 == page % 3; };
            cache.invalidate_where(gone);
            plain.invalidate_where(gone);
        }
        const bool hit = cache.access(page, false);
        ASSERT_EQ(hit, plain.access(page, false)) << step;
        if (hit) continue;
        ASSERT_EQ(cache.replace(page, false).line, plain.replace(page, false, 0).line) << step;
    }
    EXPECT_GT(plain.stats.misses, 1000u);
}

TEST(TlbBesideAPlainOne, EachPageComesFromTheLevelThatHoldsIt) {
    struct {
        u64 entries = 12, ways = 12, second_entries = 96, second_ways = 4, second_cycles = 7;
    } shape;
    TimingTlb tlb("test", shape);
    PlainCache first(12, 12, Replacement::lru), second(96, 4, Replacement::lru);
    std::mt19937_64 random(12);
    for (unsigned step = 0; step < 60'000; ++step) {
        const u64 page = random() % 3 != 0 ? random() % 16 : random() % 200;
        if (random() % 100 == 0) {
            tlb.forget(page);
            first.invalidate(page);
            second.invalidate(page);
        }
        TimingTlb::Result expected = TimingTlb::Result::first;
        if (!first.access(page, false)) {
            first.replace(page, false, 0);
            expected = TimingTlb::Result::second;
            if (!second.access(page, false)) {
                second.replace(page, false, 0);
                expected = TimingTlb::Result::walk;
            }
        }
        ASSERT_EQ(tlb.look_up(page), expected) << step;
    }
    EXPECT_EQ(tlb.stats().misses, first.stats.misses);
    EXPECT_EQ(tlb.stats().walks, second.stats.misses);
    EXPECT_GT(second.stats.misses, 1000u);
}

}  // namespace
}  // namespace turnpike::cpu
