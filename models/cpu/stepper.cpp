// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/stepper.h"

#include <algorithm>
#include <cstring>

#include "models/cpu/core_impl.h"
#include "models/cpu/descriptor.h"

namespace turnpike::cpu {
namespace {

const Insn* return_behind(State& s, const Insn* i) {
    s.rip = i->imm;
    return i;
}

/// Bytes that a string instruction's pointer passed on its way.
struct Range {
    static constexpr u64 kLineBytes = 64;
    static constexpr u64 kWidestElement = 8;
    explicit Range(u64 line) : begin(line), end(line + kLineBytes) {}
    /// Downwards the element at the start was touched too; its size is at most the widest.
    Range(u64 from, u64 to) : begin(std::min(from, to)), end(to < from ? from + kWidestElement : to) {}
    Range meet(const Range& other) const {
        Range both = *this;
        both.begin = std::max(begin, other.begin);
        both.end = std::min(end, other.end);
        return both;
    }
    bool empty() const { return begin >= end; }
    u64 begin;
    u64 end;
};

}  // namespace

Stepper::Stepper(Maker maker, bool several) : several_(several), decoder_(maker), entries_(kEntries) {}

Stepper::Entry& Stepper::decode(u64 rip, const u8* bytes, unsigned length) {
    Entry& entry = entries_[rip % kEntries];
    if (entry.rip == rip && entry.length == length && std::equal(bytes, bytes + length, entry.bytes.begin()))
        return entry;
    const Decoded decoded = decoder_.decode(rip, bytes, length);
    entry.rip = rip;
    entry.length = length;
    std::copy_n(bytes, length, entry.bytes.begin());
    entry.count = 0;
    if (several_ && decoded.cls == OpClass::locked) entry.steps[entry.count++].run = synchronise_handler();
    if (decoded.address_step.run != nullptr) entry.steps[entry.count++] = decoded.address_step;
    entry.steps[entry.count++] = decoded.step;
    Insn& end = entry.steps[entry.count];
    end = {};
    end.run = return_behind;
    end.imm = rip + length;
    return entry;
}

bool Stepper::run(State& state, const Block& block, unsigned op) {
    const Op& what = block.form.ops[op];
    const std::size_t available = std::min<std::size_t>(what.length, block.form.code.size() - what.offset);
    Entry& entry = decode(block.form.address + what.offset, block.form.code.data() + what.offset,
                          static_cast<unsigned>(available));
    for (unsigned n = 0; n < entry.count; ++n) {
        entry.steps[n].slot = what.first_access;
        entry.steps[n].end = static_cast<u16>(what.offset + what.length);
    }
    const Insn* last = entry.steps[0].run(state, entry.steps.data());
    return last == &entry.steps[entry.count];
}

/// Lets the debugger look. False: it has moved RIP or changed the code, so that the block must be left.
bool Core::Impl::step_may_run(const Block& block, u64 rip) {
    const u64 key = block.key;
    state.rip = rip;
    debugger->before(owner);
    if (state.rip != rip) return false;
    if (block.key == key) return true;
    step_asked = rip;
    return false;
}

bool Core::Impl::is_stepwise_wanted() {
    if (debugger->wants(owner, current->rip, current->behind)) return true;
    step_asked = Block::kDead;
    return false;
}

/// Charges exactly as `execute_block` does, so that stepping changes no time.
void Core::Impl::execute_stepwise() {
    Block& block = *current;
    // A repetition that goes on is still the same instruction.
    bool stop_here = !state.repeating && step_asked != block.rip;
    step_asked = Block::kDead;
    state.repeating = false;
    charged = 0;
    state.block_rip = block.rip;
    bool complete = false;
    unsigned op = 0;
    for (; op < block.ops; ++op) {
        const Op& what = block.form.ops[op];
        if (stop_here && !step_may_run(block, state.block_rip + what.offset)) break;
        stop_here = true;
        step_op = op;
        const u64 rsi = state.r[RSI], rdi = state.r[RDI];
        const bool went_on = stepper->run(state, block, op);
        step_op = kNoStep;
        in_flight = false;
        const u64 next = state.rip;
        const u64 key = block.key;
        report_accesses(block, what, rsi, rdi);
        if (!state.repeating) debugger->after(owner);
        complete = op + 1U == block.ops;
        // A block goes on behind a locked instruction, though that asked for a new look at the time.
        if (!went_on || state.rip != next || block.key != key) {
            ++op;
            break;
        }
    }
    if (complete) {
        charge(block, block.ops, state.rip != block.behind, block.is_string);
    } else if (op > charged) {
        charge(block, op, false, false);
    }
}

void Core::Impl::report_accesses(const Block& block, const Op& op, u64 rsi, u64 rdi) {
    for (unsigned n = op.first_access; n < op.first_access + op.access_count; ++n) {
        const Access& access = block.form.accesses[n];
        if (state.slot[n] != kBusAccess) debugger->accessed(owner, state.slot[n], access.bytes, access.write);
    }
    if (!block.is_string) return;
    // The log holds whole lines; how far the pointers went tells which bytes of them.
    const Range source(rsi, state.r[RSI]);
    const Range target(rdi, state.r[RDI]);
    for (unsigned n = 0; n < state.strings.count; ++n) {
        const bool write = (state.strings.address[n] & 1) != 0;
        const Range line{state.strings.address[n] & ~u64{1}};
        Range touched = line.meet(source);
        if (write || touched.empty()) touched = line.meet(target);
        if (touched.empty()) touched = line;  // a source with a segment base
        debugger->accessed(owner, touched.begin, touched.end - touched.begin, write);
    }
}

void Core::set_debugger(Debugger* debugger) {
    impl_->debugger = debugger;
    if (debugger != nullptr && !impl_->stepper)
        impl_->stepper = std::make_unique<Stepper>(impl_->who.maker, impl_->several);
}

void Core::set_rip(std::uint64_t value) {
    impl_->state.rip = value;
    impl_->state.repeating = false;
}

void Core::set_rflags(std::uint64_t value) { impl_->state.set_rflags(value); }
std::uint16_t Core::selector(unsigned segment) const { return impl_->state.sys.selector.at(segment); }

std::uint64_t Core::segment_base(unsigned segment) const {
    const System& sys = impl_->state.sys;
    return segment == kFs ? sys.fs_base : segment == kGs ? sys.gs_base : 0;
}

void Core::set_segment_base(unsigned segment, std::uint64_t base) {
    (segment == kFs ? impl_->state.sys.fs_base : impl_->state.sys.gs_base) = base;
}

std::uint64_t Core::system_register(SystemRegister which) const {
    const System& sys = impl_->state.sys;
    switch (which) {
        case SystemRegister::cr0:
            return sys.cr0;
        case SystemRegister::cr2:
            return sys.cr2;
        case SystemRegister::cr3:
            return sys.cr3;
        case SystemRegister::cr4:
            return sys.cr4;
        case SystemRegister::efer:
            return sys.efer;
        case SystemRegister::kernel_gs_base:
            return sys.kernel_gs_base;
    }
    return 0;
}

bool Core::in_flight() const { return impl_->in_flight; }

std::optional<std::uint64_t> Core::translate_debug(std::uint64_t linear) const { return impl_->paging.peek(linear); }

void Core::memory_patched(std::uint64_t physical, std::uint64_t bytes) { impl_->blocks.invalidate(physical, bytes); }

}  // namespace turnpike::cpu
