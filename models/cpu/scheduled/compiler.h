// SPDX-License-Identifier: Apache-2.0
// From a block's instructions to micro-ops, with everything decided that needs no history beyond the block: fusion,
// elimination, zero idioms, the stack engine, code lines.
#pragma once
#include "models/cpu/memory/branch_site.h"
#include "models/cpu/scheduled/code_lines.h"
#include "models/cpu/scheduled/form_table.h"

namespace turnpike::cpu::scheduled {

/// What telling an execution again reads comes first.
struct Program final : CompiledBlock {
    static constexpr u32 kNeverLaidOut = ~u32{0};

    u64 id = 0;  ///< no other has had it; above the bits of Execution::part
    u32 instructions = 0;
    u64 address = 0;
    u64 first_line = 0;
    BranchSite branch;  ///< its last instruction, if that is one
    BranchPredictor::Key branch_key;

    mutable std::vector<MicroOp> ops;          ///< laid out in lines
    mutable u32 laid_out_for = kNeverLaidOut;  ///< the way in which the block was entered then
    mutable u32 slots_behind = 0;              ///< of the last line, where the block runs to its end
    std::vector<u32> begin;                    ///< first micro-op by instruction, and of the whole: their number
    u32 size = 0;                              ///< micro-ops
    u64 last_line = 0;
    u64 first_filled = 0;         ///< the line that its first instruction ends in
    std::vector<u8> line_places;  ///< of the op cache's entries, by line from that one on
    StackState stack = StackState::as_before;
    std::vector<StackState> stack_before;  ///< by instruction, for executions that stop in the middle
    OpClass last_class = OpClass::simple;
};

class Compiler {
  public:
    explicit Compiler(const regs::CpuProfile& profile);
    std::unique_ptr<Program> compile(const BlockTemplate& block);

  private:
    void instruction(const BlockTemplate& block, unsigned number);
    bool without_execution(const Facts& facts, unsigned number);
    void compute(const Facts& facts, const Op& op, const BlockTemplate& block, unsigned number);
    void loads(const Facts& facts, const Op& op, const BlockTemplate& block);
    void stores(const Facts& facts, const Op& op, const BlockTemplate& block, u8 data);
    void join_flags();
    void add_base(const Facts& facts);
    void link(MicroOp& op) const;
    unsigned field_slots(unsigned number) const;
    void fill_lines(const BlockTemplate& block);
    void sync_stack(const Facts& facts);
    u8 slots_of(const Facts& facts, const Form& form, bool needs_op) const;
    bool fuses_with_branch(unsigned number) const;
    bool fused_behind(unsigned number) const;
    bool fuses_with_operation(unsigned number) const;
    bool is_eliminated_move(const Facts& facts) const;
    MicroOp& add(Kind kind);

    regs::params::profile::schedule rules_;
    FormTable forms_;
    EntryFiller filler_;
    FactFinder finder_;
    PortSet alu_, load_, store_address_, store_data_, branch_;
    u8 locked_, serialising_;
    std::vector<Facts> facts_;
    Program* out_ = nullptr;
};

}  // namespace turnpike::cpu::scheduled
