// SPDX-License-Identifier: Apache-2.0
// Two levels of TLB for instructions or data. What misses in both needs a page walk.
#pragma once
#include "models/cpu/cache.h"
#include "models/cpu/memory/stats.h"

namespace turnpike::cpu {

class TimingTlb {
  public:
    template <class Shape>
    TimingTlb(const char* name, const Shape& shape)
        : first_(Cache::of_entries(name, shape.entries, shape.ways)),
          second_(Cache::of_entries(name, shape.second_entries, shape.second_ways)),
          second_cycles_(shape.second_cycles) {}

    enum class Result : u8 { first, second, walk };

    /// Such a page is in the first level, and another look would change nothing.
    bool looked_up_last(u64 page) const { return page == last_; }
    /// Whether the first level has the page in the place where it was last; else nothing is done.
    bool hits_where_it_was(u64 page) {
        if (looked_up_last(page)) return true;
        if (!first_.hits_where_it_was<Replacement::lru>(page, false)) return false;
        last_ = page;
        return true;
    }
    /// Looks the page up; it is in both levels afterwards.
    Result look_up(u64 page) {
        if (looked_up_last(page)) return Result::first;
        last_ = page;
        if (first_.access(page, false)) return Result::first;
        return second_level(page);
    }
    bool holds(u64 page) const { return first_.contains(page) || second_.contains(page); }
    void forget(u64 page) {
        first_.invalidate(page);
        second_.invalidate(page);
        if (last_ == page) last_ = Cache::kNone;
    }
    /// Forgets the pages for which `gone` says so.
    template <class Gone>
    void forget_where(Gone gone) {
        first_.invalidate_where(gone);
        second_.invalidate_where(gone);
        last_ = Cache::kNone;
    }
    u64 second_cycles() const { return second_cycles_; }
    TlbStats stats() const { return {first_.stats().misses, second_.stats().misses}; }
    void restart_stats() {
        first_.restart_stats();
        second_.restart_stats();
    }

  private:
    Result second_level(u64 page) {
        first_.replace(page, false);
        if (second_.access(page, false)) return Result::second;
        second_.replace(page, false);
        return Result::walk;
    }

    Cache first_, second_;
    u64 second_cycles_;
    u64 last_ = Cache::kNone;
};

}  // namespace turnpike::cpu
