// SPDX-License-Identifier: Apache-2.0
// Instruction encoding (Intel SDM volume 2, chapter 2).
#include <iterator>

#include "tests/cpu/host/generator.h"

namespace turnpike::host {

void Generator::bytes(u64 number, unsigned count) {
    for (unsigned n = 0; n < count; ++n) byte(static_cast<unsigned>((number >> (8 * n)) & 0xFF));
}

/// mov reg, number
void Generator::set(unsigned reg, u64 number) {
    const bool wide = (number >> 32) != 0;
    if (wide || reg >= 8) byte(0x40 | (wide ? 8U : 0U) | (reg >> 3));
    byte(0xB8 | (reg & 7));
    bytes(number, wide ? 8 : 4);
}

void Generator::set_stack() { set(4, kStackTop + below(64)); }

/// Prefixes that change nothing, or something, or make the instruction too long; a REX that is not the last has no
/// effect. No LOCK: across two lines it would take a bus lock on the host.
void Generator::odd_prefixes() {
    static constexpr u8 kPrefixes[] = {0x66, 0x66, 0x67, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0xF2, 0xF3};
    sample_.user = true;
    const unsigned one = kPrefixes[below(std::size(kPrefixes))];
    const bool all_the_same = chance(50);
    for (unsigned n = chance(80) ? 1 + below(3) : below(15); n > 0; --n) {
        if (chance(20)) {
            byte(0x40 | below(16));
        } else {
            byte(all_the_same ? one : kPrefixes[below(std::size(kPrefixes))]);
        }
    }
}

void Generator::prefixes(const Encoding& e) {
    const Memory& memory = e.place.memory;
    if (odd_) odd_prefixes();
    if (e.place.is_memory && memory.segment != 0) byte(memory.segment);
    if (e.place.is_memory && memory.address32) byte(0x67);
    // REX.W wins over 66, and neither changes an 8-bit operand (SDM volume 2, 2.2.1.2).
    const bool idle = !e.vex && e.prefix == 0 && e.map == 0 && (e.size == 8 || (e.size == 1 && e.imm_bytes < 2));
    if ((e.size == 2 && !e.vex) || (idle && chance(3))) byte(0x66);
    if (e.lock) byte(0xF0);
    if (e.prefix != 0 && !e.vex) byte(e.prefix);
}

void Generator::operands(const Encoding& e) {
    const unsigned reg = (e.reg & 7) << 3;
    if (!e.place.is_memory) {
        byte(0xC0 | reg | (e.place.reg & 7));
        bytes(e.imm, e.imm_bytes);
        return;
    }
    const Memory& m = e.place.memory;
    if (m.relative) {
        byte(reg | 5);
        const u64 next = here() + 4 + e.imm_bytes;
        bytes(m.offset - next, 4);
    } else if (m.base >= 0 && m.index < 0 && (m.base & 7) != 4) {
        byte((m.mod << 6) | reg | (static_cast<unsigned>(m.base) & 7));
        bytes(static_cast<u64>(m.displacement), m.mod == 1 ? 1 : m.mod == 2 ? 4 : 0);
    } else {
        const unsigned index = m.index < 0 ? 4 : static_cast<unsigned>(m.index) & 7;
        const unsigned base = m.base < 0 ? 5 : static_cast<unsigned>(m.base) & 7;
        byte((m.mod << 6) | reg | 4);
        byte((m.scale << 6) | (index << 3) | base);
        bytes(static_cast<u64>(m.displacement), m.base < 0 ? 4 : m.mod == 1 ? 1 : m.mod == 2 ? 4 : 0);
    }
    bytes(e.imm, e.imm_bytes);
}

void Generator::encode(const Encoding& e) {
    if (e.vex) {
        encode_vex(e);
        return;
    }
    prefixes(e);
    const Memory& m = e.place.memory;
    const bool x = e.place.is_memory && m.index >= 8;
    const bool b = e.place.is_memory ? m.base >= 8 : e.place.reg >= 8;
    const bool r = e.reg_is_register && e.reg >= 8;
    const unsigned rex = (e.size == 8 ? 8U : 0U) | (r ? 4U : 0U) | (x ? 2U : 0U) | (b ? 1U : 0U);
    // Without need now and then: it turns AH to BH into SPL to DIL and changes nothing else.
    if (rex != 0 || chance(e.size == 1 ? 40 : 4)) byte(0x40 | rex);
    if (e.map > 0) byte(0x0F);
    if (e.map == 2) byte(0x38);
    if (e.map == 3) byte(0x3A);
    byte(e.opcode);
    operands(e);
}

void Generator::encode_vex(const Encoding& e) {
    const Memory& m = e.place.memory;
    const bool x = e.place.is_memory && m.index >= 8;
    const bool b = e.place.is_memory ? m.base >= 8 : e.place.reg >= 8;
    const bool r = e.reg_is_register && e.reg >= 8;
    const unsigned pp = e.prefix == 0x66 ? 1 : e.prefix == 0xF3 ? 2 : e.prefix == 0xF2 ? 3 : 0;
    prefixes(e);
    byte(0xC4);
    byte((r ? 0U : 0x80U) | (x ? 0U : 0x40U) | (b ? 0U : 0x20U) | e.map);
    byte((e.size == 8 ? 0x80U : 0U) | ((~e.vvvv & 15) << 3) | pp);
    byte(e.opcode);
    operands(e);
}

}  // namespace turnpike::host
