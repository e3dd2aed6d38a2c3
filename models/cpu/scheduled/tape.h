// SPDX-License-Identifier: Apache-2.0
// What the pipeline asks of what is around it while it carries out a block, and the answers.
#pragma once
#include <array>
#include <span>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu::scheduled {

/// A question, in program order, and the answer to it (answers.h).
struct Question {
    enum class Kind : u8 {
        branch,    ///< was it foreseen
        line,      ///< cycles that the fetch of a code line waits
        load,      ///< what it takes beyond L1, and the store that it meets
        store,     ///< whether it stays in the machine's memory and in a line
        met,       ///< does memory renaming foresee that this load meets this store
        missed,    ///< memory renaming learns that it met another: no answer
        quotient,  ///< significant bits of a division's
        string,    ///< cycles of a string instruction
    };
    static constexpr unsigned kKindBits = 3;
    static constexpr u64 kMostAt = 0xFFFF >> kKindBits;

    u32 answer = 0;
    u16 at_and_kind = 0;  ///< when it is asked, in cycles since the state before
    u8 number = 0;        ///< of the access, code line or division
    u8 bytes = 0;         ///< of the access

    Kind kind() const { return static_cast<Kind>(at_and_kind & ((1U << kKindBits) - 1)); }
    u64 at() const { return at_and_kind >> kKindBits; }
};

/// The questions of one execution so far. Those that were answered before are not asked again.
class Tape {
  public:
    static constexpr unsigned kMost = 64;
    void start() {
        next_ = known_ = 0;
        late_ = false;
    }
    /// An answer that is known already.
    void know(const Question& question) { questions_[known_++] = question; }
    /// The last such was answered otherwise this time.
    void correct(u32 answer) { questions_[known_ - 1].answer = answer; }
    /// What `live` answers, or what it did before.
    template <class Live>
    u32 ask(Question::Kind kind, u64 at, u8 number, u8 bytes, Live&& live) {
        if (next_ < known_) return questions_[next_++].answer;
        const u32 answer = static_cast<u32>(live());
        if (next_ < kMost) [[likely]] {
            const u64 at_and_kind = at << Question::kKindBits | static_cast<u64>(kind);
            questions_[next_] = {answer, static_cast<u16>(at_and_kind), number, bytes};
        }
        late_ = late_ || at > Question::kMostAt;
        known_ = ++next_;
        return answer;
    }
    /// Whether all of them are there.
    bool fits() const { return known_ <= kMost && !late_; }
    std::span<const Question> questions() const { return {questions_.data(), known_}; }

  private:
    unsigned next_ = 0;
    unsigned known_ = 0;
    bool late_ = false;
    std::array<Question, kMost> questions_{};
};

}  // namespace turnpike::cpu::scheduled
