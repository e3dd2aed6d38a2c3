// SPDX-License-Identifier: Apache-2.0
// What micro-ops compete for: ports by cycle, and the stores whose data later loads may take.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <vector>

#include "models/cpu/scheduled/micro_op.h"

namespace turnpike::cpu::scheduled {

/// Ports taken, by cycle, so that a later micro-op can fill a gap before an earlier one. Four cycles share a word, 16
/// ports each: the first free port of the first cycle is the lowest bit that is wanted and not taken.
class PortCalendar {
  public:
    /// Nothing will be asked for before `cycle` any more: what was taken there makes room for later cycles.
    void forget_before(u64 cycle) {
        if (cycle >= forgotten_ + kForgetAtOnce) [[unlikely]] {
            forget(cycle);
        }
    }

    /// Takes the first port of `wanted` that is free at `cycle` or later for `busy` cycles; the cycle it begins.
    /// Further ahead than the calendar reaches, ports are always free.
    u64 take(u64 cycle, PortSet wanted, unsigned busy = 1) {
        if (cycle >= end_) [[unlikely]] {
            return cycle;
        }
        u64 word = cycle / kCyclesOfWord;
        u64 free = wanted & ~words_[word % kWords] & kFrom[cycle % kCyclesOfWord];
        if (free == 0) [[unlikely]] {
            do {
                if (++word * kCyclesOfWord >= end_) return word * kCyclesOfWord;
                free = wanted & ~words_[word % kWords];
            } while (free == 0);
        }
        words_[word % kWords] |= free & (0 - free);
        const unsigned bit = static_cast<unsigned>(std::countr_zero(free));
        if (busy != 1) [[unlikely]] {
            hold(word * 64 + bit, busy);
        }
        return word * kCyclesOfWord + bit / kPortBits;
    }

  private:
    static constexpr unsigned kPortBits = 16;
    static constexpr unsigned kCyclesOfWord = 64 / kPortBits;
    static constexpr unsigned kWords = 1024;
    static constexpr std::array<u64, kCyclesOfWord> kFrom = {~u64{0}, ~u64{0} << 16, ~u64{0} << 32, ~u64{0} << 48};
    static constexpr u64 kForgetAtOnce = 256;  // cycles
    // The time that a port is held must end before the words come round again.
    static constexpr u64 kReach = kWords * kCyclesOfWord - 2 * 256;

    void hold(u64 bit, unsigned busy) {
        for (unsigned n = 1; n < busy; ++n) {
            bit += kPortBits;
            words_[bit / 64 % kWords] |= u64{1} << bit % 64;
        }
    }
    void forget(u64 cycle) {
        const u64 first = forgotten_ / kCyclesOfWord;
        const u64 end = std::min(cycle / kCyclesOfWord, first + kWords);
        for (u64 word = first; word < end; ++word) words_[word % kWords] = 0;
        forgotten_ = cycle;
        end_ = cycle + kReach;
    }

    u64 forgotten_ = 0;
    u64 end_ = kReach;
    std::array<u64, kWords> words_{};
};

/// Micro-ops that wait between dispatch and a port. They leave in any order: how many do in each cycle is counted
/// ahead. The count is brought up to date only when it says that all places are taken.
class WaitingRoom {
  public:
    explicit WaitingRoom(u64 places) : places_(static_cast<u32>(places)) {}

    /// The first cycle from `cycle` on with a free place.
    u64 enter(u64 cycle) {
        if (waiting_ < places_) [[likely]] {
            return cycle;
        }
        return wait(cycle);
    }
    /// What entered at `entered`, the last to do so, goes to its port at `cycle`.
    void leave(u64 entered, u64 cycle) {
        if (cycle >= end_) [[unlikely]] {
            pass(entered);
            cycle = std::min(cycle, end_ - 1);
        }
        // Without a branch, which would be foreseen badly: what goes at once does not count.
        const u16 waits = cycle > entered ? 1 : 0;
        leaving_[cycle % kCycles] = static_cast<u16>(leaving_[cycle % kCycles] + waits);
        waiting_ += waits;
    }

