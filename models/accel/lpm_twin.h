// SPDX-License-Identifier: Apache-2.0
// The fast form of the longest-prefix-match engine, with the RTL's timing: each memory is read at the clock edge at
// which the RTL reads it, so that words written meanwhile are seen, or not, exactly as there.
#pragma once
#include <deque>

#include "models/accel/lpm_engine.h"
#include "models/accel/lpm_memories.h"
#include "models/core/register_file.h"

namespace turnpike {

class LpmTwin final : public LpmEngine {
  public:
    LpmTwin();
    void reset() override;
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override;
    std::optional<LpmCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override;
    void update(const LpmUpdate& record, std::uint64_t cycle) override;
    void moved(const LpmMoved& moved, std::uint64_t cycle) override;
    bool ready(std::uint64_t cycle) override;
    Ticket issue(std::uint32_t address, std::uint64_t cycle) override;
    void hold(bool held, std::uint64_t cycle) override;
    std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) override;

  private:
    /// A lookup that was accepted and whose answer was not asked for yet.
    struct Flight {
        std::uint64_t accepted;
        LpmWalk walk;
        bool given = false;
        std::uint64_t taken = 0;
    };
    /// What changes at the end of a clock waits here until time has passed that edge.
    struct Changes {
        std::uint64_t cycle = 0;
        std::optional<std::pair<std::uint64_t, std::uint64_t>> write;  ///< offset, value
        std::optional<LpmUpdate> update;
        std::optional<LpmMoved> moved;
        bool any() const { return write || update || moved; }
    };

    void settle(std::uint64_t cycle);
    void apply(const Changes& changes);
    Changes& change_at(std::uint64_t cycle);
    Ticket taken_before(std::uint64_t cycle);
    void take_answers(std::uint64_t end);
    void queue_answers(std::uint64_t end);
    void read_memories(Flight& flight, std::uint64_t last_edge) const;
    void queue_answer(Flight& flight);
    void write_word(std::uint64_t place, std::uint64_t high, std::uint64_t data);
    void set_status(const regs::Field& flag);
    Flight& flight(Ticket ticket) { return flights_[ticket - first_]; }
    std::uint64_t accepted_before(std::uint64_t cycle) const;

    RegisterFile registers_;
    LpmMemories memories_;
    std::deque<Flight> flights_;
    Changes changes_;
    // Tickets count from construction on, lookups from the last reset.
    Ticket reset_at_ = 0;
    Ticket first_ = 0;   ///< of flights_
    Ticket queued_ = 0;  ///< the first whose answer has not come out of the memories
    Ticket taken_ = 0;   ///< the first whose answer has not been taken
    Ticket issued_ = 0;
    Ticket drain_to_ = 0;  ///< lookups below this one count for DRAIN
    std::uint64_t last_issue_ = 0;
    std::uint64_t next_take_ = 0;  ///< the first edge at which the next answer can be taken
    bool held_ = false;
};

}  // namespace turnpike
