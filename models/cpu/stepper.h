// SPDX-License-Identifier: Apache-2.0
// Instructions one by one, for a debugger: the same steps as in their block, each followed by a return.
#pragma once
#include <array>
#include <vector>

#include "models/cpu/block_cache.h"

namespace turnpike::cpu {

inline constexpr unsigned kNoStep = ~0U;

class Stepper {
  public:
    /// `several`: of several cores; locked instructions then take their turn as they do in blocks.
    Stepper(Maker maker, bool several);
    /// Carries out instruction `op` of the block. True: it went on to the one behind it.
    bool run(State& state, const Block& block, unsigned op);

  private:
    static constexpr std::size_t kEntries = 4096;
    struct Entry {
        u64 rip = Block::kDead;
        std::array<u8, 16> bytes{};
        unsigned length = 0;
        std::array<Insn, 4> steps{};
        unsigned count = 0;
    };
    Entry& decode(u64 rip, const u8* bytes, unsigned length);

    bool several_;
    Decoder decoder_;
    std::vector<Entry> entries_;
};

}  // namespace turnpike::cpu
