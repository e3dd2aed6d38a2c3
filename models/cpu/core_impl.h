// SPDX-License-Identifier: Apache-2.0
// The inside of Core: the dispatcher from block to block, its accounting, the slow paths and exceptions.
#pragma once
#include <array>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "models/cpu/block_cache.h"
#include "models/cpu/paging.h"
#include "models/cpu/perf_counters.h"
#include "models/cpu/stages.h"
#include "models/cpu/stepper.h"
#include "models/cpu/timing.h"

namespace turnpike::cpu {

/// What begins at an address.
struct Mark {
    std::optional<unsigned> stage;
    /// A deque, in which a probe stays where it is while it adds others.
    std::deque<std::function<void(const Core&)>> probes;
};

struct Core::Impl final : Services {
    Impl(Core& owner, unsigned id, const regs::CpuProfile& profile, u64 dram_cycles, Memory memory,
         Environment& environment, SharedMemory* shared);

    // Services.
    void read(const Insn* at, u64 address, void* data, unsigned bytes, u8 fault, unsigned slot) override;
    void write(const Insn* at, u64 address, const void* data, unsigned bytes, u8 fault, unsigned slot) override;
    void check_write(const Insn* at, u64 address, unsigned bytes, u8 fault) override;
    bool read_system(u64 address, void* data, unsigned bytes) override;
    void privilege_changed() override;
    void flush_translations(bool all) override;
    void flush_page(u64 address) override;
    void check_readable(const Insn* at, u64 address, unsigned slot) override;
    void port_read(u16 port, void* data, unsigned bytes) override;
    void port_write(u16 port, const void* data, unsigned bytes) override;
    u64 time_stamp() override { return cycles; }
    const Identity& identity() const override { return who; }
    bool read_counter(u32 index, u64& value) override { return counters.read(index, perf_events(), value); }
    bool counter_register(u32 number, u64& value, bool write) override {
        return counters.access(number, perf_events(), value, write);
    }
    PerfEvents perf_events() const { return {stats.instructions, stats.busy_cycles}; }
    void software_interrupt(u8 number, bool checked) override;
    void task_priority(u8 priority) override;
    u8 task_priority() override;
    void note(const std::string& text) override;
    void synchronise(const Insn* at) override;
    bool read_msr(u32 number, u64& value) override;
    bool write_msr(u32 number, u64 value) override;

    void start(u64 rip, u64 rsp);
    Stop run(u64 limit);
    Stop dispatch(u64 limit);
    Block* find_block();
    Block* find_other(u64 key);
    void trap_behind();
    void enter_mark(Block& block);
    void execute_block(const Block& block);
    bool is_stepwise_wanted();
    void execute_stepwise();
    bool step_may_run(const Block& block, u64 rip);
    void report_accesses(const Block& block, const Op& op, u64 rsi, u64 rdi);
    /// Accounts the current block up to, not including, the instruction of the step `at`; its number in
    /// the block.
    unsigned charge_before(const Insn* at);
    /// The same of any block up to, not including, the instruction `last`.
    void charge(const Block& block, unsigned last, bool taken, bool strings);
    std::vector<Branch> last_branches() const;
    u64 busy() const { return stats.busy_cycles; }
    void spend(u64 amount) {
        cycles += amount;
        stats.busy_cycles += amount;
    }
    Progress progress() const { return {stats.busy_cycles, stats.instructions, timing->misses()}; }
    void settle_stages() { stages.settle(progress()); }

    // Bus (slow_path.cpp).
    void before_bus(const Insn* at);
    void bus(u64 address, void* data, unsigned bytes, bool is_write);
    template <class Piece>
    void by_pieces(u64 address, unsigned bytes, Piece piece);
    template <class Piece>
    void by_pages(const Span& span, unsigned bytes, Piece piece);
    Purpose purpose_of_read(const Insn* at, unsigned slot) const;
    Span span(const Insn* at, u64 address, unsigned bytes, Purpose purpose, u8 fault, bool user);
    bool all_in_dram(const Span& span, unsigned bytes) const;
    void write_as(const Insn* at, u64 address, const void* data, unsigned bytes, u8 fault, unsigned slot, bool user);
    void read_piece(u64 address, u8* data, unsigned bytes);
    void write_piece(u64 address, u8* data, unsigned bytes);
    bool in_dram(u64 address, u64 bytes) const { return address < memory.size && bytes <= memory.size - address; }

