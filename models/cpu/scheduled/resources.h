// SPDX-License-Identifier: Apache-2.0
// What micro-ops compete for: ports by cycle, and the stores whose data later loads may take.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "models/cpu/scheduled/micro_op.h"

namespace turnpike::cpu::scheduled {

/// Ports taken, by cycle. A ring: an entry that belongs to another cycle counts as free, so that nothing needs
/// clearing and a later micro-op can fill a gap before an earlier one.
class PortCalendar {
  public:
    /// Takes the first port of `ports` that is free at `cycle` or later for `busy` cycles; the cycle it begins.
    u64 take(u64 cycle, u16 ports, unsigned busy = 1) {
        for (;; ++cycle) {
            const unsigned free = ports & ~taken(cycle);
            if (free == 0) continue;
            const u16 port = static_cast<u16>(free & (0U - free));
            mark(cycle, port);
            for (unsigned n = 1; n < busy; ++n) mark(cycle + n, port);
            return cycle;
        }
    }

  private:
    static constexpr unsigned kCycles = 4096;
    static constexpr unsigned kPortBits = 16;
    unsigned taken(u64 cycle) const {
        const u64 entry = ring_[cycle % kCycles];
        return entry >> kPortBits == cycle ? static_cast<unsigned>(entry & 0xFFFF) : 0;
    }
    void mark(u64 cycle, u16 port) { ring_[cycle % kCycles] = (cycle << kPortBits) | taken(cycle) | port; }

    std::array<u64, kCycles> ring_{};
};

/// Micro-ops that wait between dispatch and a port. They leave in any order: how many do in each cycle is counted
/// ahead, so that only the cycles that dispatch passes have to be looked at.
class WaitingRoom {
  public:
    explicit WaitingRoom(u64 places) : places_(static_cast<u32>(places)) {}

    /// The first cycle from `cycle` on with a free place.
    u64 enter(u64 cycle) {
        if (cycle > now_ + kCycles) [[unlikely]] {
            leaving_.fill(0);
            waiting_ = 0;
            now_ = cycle;
        }
        while (now_ < cycle || waiting_ >= places_) pass_cycle();
        return now_;
    }
    /// What entered last goes to its port at `cycle`.
    void leave(u64 cycle) {
        if (cycle <= now_) return;
        ++leaving_[std::min(cycle, now_ + kCycles - 1) % kCycles];
        ++waiting_;
    }

  private:
    static constexpr u64 kCycles = 2048;
    void pass_cycle() {
        u16& leaving = leaving_[++now_ % kCycles];
        waiting_ -= leaving;
        leaving = 0;
    }

    u32 places_;
    u32 waiting_ = 0;
    u64 now_ = 0;
    std::array<u16, kCycles> leaving_{};
};

/// A store as the loads behind it see it. The versions say which value of its address registers it used: a load from
/// the same expression with the same versions needs no comparison of addresses.
struct RecentStore {
    u64 address = 0;
    u64 data_ready = 0;
    u64 retires = 0;  ///< not before; what cannot be forwarded waits for the cache
    u32 number = 0;
    u32 base_version = 0;
    u32 index_version = 0;
    u32 expression = 0;
    u8 bytes = 0;
    u8 base = 0;
    u8 index = 0;
};

/// The stores still in the queue, found by the four-byte granules that they wrote.
class StoreTable {
  public:
    void push(const RecentStore& store) {
        const u32 number = ++last_;
        stores_[number % kStores] = store;
        stores_[number % kStores].number = number;
        const u64 end = (store.address + store.bytes - 1) / kGranule;
        for (u64 granule = store.address / kGranule; granule <= end; ++granule) {
            granules_[granule % kGranules] = {granule, number};
        }
    }
    /// The newest store to the granule of `address` among the last `window` stores, or nullptr.
    const RecentStore* at(u64 address, u32 window) const {
        const u64 granule = address / kGranule;
        const Granule& entry = granules_[granule % kGranules];
        if (entry.granule != granule || entry.number == 0 || last_ - entry.number >= window) return nullptr;
        return &stores_[entry.number % kStores];
    }

  private:
    static constexpr u64 kGranule = 4;
    static constexpr unsigned kGranules = 2048;
    static constexpr unsigned kStores = 128;
    struct Granule {
        u64 granule = 0;
        u32 number = 0;
    };
    std::array<Granule, kGranules> granules_{};
    std::array<RecentStore, kStores> stores_{};
    u32 last_ = 0;
};

/// Loads that memory renaming has learned: each took its data so often in a row from a store to the same expression and
/// address that it does so unasked, whatever happened to the registers of the expression in between.
class RenamedLoads {
  public:
    RenamedLoads(u64 entries, u64 sure) : entries_(entries), sure_(static_cast<u32>(sure)) {}
    /// The load `id` has met such a store: whether that was foreseen.
    bool met(u64 id) {
        if (entries_.empty()) return false;
        Entry& entry = entries_[(id ^ id >> 9) % entries_.size()];
        if (entry.id != id) entry = {id, 0};
        if (entry.seen == sure_) return true;
        ++entry.seen;
        return false;
    }
    /// It took its data from another store.
    void missed(u64 id) {
        if (entries_.empty()) return;
        Entry& entry = entries_[(id ^ id >> 9) % entries_.size()];
        if (entry.id == id) entry.seen = 0;
    }

  private:
    struct Entry {
        u64 id = 0;
        u32 seen = 0;
    };
    std::vector<Entry> entries_;
    u32 sure_;
};

}  // namespace turnpike::cpu::scheduled
