// SPDX-License-Identifier: Apache-2.0
// What an entry of the predictor of directions has learned, in a byte, and what each outcome makes of it, worked out
// beforehand.
#pragma once
#include <algorithm>
#include <array>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

/// A counter: three bits of a tagged entry, two of the base predictor; the upper half means taken. Of a tagged entry
/// also, in two bits, how useful it was.
class BranchCounter {
  public:
    static constexpr u8 base(unsigned counter) { return state(counter, 0, counter > kBaseMost / 2, kBase); }
    static constexpr u8 tagged(unsigned counter, unsigned useful) {
        return state(counter, useful, counter > kTaggedMost / 2, 0);
    }
    /// A new tagged entry that has seen one outcome.
    static constexpr u8 weak(bool taken) { return tagged(taken ? kWeaklyTaken : kWeaklyTaken - 1, 0); }
    /// The prediction.
    static constexpr bool taken(u8 state) { return (state & kTaken) != 0; }
    static constexpr unsigned useful(u8 state) { return state / kUseful % (kUsefulMost + 1); }
    static constexpr u8 aged(u8 state) { return static_cast<u8>(state - (useful(state) + 1) / 2 * kUseful); }

    struct Step {
        u8 next = 0;
        u8 notable = 0;
    };
    // What may be notable about a step.
    static constexpr u8 kFresh = 1;  ///< the entry had not yet proved itself
    static constexpr u8 kWrong = 2;
    /// `alternate`: what would have been predicted without the entry.
    static const Step& step(u8 state, bool taken, u8 alternate) {
        return kSteps[(state ^ (alternate & kTaken)) | (taken ? kOutcome : 0U)];
    }

  private:
    // Places in the byte. The lowest bit is not used, and what is predicted is also in the counter: so that the outcome
    // and whether the alternate says otherwise take their places where the next state is looked up.
    static constexpr unsigned kOutcome = 1, kUseful = 2, kCounter = 8, kBase = 0x40, kTaken = 0x80;
    static constexpr unsigned kUsefulMost = 3, kTaggedMost = 7, kBaseMost = 3;
    static constexpr unsigned kWeaklyTaken = 4;

    static constexpr u8 state(unsigned counter, unsigned useful, bool taken, unsigned base) {
        return static_cast<u8>(counter * kCounter | useful * kUseful | (taken ? kTaken : 0) | base);
    }
    static constexpr unsigned moved(unsigned counter, bool up, unsigned most) {
        return up ? std::min(counter + 1, most) : std::max(counter, 1U) - 1;
    }
    static constexpr Step work_out(unsigned index) {
        const bool taken = (index & kOutcome) != 0;
        const bool differ = (index & kTaken) != 0;
        const unsigned counter = index % kBase / kCounter;
        if ((index & kBase) != 0) {
            const bool right = (counter > kBaseMost / 2) == taken;
            return {base(moved(counter, taken, kBaseMost)), right ? u8{0} : kWrong};
        }
        const bool right = (counter > kTaggedMost / 2) == taken;
        const unsigned was_useful = useful(static_cast<u8>(index));
        const bool fresh = was_useful == 0 && (counter == kWeaklyTaken || counter == kWeaklyTaken - 1);
        const unsigned is_useful = differ ? moved(was_useful, right, kUsefulMost) : was_useful;
        return {tagged(moved(counter, taken, kTaggedMost), is_useful),
                static_cast<u8>((right ? 0 : kWrong) | (fresh ? kFresh : 0))};
    }
    static constexpr std::array<Step, 256> work_out_all() {
        std::array<Step, 256> steps{};
        for (unsigned index = 0; index < steps.size(); ++index) steps[index] = work_out(index);
        return steps;
    }
    static const std::array<Step, 256> kSteps;
};

inline constexpr std::array<BranchCounter::Step, 256> BranchCounter::kSteps = BranchCounter::work_out_all();

}  // namespace turnpike::cpu