    // Interrupts and exceptions (exception.cpp).
    enum class Cause {
        interrupt,
        software,  ///< INT n, INT3: the gate's privilege is checked
        trap,      ///< behind the instruction
        fault,
    };
    struct Gate {
        u16 code;  ///< selector
        u64 target;
        unsigned ist;
        bool masks;  ///< an interrupt gate
        unsigned level;
    };
    bool interruptible() const {
        return ((events & kNmi) != 0 && !state.sys.nmi_blocked) ||
               ((events & kInterrupt) != 0 && (state.system_flags & rflag::IF) != 0);
    }
    void take_event();
    void take_interrupt(u8 number);
    /// Delivers an exception; false: the core has shut down.
    bool raise(const Fault& fault, Cause cause = Cause::fault);
    void enter_gate(u8 number, Cause cause, const Fault* fault);
    Gate find_gate(u8 number, Cause cause);
    void push_frame(const Gate& gate, u8 number, Cause cause, const Fault* fault);
    u64 stack_of_tss(u64 offset, u8 number, u32 external);
    void shut_down(const Fault& first, u64 rip);
    std::string describe(const Fault& fault, u64 rip) const;
    std::string bytes_at(u64 rip) const;
    /// A guest that runs wild has as many notes as there are numbers; so many are told.
    static constexpr std::size_t kMostNotes = 100;
    bool more_notes() const { return notes.size() <= kMostNotes; }

    Core& owner;
    unsigned id;
    Identity who;
    PerfCounters counters;
    Memory memory;
    Environment& environment;
    u64 interrupt_entry;
    std::unique_ptr<TimingModel> timing;
    State state;
    BlockCache blocks;
    Paging paging;
    Stages stages;
    Stats stats;
    u64 cycles = 0;
    u64 context = 0;  ///< of the keys of blocks
    bool functional = false;
    /// What waits to interrupt the program. One byte, so that the dispatcher's look costs no more than a load.
    enum Event : u8 { kInterrupt = 1, kNmi = 2 };
    u8 events = 0;
    bool bus_used = false;
    bool several = false;    ///< of several cores of one memory
    bool in_flight = false;  ///< an instruction waits for the environment
    bool is_shut_down = false;
    bool entered_gate = false;  ///< INT n was the instruction that is stepped
    Block* current = nullptr;
    Execution execution;   ///< of the current block
    unsigned charged = 0;  ///< instructions of the current block accounted so far
    static constexpr unsigned kTrail = 64;
    std::array<u64, kTrail> trail{};  ///< addresses of the last blocks entered, a ring
    u64 trail_end = 0;
    Debugger* debugger = nullptr;
    std::unique_ptr<Stepper> stepper;     ///< with a debugger
    unsigned step_op = kNoStep;           ///< number in its block of the instruction that is being stepped
    u64 step_asked = Block::kDead;        ///< the debugger has been asked about the instruction here already
    std::unordered_map<u64, Mark> marks;  ///< by address; blocks point to them
    std::vector<std::string> notes;
    std::unordered_set<std::string> noted;
    std::string diagnosis;
};

inline void Core::Impl::charge(const Block& block, unsigned last, bool taken, bool strings) {
    const unsigned count = last - charged;
    stats.instructions += count;
    if (functional) {
        spend(count);
    } else {
        execution.set(block.timing, charged, last, taken, strings);
        spend(timing->execute(execution));
    }
    charged = last;
    state.divisions = 0;
}

}  // namespace turnpike::cpu
