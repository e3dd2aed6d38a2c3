// SPDX-License-Identifier: Apache-2.0
// Delivery of interrupts and exceptions through the IDT in 64-bit mode (SDM volume 3, 6.14), double and triple faults
// (6.15, interrupt 8).
#include <cstdio>
#include <optional>

#include "models/cpu/core_impl.h"
#include "models/cpu/descriptor.h"

namespace turnpike::cpu {
namespace {

bool is_contributory(u8 number) { return number == vector::DE || (number >= vector::TS && number <= vector::GP); }

constexpr u32 kExternal = 1;  ///< error code: the event came from outside the program
constexpr u32 kInIdt = 2;     ///< error code: the index is of the IDT

const char* exception_name(u8 number) {
    switch (number) {
        case vector::DE:
            return "#DE";
        case vector::UD:
            return "#UD";
        case vector::DF:
            return "#DF";
        case vector::TS:
            return "#TS";
        case vector::NP:
            return "#NP";
        case vector::SS:
            return "#SS";
        case vector::GP:
            return "#GP";
        default:
            return "exception";
    }
}

}  // namespace

void Core::Impl::take_interrupt() {
    const int number = environment.acknowledge_interrupt();
    if (number < 0) return;
    ++stats.interrupts;
    state.halted = state.repeating = false;
    try {
        enter_gate(static_cast<u8>(number), Cause::interrupt, nullptr);
    } catch (Fault& fault) {
        fault.at = nullptr;
        raise(fault);
        return;
    }
    // The handler's own stage, where it is one, pays for the entry.
    stages.enter(state.rip, state.r[RSP], stats.busy_cycles, stats.instructions);
    spend(functional ? 1 : interrupt_entry);
}

void Core::Impl::software_interrupt(u8 number) {
    enter_gate(number, Cause::software, nullptr);
    ++stats.exceptions;
    state.leave = true;
    if (!functional) spend(interrupt_entry);
}

bool Core::Impl::raise(const Fault& first) {
    if (first.at != nullptr) {
        const unsigned op = charge_before(first.at);
        state.rip = state.block_rip + current->form.ops[op].offset;
    }
    step_op = kNoStep;
    const u64 rip = state.rip;
    current = blocks.none();
    state.leave = bus_used = state.repeating = false;
    ++stats.exceptions;
    spend(functional ? 1 : interrupt_entry);
    Fault fault = first;
    for (;;) {
        try {
            enter_gate(fault.vector, Cause::fault, &fault);
            bus_used = state.leave = false;
            return true;
        } catch (const Fault& nested) {
            if (fault.vector == vector::DF) {
                shut_down(first, rip);
                return false;
            }
            const bool both = is_contributory(fault.vector) && is_contributory(nested.vector);
            fault = both ? Fault{vector::DF, nullptr, true, 0} : nested;
        }
    }
}

/// The stack that the TSS holds for the gate, or the present one.
u64 Core::Impl::gate_stack(unsigned ist, u8 number) const {
    if (ist == 0) return state.r[RSP];
    constexpr u64 kFirstIst = 0x24;  // SDM volume 3, figure 7-11
    const u64 offset = kFirstIst + 8 * (ist - 1);
    const u64 address = state.sys.tss_base + offset;
    if (offset + 7 > state.sys.tss_limit || !in_dram(address, 8)) {
        throw Fault{vector::TS, nullptr, true, (state.sys.tr & 0xFFFCU) | (number != vector::DF ? kExternal : 0)};
    }
    u64 top;
    std::memcpy(&top, memory.data + address, sizeof top);
    return top;
}

void Core::Impl::push_frame(u64 top, u8 number, Cause cause, const Fault* fault) {
    u64 flags = state.rflags();
    // Faults are resumed, not repeated (SDM volume 3, 18.3.1.1).
    if (cause == Cause::fault && number != vector::DF) flags |= rflag::RF;
    u64 frame[6] = {fault != nullptr ? fault->code : 0,
                    state.rip,
                    state.sys.selector[kCs],
                    flags,
                    state.r[RSP],
                    state.sys.selector[kSs]};
    const bool has_code = fault != nullptr && fault->has_code;
    u64 at = top & ~u64{15};
    const u8 stack_fault = vector::SS;
    for (unsigned n = 6; n-- > (has_code ? 0U : 1U);) {
        at -= 8;
        write(nullptr, at, &frame[n], 8, stack_fault, kMaxSlots - 1);
    }
    state.r[RSP] = at;
}

void Core::Impl::enter_gate(u8 number, Cause cause, const Fault* fault) {
    const u32 external = cause == Cause::software ? 0 : kExternal;
    const u32 in_idt = number * 8U + kInIdt + external;
    u64 gate[2];
    if (!read_table(state, state.sys.idtr, number * 16U, gate, 16)) throw Fault{vector::GP, nullptr, true, in_idt};
    const unsigned type = (gate[0] >> 40) & 0x1F;
    constexpr unsigned kInterruptGate = 0xE;
    constexpr unsigned kTrapGate = 0xF;
    if (type != kInterruptGate && type != kTrapGate) throw Fault{vector::GP, nullptr, true, in_idt};
    if (((gate[0] >> 47) & 1) == 0) throw Fault{vector::NP, nullptr, true, in_idt};
    const u16 code = static_cast<u16>(gate[0] >> 16);
    const u64 target = (gate[0] & 0xFFFF) | ((gate[0] >> 32) & 0xFFFF0000) | (gate[1] << 32);
    if (!is_kernel_code(state, code)) throw Fault{vector::GP, nullptr, true, (code & 0xFFFCU) | external};
    if (!is_canonical(target)) throw Fault{vector::GP, nullptr, true, external};
    push_frame(gate_stack((gate[0] >> 32) & 7, number), number, cause, fault);
    state.system_flags &= ~(rflag::TF | rflag::NT);
    if (type == kInterruptGate) state.system_flags &= ~rflag::IF;
    state.sys.selector[kCs] = code;
    state.rip = target;
}

void Core::Impl::shut_down(const Fault& first, u64 rip) {
    is_shut_down = true;
    diagnosis = describe(first, rip);
}

std::string Core::Impl::describe(const Fault& fault, u64 rip) const {
    std::string text = "shut down (triple fault) after ";
    char part[96];
    const auto add = [&](const char* format, auto... values) {
        std::snprintf(part, sizeof part, format, values...);
        text += part;
    };
    const auto wide = [](u64 value) { return static_cast<unsigned long long>(value); };
    add("%s (vector %u, error code 0x%x) at rip 0x%llx, bytes", exception_name(fault.vector),
        static_cast<unsigned>(fault.vector), fault.code, wide(rip));
    for (u64 n = 0; n < 15 && in_dram(rip + n, 1); ++n) add(" %02x", static_cast<unsigned>(memory.data[rip + n]));
    if (!in_dram(rip, 1)) text += " outside memory";
    static constexpr const char* kNames[16] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                               "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
    for (unsigned n = 0; n < 16; ++n) add("%s%s %llx", n == 0 ? "; " : ", ", kNames[n], wide(state.r[n]));
    add(", rflags %llx", wide(state.rflags()));
    return text;
}

}  // namespace turnpike::cpu
