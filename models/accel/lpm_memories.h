// SPDX-License-Identifier: Apache-2.0
// The memories of the longest-prefix-match engine and one lookup's way through them: the tree bitmap of regs/lpm.def,
// without time.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "models/accel/lpm_engine.h"

namespace turnpike {

/// A lookup between two memories.
struct LpmWalk {
    std::uint32_t address = 0;
    unsigned memory = kLpmRoot;  ///< that is read next; kLpmMemories: none, `value` is the answer
    bool hit = false;            ///< `value` is a word of RESULT, else an answer
    bool bad = false;            ///< met a pointer beyond its memory
    std::uint32_t node = 0;      ///< of level `memory`
    std::uint32_t value = 0;
};

class LpmMemories {
  public:
    LpmMemories();
    /// Writes one word. False, and nothing happens, where the place does not exist or the word points beyond the level
    /// below.
    bool write(unsigned memory, std::uint64_t index, std::uint64_t high, std::uint64_t data);
    /// Reads the memory whose turn it is.
    void read(LpmWalk& walk) const;

  private:
    struct Node {
        std::uint64_t data = 0;
        std::uint32_t children = 0;
    };
    void read_node(LpmWalk& walk) const;

    std::vector<std::uint64_t> root_;
    std::array<std::vector<Node>, kLpmLevels> levels_;
    std::vector<std::uint16_t> results_;
};

}  // namespace turnpike
