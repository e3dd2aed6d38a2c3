// SPDX-License-Identifier: Apache-2.0
// What an entry of the predictor of directions has learned, in a byte, and what each outcome makes of it, worked out
// beforehand.
#pragma once
#include <algorithm>
#include <array>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

/// Of a tagged entry: two bits that say how useful it was, above them a counter of three, the upper half of which means
/// taken. Of the base predictor: a counter of two, its upper bit where that of the others is.
class BranchCounter {
  public:
    static constexpr u8 base(unsigned counter) {
        return static_cast<u8>(kBase | (counter & 1) | ((counter & 2) != 0 ? kTaken : 0));
    }
    static constexpr u8 tagged(unsigned counter, unsigned useful) { return static_cast<u8>(counter << 2 | useful); }
    /// A new tagged entry that has seen one outcome.
    static constexpr u8 weak(bool taken) { return tagged(taken ? kWeaklyTaken : kWeaklyTaken - 1, 0); }
    /// The prediction.
    static constexpr bool taken(u8 state) { return (state & kTaken) != 0; }
    static constexpr u8 useful(u8 state) { return state & kUseful; }
    static constexpr u8 aged(u8 state) { return static_cast<u8>((state & ~kUseful) | (state & kUseful) >> 1); }

    struct Step {
        u8 next = 0;
        u8 notable = 0;
    };
    // What may be notable about a step.
    static constexpr u8 kFresh = 1;  ///< the entry had not yet proved itself
    static constexpr u8 kWrong = 2;
    /// `alternate`: what would have been predicted without the entry.
    static const Step& step(u8 state, bool taken, u8 alternate) {
        return kSteps[state | (taken ? kOutcome : 0U) | (alternate & kTaken) * (kAlternate / kTaken)];
    }

  private:
    static constexpr u8 kTaken = 0x10;
    static constexpr u8 kUseful = 3;
    static constexpr unsigned kCounterMost = 7;
    static constexpr unsigned kWeaklyTaken = 4;
    static constexpr u8 kBase = 0x20;
    static constexpr unsigned kOutcome = 0x40, kAlternate = 0x80;  // in the index of kSteps

    static constexpr unsigned moved(unsigned counter, bool up, unsigned most) {
        return up ? std::min(counter + 1, most) : std::max(counter, 1U) - 1;
    }
    static constexpr Step work_out(u8 state, bool taken, bool alternate) {
        const bool predicted = (state & kTaken) != 0;
        const u8 wrong = predicted != taken ? kWrong : 0;
        if ((state & kBase) != 0) {
            const unsigned counter = (state & 1U) | (predicted ? 2U : 0U);
            return {base(moved(counter, taken, 3)), wrong};
        }
        const unsigned counter = state >> 2;
        const unsigned was_useful = state & kUseful;
        const bool fresh = was_useful == 0 && (counter == kWeaklyTaken || counter == kWeaklyTaken - 1);
        const unsigned is_useful = predicted == alternate ? was_useful : moved(was_useful, predicted == taken, kUseful);
        return {tagged(moved(counter, taken, kCounterMost), is_useful), static_cast<u8>(wrong | (fresh ? kFresh : 0))};
    }
    static constexpr std::array<Step, 2 * kAlternate> work_out_all() {
        std::array<Step, 2 * kAlternate> steps{};
        for (unsigned n = 0; n < steps.size(); ++n) {
            steps[n] = work_out(static_cast<u8>(n % kOutcome), (n & kOutcome) != 0, (n & kAlternate) != 0);
        }
        return steps;
    }
    static const std::array<Step, 2 * kAlternate> kSteps;
};

inline constexpr std::array<BranchCounter::Step, 2 * BranchCounter::kAlternate> BranchCounter::kSteps =
    BranchCounter::work_out_all();

}  // namespace turnpike::cpu
