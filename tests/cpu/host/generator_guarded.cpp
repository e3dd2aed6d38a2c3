// SPDX-License-Identifier: Apache-2.0
// What only programs under page tables see: accesses, stacks, repetitions and code at the edges of pages with other
// rights; and code that is rewritten.
#include <array>
#include <iterator>

#include "tests/cpu/host/generator.h"

namespace turnpike::host {
namespace {

constexpr unsigned kRcx = 1, kRsp = 4, kRbp = 5, kRsi = 6, kRdi = 7;
constexpr u64 kReturnSlot = kData + 0x600;

}  // namespace

void Generator::guarded_unit() {
    begin();
    switch (below(6)) {
        case 0:
            guarded_stack();
            break;
        case 1:
        case 2:
            guarded_string();
            break;
        case 3:
            guarded_branch();
            break;
        case 4:
            code_at_an_edge();
            break;
        default:
            rewritten_code();
    }
}

/// PUSH, POP, CALL, RET, ENTER and LEAVE on a stack at an edge.
void Generator::guarded_stack() {
    const u64 unaligned = guarded_address();
    const u64 top = chance(50) ? unaligned & ~u64{7} : unaligned;
    ended_ = true;
    const unsigned kind = below(7);
    if (kind < 2) {  // the frame's pointer may be elsewhere
        const bool nested = kind == 0 && chance(50);
        const bool stack_guarded = chance(80);
        // A chain of frames and its copy never in two pages that are one: they would overwrite each other.
        const bool frame_guarded = !(nested && stack_guarded);
        set(kRbp, !frame_guarded ? kStackTop + 0x200 + below(64) : chance(50) ? top + below(64) : guarded_address());
        set(kRsp, stack_guarded ? top : kStackTop);
        instruction();
        byte(kind == 0 ? 0xC8 : 0xC9);
        if (kind == 0) bytes((chance(50) ? below(64) : below(0x10000)) | (u64{nested ? below(32) : 0} << 16), 3);
        finish({}, false);
        return;
    }
    set(kRsp, top);
    if (kind == 2) push_or_pop();
    if (kind == 3) stack_memory();
    if (kind == 4) flags_on_stack();
    if (kind == 5) direct_call();
    if (kind == 6) {
        instruction();
        byte(0xC3);
        finish({}, false);
    }
}

/// All pages here are one in memory: what processors copy in pieces overlaps where only its linear addresses do not; in
/// one page, too, from whose end a repetition runs into the next.
bool close_in_two_pages(u64 a, u64 b) {
    constexpr u64 kPieces = 128;  // bytes
    const auto close = [](u64 apart) { return apart < kPieces || apart > 0 - kPieces; };
    const u64 apart = (a - b) % kPage;
    return (apart < kPieces || apart > kPage - kPieces) && (a / kPage != b / kPage || !close(a - b));
}

/// A repetition that runs into, or over, an edge.
void Generator::guarded_string() {
    static constexpr unsigned kOpcodes[] = {0xA4, 0xA6, 0xAA, 0xAC, 0xAE};
    const unsigned opcode = kOpcodes[below(5)];
    const unsigned size = 1U << below(4);
    const unsigned repeat = below(3);
    const bool down = chance(30);
    const unsigned fit = chance(70) ? below(6) : below(200);  // elements before the edge
    const auto start = [&] {
        if (chance(25)) return kData + 1800 + below(400);  // never out of the page
        sample_.user = true;
        const u64 edge = guard_page(below(std::size(kGuardPages)));
        const u64 astray = chance(50) ? 0 : below(size);
        return down ? edge + u64{fit} * size - astray : edge - u64{fit} * size - astray;
    };
    const u64 from = start();
    u64 to = start();
    while (opcode == 0xA4 && close_in_two_pages(from, to)) to = start();
    set(kRsi, from);
    set(kRdi, to);
    if (repeat != 0) set(kRcx, fit + below(6));
    byte(down ? 0xFD : 0xFC);
    instruction();
    if (size == 2) byte(0x66);
    if (repeat != 0) byte(repeat == 1 ? 0xF3 : 0xF2);
    if (size == 8) byte(0x48);
    byte(opcode + (size == 1 ? 0 : 1));
    finish({}, false);
}

/// To where no code may be.
void Generator::guarded_branch() {
    sample_.user = true;
    ended_ = true;
    unsigned page;
    do {
        page = below(std::size(kGuardPages));
    } while ((kGuardPages[page] & kExecute) != 0);
    const u64 target = chance(15) ? HOST_KERNEL + below(1 << 20) : guard_page(page) + below(unsigned{kPage});
    const auto reg = static_cast<unsigned>(other_register(0));
    set(reg, target);
    const unsigned kind = below(4);
    if (kind == 3) byte(0x50 | (reg & 7));  // the wrong register above 7, which leads somewhere, too
    instruction();
    if (kind == 3 && reg < 8) {
        byte(0xC3);
    } else if (kind == 2 && target < HOST_KERNEL) {
        byte(chance(50) ? 0xE8 : 0xE9);
        bytes(target - (here() + 4), 4);
    } else {
        if (reg >= 8) byte(0x41);
        byte(0xFF);
        byte((chance(50) ? 0xD0 : 0xE0) | (reg & 7));
    }
    finish({}, false);
}

/// Writes an instruction to the end of a page and jumps there: it runs into a page without code, or goes on in one.
void Generator::code_at_an_edge() {
    static constexpr std::array<std::array<u8, 15>, 6> kInstructions = {{
        {0x48, 0xB8, 1, 2, 3, 4, 5, 6, 7, 8},                                         // mov rax, …
        {0x81, 0xC1, 9, 10, 11, 12},                                                  // add ecx, …
        {0x66, 0x66, 0x66, 0x66, 0x2E, 0x66, 0x0F, 0x1F, 0x84, 0, 0, 0, 0, 0},        // a long NOP
        {0x49, 0x83, 0xC3, 0x7F},                                                     // add r11, …
        {0xC7, 0x04, 0x25, 0x00, 0x04, 0x13, 0x00, 0x44, 0x33, 0x22, 0x11},           // mov [data + 0x400], …
        {0x66, 0x2E, 0x48, 0x81, 0x04, 0x25, 0x08, 0x04, 0x13, 0x00, 1, 0, 0, 0x80},  // add qword [data + 0x408], …
    }};
    static constexpr unsigned kLengths[] = {10, 6, 14, 4, 11, 14};
    static constexpr unsigned kPages[] = {7, 9, 10};  // nothing there; code; data
    const unsigned which = below(std::size(kInstructions));
    const unsigned page = kPages[below(3)];
    const u64 edge = guard_page(page);
    const u64 at = edge - 1 - below(24);
    sample_.user = true;
    std::vector<u8> code(kInstructions[which].begin(), kInstructions[which].begin() + kLengths[which]);
    // jmp [slot], back into the sample
    for (const unsigned one : {0xFFU, 0x24U, 0x25U}) code.push_back(static_cast<u8>(one));
    for (unsigned n = 0; n < 4; ++n) code.push_back(static_cast<u8>(kReturnSlot >> (8 * n)));
    if (page != 9 && at + code.size() > edge) code.resize(edge - at);
    std::size_t n = 0;
    for (; n + 4 <= code.size(); n += 4) {  // mov dword [there], code
        bytes(0x2504C7, 3), bytes(at + n, 4);
        for (unsigned k = 0; k < 4; ++k) byte(code[n + k]);
    }
    for (; n < code.size(); ++n) {  // mov byte [there], code
        bytes(0x2504C6, 3), bytes(at + n, 4), byte(code[n]);
    }
    bytes(0x2504C748, 4), bytes(kReturnSlot, 4), bytes(here() + 4 + 5, 4);  // mov qword [slot], behind
    instruction();
    byte(0xE9);
    bytes(at - (here() + 4), 4);
    finish({}, false);
}

/// Changes the instruction that comes next, or one that has been carried out and is carried out again.
void Generator::rewritten_code() {
    const u64 number = random_();
    sample_.too_odd = true;
    if (chance(40)) {
        instruction();
        bytes(0x05C7, 2), bytes(1, 4), bytes(number, 4);  // mov dword [rip + 1], number
        byte(0xB8 | below(4)), bytes(random_(), 4);       // mov reg, …
    } else if (chance(50)) {
        instruction();
        bytes(0x05C6, 2), bytes(0, 4), byte(0xB8 | below(4));  // mov byte [rip + 0], the opcode of mov reg
        byte(0xB8 | below(4)), bytes(random_(), 4);
    } else {
        set(kRcx, 1 + below(3));
        const u64 again = here();
        instruction();
        byte(0xB8), bytes(random_(), 4);  // mov eax, …
        bytes(0x05C7, 2), bytes(again + 1 - (here() + 8), 4), bytes(number, 4);
        byte(0x01), byte(0xC2);                                                // add edx, eax
        byte(0xE2), byte(static_cast<unsigned>(again - (here() + 1)) & 0xFF);  // loop
    }
    finish({}, false);
}

}  // namespace turnpike::host
