// SPDX-License-Identifier: Apache-2.0
// Performance counters as the profile's maker defines them. Intel (SDM volume 3, 20.2): fixed counters of instructions,
// core cycles and reference cycles, and programmable ones. AMD (PPR, Core::X86::Msr::PERF_CTL): six programmable ones.
// Programmable counters know retired instructions and cycles not halted; any other event stays 0.
#pragma once
#include <array>

#include "models/cpu/insn.h"

namespace turnpike::cpu {

/// What has happened so far.
struct PerfEvents {
    u64 instructions;
    u64 cycles;  ///< not halted
};

class PerfCounters {
  public:
    explicit PerfCounters(Maker maker) : maker_(maker) { reset(); }
    /// The loader leaves the fixed counters running, and AMD's first two on cycles and instructions.
    void reset();
    bool read(u32 index, const PerfEvents& now, u64& value) const;
    bool access(u32 number, const PerfEvents& now, u64& value, bool write);

  private:
    enum class Event : u8 { none, instructions, cycles };
    struct Counter {
        u64 control = 0;
        u64 base = 0;  ///< value less what the event stood at when it began to count
        Event event = Event::none;
        bool running = false;
    };
    static constexpr unsigned kFixed = 3, kProgrammable = 6, kAmdOld = 4;
    unsigned programmable() const { return maker_ == Maker::amd ? kProgrammable : 4; }
    Event event_of(u64 control) const;
    static u64 count(Event event, const PerfEvents& now);
    static u64 value_of(const Counter& counter, const PerfEvents& now);
    static void set(Counter& counter, u64 value, const PerfEvents& now);
    void run(Counter& counter, bool running, Event event, const PerfEvents& now);
    void refresh(const PerfEvents& now);
    Counter* counter_of(u32 number);
    u64* control_of(u32 number);

    Maker maker_;
    std::array<Counter, kFixed> fixed_;
    std::array<Counter, kProgrammable> counters_;
    u64 fixed_control_ = 0;
    u64 global_control_ = 0;
};

}  // namespace turnpike::cpu
