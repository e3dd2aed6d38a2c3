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

/// SDM volume 3, table 6-5.
bool is_double(u8 first, u8 second) {
    if (first == vector::PF) return second == vector::PF || is_contributory(second);
    return is_contributory(first) && is_contributory(second);
}

constexpr u32 kExternal = 1;  ///< error code: the event came from outside the program
constexpr u32 kInIdt = 2;     ///< error code: the index is of the IDT

constexpr u64 kMostBytes = 15;  ///< of an instruction

std::string hex(u64 value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

const char* exception_name(u8 number) {
    switch (number) {
        case vector::DE:
            return "#DE";
        case vector::DB:
            return "#DB";
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
        case vector::PF:
            return "#PF";
        default:
            return "exception";
    }
}

}  // namespace

/// An NMI goes before an interrupt (SDM volume 3, table 6-2).
void Core::Impl::take_event() {
    if ((events & kNmi) != 0 && !state.sys.nmi_blocked) {
        events &= static_cast<u8>(~kNmi);
        take_interrupt(vector::NMI);
        state.sys.nmi_blocked = true;
        return;
    }
    const int number = environment.acknowledge_interrupt();
    if (number >= 0) take_interrupt(static_cast<u8>(number));
}

void Core::Impl::take_interrupt(u8 number) {
    ++stats.interrupts;
    state.halted = state.repeating = false;
    state.repetition = State::kNoRepetition;
    try {
        enter_gate(number, Cause::interrupt, nullptr);
    } catch (Fault& fault) {
        fault.at = nullptr;
        raise(fault);
        return;
    }
    // The handler's own stage, where it is one, pays for the entry.
    stages.enter(state.rip, state.r[RSP], progress());
    spend(interrupt_entry);
}

void Core::Impl::software_interrupt(u8 number, bool checked) {
    enter_gate(number, checked ? Cause::software : Cause::trap, nullptr);
    ++stats.exceptions;
    entered_gate = current->single;
    state.leave = true;
    spend(interrupt_entry);
}

bool Core::Impl::raise(const Fault& first, Cause cause) {
    if (first.at != nullptr) {
        const unsigned op = charge_before(first.at);
        state.rip = state.block_rip + current->form.ops[op].offset;
    }
    step_op = kNoStep;
    const u64 rip = state.rip;
    if (first.vector == vector::UD && more_notes()) note("#UD at rip " + hex(rip) + ", bytes" + bytes_at(rip));
    current = blocks.none();
    state.leave = state.repeating = state.halted = false;
    state.repetition = State::kNoRepetition;
    ++stats.exceptions;
    spend(interrupt_entry);
    Fault fault = first;
    for (;;) {
        try {
            enter_gate(fault.vector, cause, &fault);
            state.leave = false;
            return true;
        } catch (const Fault& nested) {
            if (fault.vector == vector::DF) {
                shut_down(first, rip);
                return false;
            }
            fault = is_double(fault.vector, nested.vector) ? Fault{vector::DF, nullptr, true, 0} : nested;
            cause = Cause::fault;
        }
    }
}

/// A stack pointer in the TSS (SDM volume 3, figure 7-11).
u64 Core::Impl::stack_of_tss(u64 offset, u8 number, u32 external) {
    u64 top;
    if (offset + 7 > state.sys.tss_limit || !read_system(state.sys.tss_base + offset, &top, 8)) {
        throw Fault{vector::TS, nullptr, true, (state.sys.tr & 0xFFFCU) | (number != vector::DF ? external : 0)};
    }
    return top;
}

