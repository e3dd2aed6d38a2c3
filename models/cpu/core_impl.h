// SPDX-License-Identifier: Apache-2.0
// The inside of Core: the dispatcher from block to block, its accounting, the slow paths and exceptions.
#pragma once
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "models/cpu/block_cache.h"
#include "models/cpu/timing.h"
#include "models/cpu/stages.h"
#include "models/cpu/stepper.h"

namespace turnpike::cpu {

struct Core::Impl final : Services {
    Impl(Core& owner, unsigned id, const regs::CpuProfile& profile, u64 dram_cycles, Memory memory,
         Environment& environment);

    // Services.
    void read(const Insn* at, u64 address, void* data, unsigned bytes, u8 fault, unsigned slot) override;
    void write(const Insn* at, u64 address, const void* data, unsigned bytes, u8 fault, unsigned slot) override;
    u64 time_stamp() override { return cycles; }
    void software_interrupt(u8 number) override;
    void task_priority(u8 priority) override;
    u8 task_priority() override;
    void note(const std::string& text) override;

    void start(u64 rip, u64 rsp);
    Stop run(u64 limit);
    Stop dispatch(u64 limit);
    Block* find_block();
    void enter_marks();
    void execute_block();
    void execute_stepwise();
    bool step_may_run(const Block& block, u64 rip);
    void report_accesses(const Block& block, const Op& op, u64 rsi, u64 rdi);
    /// Accounts the current block up to, not including, the instruction of the step `at`; its number in
    /// the block.
    unsigned charge_before(const Insn* at);
    /// The same up to, not including, the instruction `last`.
    void charge(unsigned last, bool taken, const StringAccesses* strings);
    std::vector<Branch> last_branches() const;
    u64 busy() const { return stats.busy_cycles; }
    void spend(u64 amount) {
        cycles += amount;
        stats.busy_cycles += amount;
    }
    void settle_stages() { stages.settle(stats.busy_cycles, stats.instructions); }

    // Bus (slow_path.cpp).
    void before_bus(const Insn* at);
    void bus(u64 address, void* data, unsigned bytes, bool is_write);
    template <class Piece>
    void by_pieces(u64 address, unsigned bytes, Piece piece);
    void read_piece(u64 address, u8* data, unsigned bytes);
    void write_piece(u64 address, u8* data, unsigned bytes);
    bool in_dram(u64 address, u64 bytes) const { return address < memory.size && bytes <= memory.size - address; }

    // Interrupts and exceptions (exception.cpp).
    enum class Cause { interrupt, software, fault };
    void take_interrupt();
    /// Delivers an exception; false: the core has shut down.
    bool raise(const Fault& fault);
    void enter_gate(u8 number, Cause cause, const Fault* fault);
    void push_frame(u64 top, u8 number, Cause cause, const Fault* fault);
    u64 gate_stack(unsigned ist, u8 number) const;
    void shut_down(const Fault& first, u64 rip);
    std::string describe(const Fault& fault, u64 rip) const;

    Core& owner;
    unsigned id;
    Memory memory;
    Environment& environment;
    u64 interrupt_entry;
    std::unique_ptr<TimingModel> timing;
    BlockCache blocks;
    Stages stages;
    State state;
    Stats stats;
    u64 cycles = 0;
    bool functional = false;
    bool interrupt_pending = false;
    bool bus_used = false;
    bool is_shut_down = false;
    Block* current = nullptr;
    unsigned charged = 0;  ///< instructions of the current block accounted so far
    static constexpr unsigned kTrail = 64;
    std::array<u64, kTrail> trail{};  ///< addresses of the last blocks entered, a ring
    u64 trail_end = 0;
    Debugger* debugger = nullptr;
    std::unique_ptr<Stepper> stepper;  ///< with a debugger
    unsigned step_op = kNoStep;        ///< number in its block of the instruction that is being stepped
    std::unordered_map<u64, std::vector<std::function<void(const Core&)>>> probes;
    std::vector<std::string> notes;
    std::unordered_set<std::string> noted;
    std::string diagnosis;
};

}  // namespace turnpike::cpu
