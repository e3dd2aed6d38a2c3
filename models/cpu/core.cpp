// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/core.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/cpu/core_impl.h"
#include "models/cpu/cpuid.h"
#include "models/cpu/descriptor.h"

namespace turnpike::cpu {
namespace {
constexpr u16 kFlatCode = 0x08;
constexpr u16 kFlatData = 0x10;

std::unique_ptr<TimingModel> timing_of(const regs::CpuProfile& profile, u64 dram_cycles, unsigned id,
                                       SharedMemory* shared) {
    return shared != nullptr ? shared->join(id, profile, dram_cycles) : make_timing_model(profile, dram_cycles);
}

}  // namespace

Core::Impl::Impl(Core& core, unsigned number, const regs::CpuProfile& profile, u64 dram_cycles, Memory dram,
                 Environment& around, SharedMemory* shared)
    : owner(core),
      id(number),
      who(identity_of(profile, number)),
      counters(who.maker),
      memory(dram),
      environment(around),
      interrupt_entry(std::max<u64>(1, profile.core.interrupt_entry_cycles)),
      timing(timing_of(profile, dram_cycles, number, shared)),
      blocks(dram, *timing, who, shared),
      paging(state, dram, blocks) {
    if (dram.size < kPageBytes) throw std::invalid_argument("a core needs at least 4 KiB of memory");
    state.memory = memory.data;
    state.code_map = blocks.code_map();
    several = shared != nullptr;
    state.services = this;
    current = blocks.none();
    execution.addresses = state.slot.data();
    execution.quotient_bits = state.quotient_bits.data();
    execution.string = &state.strings;
}

void Core::Impl::start(u64 rip, u64 rsp) {
    if (!is_canonical(rip)) throw std::invalid_argument("the core's entry point is not a canonical address");
    const std::array<u16, kSegments> flat = {kFlatData, kFlatCode, kFlatData, kFlatData, kFlatData, kFlatData};
    state.r.fill(0);
    state.r[RSP] = rsp;
    state.rip = rip;
    state.set_rflags(0);
    state.sys = System{};
    state.sys.selector = flat;
    paging.reset();
    context = paging.context();
    state.shadow = state.halted = state.leave = state.repeating = false;
    state.repetition = State::kNoRepetition;
    is_shut_down = entered_gate = false;
    events &= static_cast<u8>(~kNmi);  // INIT drops one that was pending
    counters.reset();
    diagnosis.clear();
    blocks.invalidate(0, memory.size);  // a loader may have written without telling
    current = blocks.none();
}

Stop Core::Impl::run(u64 limit) {
    for (;;) {
        if (is_shut_down) return Stop::shutdown;
        if (state.halted) {
            if (!interruptible()) return Stop::halt;
            state.halted = false;
        }
        try {
            return dispatch(limit);
        } catch (const Fault& fault) {
            if (!raise(fault)) return Stop::shutdown;
            if (bus_used) {
                bus_used = in_flight = false;
                return Stop::limit;
            }
        }
    }
}

Stop Core::Impl::dispatch(u64 limit) {
    for (;;) {
        if (cycles >= limit) return Stop::limit;
        if (events != 0 && !state.shadow && interruptible()) take_event();
        if (is_shut_down) return Stop::shutdown;
        state.shadow = false;
        Block& block = *find_block();
        current = &block;
        trail[trail_end++ % kTrail] = block.rip;
        foresee(*block.successor[0]);
        if (block.marked && !state.repeating) enter_mark(block);
        if (debugger != nullptr && is_stepwise_wanted()) [[unlikely]] {
            execute_stepwise();
        } else {
            state.repeating = false;
            execute_block(block);
        }
        if (block.is_return && stages.has_left(state.r[RSP])) stages.leave(state.r[RSP], progress());
        if (block.single) [[unlikely]] {
            trap_behind();
        }
        if (state.leave || state.halted) {
            state.leave = false;
            if (is_shut_down) return Stop::shutdown;
            if (state.halted && !interruptible()) return Stop::halt;
            state.halted = false;
            if (bus_used) {
                bus_used = in_flight = false;
                return Stop::limit;
            }
        }
    }
}

inline Block* Core::Impl::find_block() {
    // With TF set, blocks are of one instruction.
    static_assert(rflag::TF << 54 == Block::kSingle);
    const u64 key = state.rip ^ context ^ ((state.system_flags & rflag::TF) << 54);
    Block* const before = current;
    if (before->successor[0]->key == key) return before->successor[0];
    if (before->successor[1]->key == key) return before->successor[1];
    return find_other(key);
}

Block* Core::Impl::find_other(u64 key) {
    Block* const before = current;
    current = blocks.none();  // a fault of the fetch is nobody's instruction
    Block* const block = blocks.at(state.rip, key, paging);
    if (block == nullptr) throw Fault{vector::GP, nullptr, true};
    before->successor[1] = before->successor[0];
    before->successor[0] = block;
    return block;
}

/// The trap behind an instruction that began with TF set, except INT n and MOV SS (SDM volume 3, 18.3.1.4, 6.8.3).
void Core::Impl::trap_behind() {
    if (std::exchange(entered_gate, false) || state.shadow) return;
    constexpr u64 kSingleStep = 1U << 14;
    state.sys.dr6 |= kSingleStep;
    const bool leave = state.leave;
    raise(Fault{vector::DB}, Cause::trap);
    state.leave = leave;
}

void Core::Impl::enter_mark(Block& block) {
    if (block.mark == nullptr) block.mark = &marks.at(block.rip);
    const Mark& mark = *block.mark;
    if (mark.stage) stages.enter_stage(*mark.stage, state.r[RSP], progress());
    // Those that a probe adds here are for the next time.
    const std::size_t count = mark.probes.size();
    for (std::size_t n = 0; n < count; ++n) mark.probes[n](owner);
}

inline void Core::Impl::execute_block(const Block& block) {
    charged = 0;
    state.block_rip = block.rip;
    const Insn* last = block.code->run(state, block.code);
    if (last == block.last) [[likely]] {
        charge(block, block.ops, state.rip != block.behind, block.is_string);
    } else {
        charge(block, block.op_of_step[static_cast<std::size_t>(last - block.code)] + 1U, false, false);
    }
}

unsigned Core::Impl::charge_before(const Insn* at) {
    const unsigned op =
        step_op != kNoStep ? step_op : current->op_of_step[static_cast<std::size_t>(at - current->code)];
    if (op > charged) charge(*current, op, false, false);
    return op;
}

std::vector<Branch> Core::Impl::last_branches() const {
    std::vector<Branch> branches;
    u64 to = state.rip;
    for (u64 n = trail_end; n > 0 && trail_end - n < kTrail; --n) {
        const u64 block = trail[(n - 1) % kTrail];
        const auto [last, behind] = blocks.end_of(block);
        if (to != behind) branches.push_back({last, to});
        to = block;
    }
    return branches;
}

void Core::Impl::note(const std::string& text) {
    if (!more_notes() || !noted.insert(text).second) return;
    notes.push_back(notes.size() < kMostNotes ? text : "and more of the kind, which are not told");
}

Core::Core(unsigned id, const regs::CpuProfile& profile, std::uint64_t dram_cycles, Memory memory,
           Environment& environment, SharedMemory* shared)
    : impl_(std::make_unique<Impl>(*this, id, profile, dram_cycles, memory, environment, shared)) {}
Core::~Core() = default;

void Core::start(std::uint64_t rip, std::uint64_t rsp) { impl_->start(rip, rsp); }
Stop Core::run(std::uint64_t limit) { return impl_->run(limit); }
std::uint64_t Core::cycles() const { return impl_->cycles; }

void Core::stall_until(std::uint64_t cycle) {
    if (cycle <= impl_->cycles) return;
    const u64 waited = cycle - impl_->cycles;
    impl_->stats.bus_stall_cycles += waited;
    impl_->spend(waited);
}

void Core::idle_until(std::uint64_t cycle) {
    if (cycle <= impl_->cycles) return;
    impl_->stats.idle_cycles += cycle - impl_->cycles;
    impl_->cycles = cycle;
}

void Core::restart_time() {
    impl_->settle_stages();
    impl_->cycles = 0;
    impl_->stats = {};
    impl_->timing->restart_stats();
    impl_->stages.restart();
}

void Core::set_functional(bool functional) { impl_->functional = functional; }
void Core::set_interrupt(bool pending) {
    const u8 others = impl_->events & static_cast<u8>(~Impl::kInterrupt);
    impl_->events = static_cast<u8>(others | (pending ? Impl::kInterrupt : 0));
}
void Core::set_nmi() { impl_->events |= Impl::kNmi; }
bool Core::interruptible() const { return impl_->interruptible(); }

void Core::memory_written(std::uint64_t address, std::uint64_t bytes) {
    impl_->blocks.invalidate(address, bytes);
    if (!impl_->functional) impl_->timing->memory_written(address, bytes);
}

void Core::add_stage(std::uint64_t entry, std::string name) {
    impl_->marks[entry].stage = impl_->stages.add(entry, std::move(name));
    impl_->blocks.mark(entry);
}

void Core::add_stack_switch(std::uint64_t entry) {
    add_probe(entry, [this](const Core& core) {
        impl_->stages.switch_stack(core.reg(RDI), core.reg(RSI), impl_->progress());
    });
}

void Core::add_probe(std::uint64_t entry, std::function<void(const Core&)> probe) {
    impl_->marks[entry].probes.push_back(std::move(probe));
    impl_->blocks.mark(entry);
}

std::uint64_t Core::reg(unsigned number) const { return impl_->state.r.at(number & 15); }
void Core::set_reg(unsigned number, std::uint64_t value) { impl_->state.r.at(number & 15) = value; }
std::uint64_t Core::rip() const { return impl_->state.rip; }
std::uint64_t Core::rflags() const { return impl_->state.rflags(); }

const Stats& Core::stats() const {
    impl_->timing->add_cache_stats(impl_->stats);
    return impl_->stats;
}

const std::vector<StageCost>& Core::stages() const {
    impl_->settle_stages();
    return impl_->stages.costs();
}

std::string Core::diagnosis() const { return impl_->diagnosis; }
std::vector<Branch> Core::last_branches() const { return impl_->last_branches(); }
const std::vector<std::string>& Core::notes() const { return impl_->notes; }

}  // namespace turnpike::cpu