  private:
    static constexpr u64 kCycles = 2048;
    [[gnu::noinline]] u64 wait(u64 cycle) {
        pass(cycle);
        while (waiting_ >= places_) pass_cycle();
        end_ = now_ + kCycles;
        return now_;
    }
    void pass_cycle() {
        u16& leaving = leaving_[++now_ % kCycles];
        waiting_ -= leaving;
        leaving = 0;
    }
    [[gnu::noinline]] void pass(u64 cycle) {
        if (cycle > now_ + kCycles) {
            leaving_.fill(0);
            waiting_ = 0;
            now_ = cycle;
        }
        while (now_ < cycle) {
            // A run of cycles without end of the ring in between, so that many are added up at once.
            const u64 first = (now_ + 1) % kCycles;
            const u64 count = std::min(cycle - now_, kCycles - first);
            u16* const leaving = leaving_.data() + first;
            waiting_ -= std::accumulate(leaving, leaving + count, u32{0});
            std::fill_n(leaving, count, u16{0});
            now_ += count;
        }
        end_ = now_ + kCycles;
    }

    u32 places_;
    u32 waiting_ = 0;
    u64 now_ = 0;        ///< up to here those who left are taken off
    u64 end_ = kCycles;  ///< from here on nothing can be counted
    std::array<u16, kCycles> leaving_{};
};

/// A store as the loads behind it see it. The values of its address registers are known by the micro-ops that made
/// them: a load from the same expression of the same values needs no comparison of addresses.
struct RecentStore {
    u64 address = 0;
    u64 data_ready = 0;
    u64 retires = 0;  ///< not before; what cannot be forwarded waits for the cache
    u64 base_value = 0;
    u64 index_value = 0;
    Operands from;
    u32 number = 0;
    u32 bytes = 0;
    u64 last() const { return address + bytes - 1; }
};
static_assert(sizeof(RecentStore) == 56);

/// The stores still in the queue, found by the four-byte granules that they wrote.
class StoreTable {
  public:
    /// Room for a store of `bytes` to `address`, of which the caller fills in the rest: made elsewhere and copied it
    /// would be read back before it is written.
    RecentStore& push(u64 address, u8 bytes) {
        const u32 number = ++last_;
        RecentStore& store = stores_[number % kStores];
        store.address = address;
        store.number = number;
        store.bytes = bytes;
        const u64 last = address + bytes - 1;
        of_line_[address / kLine % kLines] = number;
        of_line_[last / kLine % kLines] = number;
        for (u64 granule = address / kGranule; granule <= last / kGranule; ++granule) {
            newest_[granule % kGranules] = number;
        }
        return store;
    }
    /// Whether one of the last `window` stores may have written to the line of `address`.
    bool may_hold(u64 address, u32 window) const { return last_ - of_line_[address / kLine % kLines] < window; }
    /// The newest store to the granule of `address` among the last `window` stores, or nullptr.
    const RecentStore* at(u64 address, u32 window) const {
        const u64 granule = address / kGranule;
        const u32 number = newest_[granule % kGranules];
        if (last_ - number >= window) return nullptr;
        const RecentStore& store = stores_[number % kStores];
        const bool there = store.address / kGranule <= granule && granule <= store.last() / kGranule;
        return there ? &store : nullptr;
    }

  private:
    static constexpr u64 kGranule = 4;
    static constexpr unsigned kGranules = 2048;
    static constexpr u64 kLine = 64;
    static constexpr unsigned kLines = 512;
    static constexpr unsigned kStores = 128;
    std::array<u32, kGranules> newest_{};  ///< number of the last store
    std::array<u32, kLines> of_line_{};    ///< the same by line, to ask first
    std::array<RecentStore, kStores> stores_{};
    u32 last_ = kStores;  ///< before the first one no granule has been written by any of the last
};

/// Loads that memory renaming has learned: each took its data so often in a row from a store to the same expression and
/// address that it does so unasked, whatever happened to the registers of the expression in between.
class RenamedLoads {
  public:
    RenamedLoads(u64 entries, u64 sure) : entries_(entries), sure_(static_cast<u32>(sure)) {}
    /// The load `id` has met such a store: whether that was foreseen.
    bool met(u64 id) {
        if (entries_.empty()) return false;
        Entry& entry = entry_of(id);
        if (entry.id != id) entry = {id, 0};
        if (entry.seen == sure_) return true;
        ++entry.seen;
        return false;
    }
    /// It took its data from another store.
    void missed(u64 id) {
        if (entries_.empty()) return;
        Entry& entry = entry_of(id);
        if (entry.id == id) entry.seen = 0;
    }

  private:
    struct Entry {
        u64 id = 0;
        u32 seen = 0;
    };
    /// Its place in the table, which another load may hold.
    Entry& entry_of(u64 id) { return entries_[(id ^ id >> 9) % entries_.size()]; }

    std::vector<Entry> entries_;
    u32 sure_;
};

}  // namespace turnpike::cpu::scheduled
