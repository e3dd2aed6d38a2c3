// SPDX-License-Identifier: Apache-2.0
// What micro-ops compete for: ports by cycle, and places to wait for them.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <vector>

#include "models/cpu/scheduled/micro_op.h"
#include "models/cpu/scheduled/snapshot.h"

namespace turnpike::cpu::scheduled {

/// Ports taken, by cycle, so that a later micro-op can fill a gap before an earlier one. Four cycles share a word, 16
/// ports each: the first free port of the first cycle is the lowest bit that is wanted and not taken.
class PortCalendar {
  public:
    /// Nothing will be asked for before `cycle` any more: what was taken there makes room for later cycles.
    void forget_before(u64 cycle) {
        if (cycle >= forgotten_ + kForgetAtOnce) [[unlikely]] {
            forget(cycle & ~(kForgetAtOnce - 1));
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

    /// What is taken from `cycle` on; nothing was at `end` or later, but for ports that are held.
    void save(Snapshot& to, u64 cycle, u64 end) const {
        const std::size_t begin = to.reserve();
        const unsigned shift = cycle % kCyclesOfWord * kPortBits;
        const u64 words = (std::max(end, held_) - cycle) / kCyclesOfWord + 1;
        u64 full = 0;
        for (u64 n = 0; n < words; ++n) {
            const u64 word = cycle / kCyclesOfWord + n;
            // Twice by half: a shift by all 64 bits would be none.
            const u64 next = words_[(word + 1) % kWords] << 1 << (63 - shift);
            const u64 taken = words_[word % kWords] >> shift | next;
            to.put_four(taken);
            if (taken != 0) full = n + 1;
        }
        to.cut(begin, full * kCyclesOfWord);
    }
    void restore(SnapshotReader& from, u64 cycle) {
        words_.fill(0);
        forgotten_ = cycle & ~(kForgetAtOnce - 1);
        end_ = forgotten_ + kReach;
        const u64 count = from.get();
        for (u64 at = cycle; at < cycle + count; ++at)
            words_[at / kCyclesOfWord % kWords] |= u64{from.get()} << at % kCyclesOfWord * kPortBits;
        held_ = cycle + count;
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
        held_ = std::max(held_, bit / kPortBits + 1);
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
    u64 held_ = 0;  ///< behind the last cycle of a port that is held
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

    /// Those who wait at `cycle`, behind which nothing will be asked for any more.
    void save(Snapshot& to, u64 cycle) {
        pass(cycle);
        to.put(waiting_);
        u32 left = waiting_;
        for (u64 at = cycle + 1; left != 0; ++at) {
            const u16 leaving = leaving_[at % kCycles];
            if (leaving == 0) continue;
            to.put(at - cycle);
            to.put(leaving);
            left -= leaving;
        }
    }
    void restore(SnapshotReader& from, u64 cycle) {
        leaving_.fill(0);
        now_ = cycle;
        end_ = now_ + kCycles;
        waiting_ = from.get();
        for (u32 left = waiting_; left != 0;) {
            const u64 at = cycle + from.get();
            leaving_[at % kCycles] = from.get();
            left -= leaving_[at % kCycles];
        }
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

}  // namespace turnpike::cpu::scheduled
