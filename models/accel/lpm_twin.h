// SPDX-License-Identifier: Apache-2.0
// The fast form of the longest-prefix-match engine, with the RTL's timing: a lookup accepted at edge n reads level k's
// memory at edge n + 1 + k, so that entries written meanwhile are seen, or not, exactly as in the RTL.
#pragma once
#include <deque>
#include <vector>

#include "models/accel/lpm_engine.h"
#include "models/core/register_file.h"

namespace turnpike {

class LpmTwin final : public LpmEngine {
  public:
    LpmTwin();
    void reset() override;
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override;
    void write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override;
    Ticket issue(std::uint32_t address, std::uint64_t cycle) override;
    std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) override;

  private:
    /// A lookup in the pipeline. `value` is the node of the next level, or the answer once `done`.
    struct Flight {
        Ticket ticket;
        std::uint32_t address;
        std::uint64_t accepted;
        unsigned level;
        bool done;
        std::uint16_t value;
    };
    /// A register write takes effect after its edge: it waits here until time has passed that edge.
    struct Write {
        std::uint64_t cycle;
        std::uint64_t offset;
        std::uint64_t value;
    };

    void settle(std::uint64_t cycle);
    void read_memories(Flight& flight, std::uint64_t last_edge) const;
    void write_entry(std::uint64_t data);

    RegisterFile registers_;
    std::array<std::vector<std::uint32_t>, kLpmLevels> memories_;
    std::deque<Flight> flights_;
    std::optional<Write> pending_;
    Ticket issued_ = 0;
    std::uint64_t lookups_ = 0;
    std::uint64_t last_issue_ = 0;
};

}  // namespace turnpike
