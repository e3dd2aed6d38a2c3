// SPDX-License-Identifier: Apache-2.0
// What a timing model sees of the execution, and what it answers. The executor cuts the instruction stream into blocks
// that run straight through; it asks once per executed block (or part of one), in program order.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/insn.h"

namespace turnpike::cpu {

enum class OpClass : u8 { simple, mul, div, branch, indirect, locked, serialising, string };

/// One instruction of a block.
struct Op {
    u16 offset = 0;  ///< of its first byte, from the block's start
    u8 length = 0;
    OpClass cls = OpClass::simple;
    u16 mnemonic = 0;     ///< ZydisMnemonic
    u8 first_access = 0;  ///< of its memory accesses, in program order
    u8 access_count = 0;
    u8 first_step = 0;  ///< of its steps in the executor
};

struct Access {
    u8 bytes = 0;
    bool write = false;
    bool update = false;  ///< a read of what the instruction then writes
};

/// Everything about a block that does not change from one execution to the next.
struct BlockTemplate {
    u64 address = 0;
    std::vector<u8> code;
    std::vector<Op> ops;
    std::vector<Access> accesses;
};

/// What a timing model keeps for a block.
class CompiledBlock {
  public:
    virtual ~CompiledBlock() = default;
};

/// One execution: instructions `first` up to but not including `last`.
struct Execution {
    const u64* addresses = nullptr;          ///< by access of the template; kBusAccess: outside DRAM
    const u8* quotient_bits = nullptr;       ///< significant bits of each division's quotient, in program order
    const StringAccesses* string = nullptr;  ///< of the string instruction, if there was one
    const CompiledBlock* block = nullptr;
    u64 part = 0;  ///< `first`, `last`, whether a string instruction was carried out, `taken`

    void set(const CompiledBlock* of, unsigned first, unsigned last, bool taken, bool strings) {
        block = of;
        part = u64{first} << kFirstShift | u64{last} << kLastShift | u64{strings} << kStringsShift | u64{taken};
    }
    unsigned first() const { return static_cast<unsigned>(part >> kFirstShift); }
    unsigned last() const { return part >> kLastShift & (kMost - 1); }
    bool taken() const { return (part & kTaken) != 0; }  ///< the last instruction branched
    const StringAccesses* strings() const { return (part >> kStringsShift & 1) != 0 ? string : nullptr; }

    static constexpr u64 kTaken = 1;
    static constexpr unsigned kStringsShift = 1, kLastShift = 2, kFirstShift = 16, kBits = 30;
    static constexpr u64 kMost = u64{1} << (kFirstShift - kLastShift);  ///< instructions
};

class TimingModel {
  public:
    virtual ~TimingModel() = default;
    virtual std::unique_ptr<CompiledBlock> compile(const BlockTemplate& block) = 0;
    /// Cycles that the execution takes. Fractions are carried to the next call.
    virtual u64 execute(const Execution& execution) = 0;
    /// A device wrote memory.
    virtual void memory_written(u64 address, u64 bytes) = 0;
    /// Another core wants the line (address / 64): to write it, or only to read it (`keep`).
    virtual void hand_over(u64 line, bool keep) = 0;
    /// What a TLB knows of the page at the physical address, or of all pages but those for which `keep` says so, is
    /// void. A model without TLBs has nothing to forget.
    virtual void forget_translation(u64 physical) { (void)physical; }
    virtual void forget_translations(const std::function<bool(u64 physical)>& keep) { (void)keep; }
    virtual void add_cache_stats(Stats& stats) const = 0;
    virtual CacheMisses misses() const = 0;
    virtual void restart_stats() = 0;
};

struct LastLevel;

/// The model that `profile.schedule.model` names. `llc`: of several cores that share a memory.
std::unique_ptr<TimingModel> make_timing_model(const regs::CpuProfile& profile, u64 dram_cycles,
                                               std::shared_ptr<LastLevel> llc = nullptr);
/// For the models of several cores.
std::shared_ptr<LastLevel> make_last_level(const regs::CpuProfile& profile);

}  // namespace turnpike::cpu