void Core::Impl::push_frame(const Gate& gate, u8 number, Cause cause, const Fault* fault) {
    constexpr u64 kRsp0 = 0x04, kFirstIst = 0x24;
    const u32 external = cause == Cause::software ? 0 : kExternal;
    const unsigned from = cpl(state);
    u64 top = state.r[RSP];
    if (gate.ist != 0) {
        top = stack_of_tss(kFirstIst + 8 * (gate.ist - 1), number, external);
    } else if (gate.level < from) {
        top = stack_of_tss(kRsp0 + 8 * gate.level, number, external);
    }
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
    for (unsigned n = 6; n-- > (has_code ? 0U : 1U);) {
        at -= 8;
        try {
            write_as(nullptr, at, &frame[n], 8, vector::SS, kMaxSlots - 1, gate.level == kUserLevel);
        } catch (Fault& nested) {
            if (nested.vector == vector::SS) nested.code = external;
            throw;
        }
    }
    state.r[RSP] = at;
    if (gate.level < from) state.sys.selector[kSs] = static_cast<u16>(gate.level);  // null, with the new privilege
}

Core::Impl::Gate Core::Impl::find_gate(u8 number, Cause cause) {
    const u32 external = cause == Cause::software ? 0 : kExternal;
    const u32 in_idt = number * 8U + kInIdt + external;
    u64 gate[2];
    if (!read_table(state, state.sys.idtr, number * 16U, gate, 16)) throw Fault{vector::GP, nullptr, true, in_idt};
    const unsigned type = (gate[0] >> 40) & 0x1F;
    constexpr unsigned kInterruptGate = 0xE;
    constexpr unsigned kTrapGate = 0xF;
    if (type != kInterruptGate && type != kTrapGate) throw Fault{vector::GP, nullptr, true, in_idt};
    const unsigned allowed = (gate[0] >> 45) & 3;
    if (cause == Cause::software && allowed < cpl(state)) throw Fault{vector::GP, nullptr, true, in_idt};
    if (((gate[0] >> 47) & 1) == 0) throw Fault{vector::NP, nullptr, true, in_idt};
    const u16 code = static_cast<u16>(gate[0] >> 16);
    const u64 target = (gate[0] & 0xFFFF) | ((gate[0] >> 32) & 0xFFFF0000) | (gate[1] << 32);
    const std::optional<CodeSegment> segment = code_segment(state, code);
    if (!segment || segment->level > cpl(state)) throw Fault{vector::GP, nullptr, true, (code & 0xFFFCU) | external};
    if (!segment->present) throw Fault{vector::NP, nullptr, true, (code & 0xFFFCU) | external};
    if (!is_canonical(target)) throw Fault{vector::GP, nullptr, true, external};
    const unsigned level = segment->conforming ? cpl(state) : segment->level;
    return {code, target, static_cast<unsigned>(gate[0] >> 32) & 7, type == kInterruptGate, level};
}

void Core::Impl::enter_gate(u8 number, Cause cause, const Fault* fault) {
    const Gate gate = find_gate(number, cause);
    push_frame(gate, number, cause, fault);
    state.system_flags &= ~(rflag::TF | rflag::NT);
    if (gate.masks) state.system_flags &= ~rflag::IF;
    state.sys.selector[kCs] = static_cast<u16>((gate.code & ~3U) | gate.level);
    state.rip = gate.target;
    privilege_changed();
}

void Core::Impl::shut_down(const Fault& first, u64 rip) {
    is_shut_down = true;
    diagnosis = describe(first, rip);
}

std::string Core::Impl::bytes_at(u64 rip) const {
    std::string text;
    for (u64 n = 0; n < kMostBytes; ++n) {
        const std::optional<u64> at = paging.peek(rip + n);
        char part[8];
        if (at && in_dram(*at, 1)) {
            std::snprintf(part, sizeof part, " %02x", static_cast<unsigned>(memory.data[*at]));
            text += part;
        }
        if (n == 0 && !at) text += " not mapped";
        if (n == 0 && at && !in_dram(*at, 1)) text += " outside memory";
    }
    return text;
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
    text += bytes_at(rip);
    if (fault.vector == vector::PF) add("; cr2 %llx", wide(state.sys.cr2));
    static constexpr const char* kNames[16] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                               "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
    for (unsigned n = 0; n < 16; ++n) add("%s%s %llx", n == 0 ? "; " : ", ", kNames[n], wide(state.r[n]));
    add(", rflags %llx", wide(state.rflags()));
    return text;
}

}  // namespace turnpike::cpu
