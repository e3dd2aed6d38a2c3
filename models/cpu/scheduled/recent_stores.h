// SPDX-License-Identifier: Apache-2.0
// The stores whose data later loads may take.
#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "models/cpu/remainder.h"
#include "models/cpu/scheduled/micro_op.h"

namespace turnpike::cpu::scheduled {

/// A store as the loads behind it see it. The values of its address registers are known by the micro-ops that made
/// them: a load from the same expression of the same values needs no comparison of addresses.
struct alignas(64) RecentStore {
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
static_assert(sizeof(RecentStore) == 64);

/// The store that a load meets, and how.
struct Match {
    u8 back = 0;  ///< 1: the last store; 0: it meets none
    bool covers = false;
    bool apart = false;         ///< it is the only one in the granules, and has no byte in common
    bool same_address = false;  ///< both begin there
};

/// The stores still in the queue, found by the four-byte granules that they wrote.
class StoreTable {
  public:
    static constexpr unsigned kStores = 128;  ///< that are remembered
    /// Room for a store of `bytes` to `address`, of which the caller fills in the rest: made elsewhere and copied it
    /// would be read back before it is written.
    RecentStore& push(u64 address, u8 bytes) {
        of_line_[(address + bytes - 1) / kLine % kLines] = last_ + 1;
        return push_in_line(address, bytes);
    }
    /// The same of a store that stays in its line.
    RecentStore& push_in_line(u64 address, u8 bytes) {
        const u32 number = ++last_;
        RecentStore& store = stores_[number % kStores];
        store.address = address;
        store.number = number;
        store.bytes = bytes;
        of_line_[address / kLine % kLines] = number;
        const u64 last = (address + bytes - 1) / kGranule;
        for (u64 granule = address / kGranule; granule <= last; ++granule) {
            u64& newest = newest_[granule % kGranules];
            newest = newest << 32 | number;
        }
        return store;
    }
    /// Whether one of the last `window` stores may have written to the line of `address`.
    bool may_hold(u64 address, u32 window) const { return last_ - of_line_[address / kLine % kLines] < window; }
    /// What a load that may find a store finds: mostly one that began where the load does.
    Match match(u64 address, unsigned bytes, u32 window) const {
        const u32 number = newest_to(address);
        const RecentStore& store = stores_[number % kStores];
        const bool whole = store.address == address && bytes <= store.bytes && newest_to(address + bytes - 1) == number;
        if (whole && last_ - number < window) return {static_cast<u8>(last_ - number + 1), true, false, true};
        return match_other(address, bytes, window);
    }
    /// Number of the last one.
    u32 last() const { return last_; }
    RecentStore& numbered(u32 number) { return stores_[number % kStores]; }
    /// The newest store to the granule of `address` among the last `window` stores, or nullptr.
    const RecentStore* at(u64 address, u32 window) const {
        const u64 granule = address / kGranule;
        const u64 newest = newest_[granule % kGranules];
        const RecentStore* const store = wrote(static_cast<u32>(newest), granule, window);
        return store != nullptr ? store : wrote(static_cast<u32>(newest >> 32), granule, window);
    }

  private:
    static constexpr u64 kGranule = 4;
    static constexpr unsigned kGranules = 2048;
    static constexpr u64 kLine = 64;
    static constexpr unsigned kLines = 512;

    u32 newest_to(u64 address) const { return static_cast<u32>(newest_[address / kGranule % kGranules]); }
    /// Any store, or two.
    [[gnu::noinline]] Match match_other(u64 address, unsigned bytes, u32 window) const {
        const RecentStore* const first = at(address, window);
        const RecentStore* const last = at(address + bytes - 1, window);
        if (first == nullptr && last == nullptr) return {};
        const bool begins = first != nullptr && (last == nullptr || last->number < first->number);
        const RecentStore& store = begins ? *first : *last;
        const bool alone = first == last;
        Match found;
        found.back = static_cast<u8>(last_ - store.number + 1);
        found.covers = alone && store.address <= address && address + bytes <= store.address + store.bytes;
        found.apart = alone && (store.address + store.bytes <= address || address + bytes <= store.address);
        found.same_address = store.address == address;
        return found;
    }
    const RecentStore* wrote(u32 number, u64 granule, u32 window) const {
        if (last_ - number >= window) return nullptr;
        const RecentStore& store = stores_[number % kStores];
        const bool there = store.address / kGranule <= granule && granule <= store.last() / kGranule;
        return there ? &store : nullptr;
    }

    /// Numbers of the last two stores to granules of this remainder: others may lie between a store and its load.
    std::array<u64, kGranules> newest_{};
    std::array<u32, kLines> of_line_{};  ///< the same by line, to ask first
    std::array<RecentStore, kStores> stores_{};
    u32 last_ = kStores;  ///< before the first one no granule has been written by any of the last
};

/// Loads that memory renaming has learned: each took its data so often in a row from a store to the same expression and
/// address that it does so unasked, whatever happened to the registers of the expression in between.
class RenamedLoads {
  public:
    /// `entries`: 0: none ever is.
    RenamedLoads(u64 entries, u64 sure)
        : entries_(std::max<u64>(entries, 1)),
          size_(entries_.size()),
          sure_(entries != 0 ? static_cast<u32>(sure) : kNever) {}
    /// The load `id` has met such a store: whether that was foreseen.
    bool met(u64 id) {
        Entry& entry = entry_of(id);
        if (entry.id != id) entry = {id, 0};
        if (entry.seen == sure_) return true;
        ++entry.seen;
        return false;
    }
    /// It took its data from another store.
    void missed(u64 id) {
        Entry& entry = entry_of(id);
        if (entry.id == id) entry.seen = 0;
    }

  private:
    struct Entry {
        u64 id = 0;
        u32 seen = 0;
    };
    /// Its place in the table, which another load may hold.
    Entry& entry_of(u64 id) { return entries_[remainder(id ^ id >> 9, size_)]; }

    static constexpr u32 kNever = ~u32{0};
    std::vector<Entry> entries_;
    u64 size_;  ///< of the table, at hand
    u32 sure_;
};

}  // namespace turnpike::cpu::scheduled
