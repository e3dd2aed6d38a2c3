// SPDX-License-Identifier: Apache-2.0
// Addressing forms, solved backwards: first where the access goes, then registers that lead there.
#include <iterator>

#include "tests/cpu/host/generator.h"

namespace turnpike::host {
namespace {

constexpr unsigned kRsp = 4;
constexpr unsigned kSegmentFs = 0x64;
constexpr unsigned kSegmentGs = 0x65;
constexpr unsigned kGuardedPerMille = 15;
constexpr u64 kMargin = 128;  ///< from the data's end, so that the widest operand stays inside

bool fits32(u64 number) { return static_cast<u64>(static_cast<i64>(static_cast<std::int32_t>(number))) == number; }

}  // namespace

int Generator::other_register(u32 avoid) {
    for (;;) {
        const unsigned reg = below(16);
        if (reg != kRsp && ((avoid >> reg) & 1) == 0) return static_cast<int>(reg);
    }
}

void Generator::choose_prefixes(Memory& memory) {
    static constexpr unsigned kWithoutEffect[] = {0x26, 0x2E, 0x36, 0x3E};  // ES, CS, SS, DS in 64-bit mode
    const unsigned draw = below(100);
    if (draw < 4) memory.segment = kSegmentFs;
    if (draw >= 4 && draw < 8) memory.segment = kSegmentGs;
    if (draw >= 8 && draw < 12) memory.segment = kWithoutEffect[below(4)];
    const bool far = memory.segment == kSegmentFs || memory.segment == kSegmentGs;
    memory.address32 = !far && chance(8);
}

/// Mostly at an edge of a page whose neighbour has other rights.
u64 Generator::guarded_address() {
    sample_.user = true;
    const unsigned draw = below(100);
    if (draw < 6) return HOST_KERNEL + below(1 << 20);
    const u64 page = guard_page(below(std::size(kGuardPages)));
    return draw < 60 ? page - 1 - below(15) : page + below(static_cast<unsigned>(kPage));
}

Generator::Memory Generator::choose_memory(const Wanted& wanted) {
    Memory memory;
    if (wanted.stack && wanted.delta == 0 && !wanted.aligned && chance(12)) {
        memory.base = kRsp;
        memory.mod = 1;
        memory.displacement = static_cast<std::int8_t>(below(256));
        return memory;
    }
    choose_prefixes(memory);
    memory.target = kData + kMargin + below(kDataBytes - 2 * kMargin);
    if (wanted.aligned) memory.target &= ~u64{15};
    // Now and then an address that is not canonical, or one on pages with other rights.
    const bool lost = !memory.address32 && chance(1);
    const bool guarded = !lost && below(1000) < kGuardedPerMille;
    if (lost) memory.target = 0x8000'0000'0000'0000 | (memory.target << 20);
    if (guarded) memory.target = guarded_address() & (wanted.aligned ? ~u64{15} : ~u64{0});
    const u64 base = memory.segment == kSegmentFs ? kFsBase : memory.segment == kSegmentGs ? kGsBase : 0;
    memory.offset = memory.target - static_cast<u64>(wanted.delta) - base;
    if (fits32(memory.offset) && chance(15)) {
        fixed_address(memory);
    } else {
        by_registers(memory, wanted.avoid);
    }
    if (lost || guarded) memory.target = 0;
    return memory;
}

void Generator::fixed_address(Memory& memory) {
    memory.relative = chance(60);
    memory.displacement = static_cast<i64>(memory.offset);
}

/// [reg + reg * scale + displacement]: (1 + scale) * reg leads there.
void Generator::twice_one_register(Memory& memory, unsigned reg) {
    const u64 factor = 1 + (u64{1} << memory.scale);
    memory.base = memory.index = static_cast<int>(reg);
    memory.mod = 1;
    memory.displacement = static_cast<i64>(memory.offset % factor);
    set(reg, memory.offset / factor);
}

void Generator::by_registers(Memory& memory, u32 avoid) {
    const auto reg = static_cast<unsigned>(other_register(avoid));
    memory.scale = below(4);
    if (chance(5)) {
        twice_one_register(memory, reg);
        return;
    }
    const u64 garbage = memory.address32 ? random_() << 32 : 0;
    if (chance(8)) {  // [index * scale + displacement]
        const u64 rest = memory.offset & ((u64{1} << memory.scale) - 1);
        memory.index = static_cast<int>(reg);
        memory.displacement = static_cast<i64>(rest);
        set(reg, ((memory.offset - rest) >> memory.scale) | (memory.scale == 0 ? garbage : 0));
        return;
    }
    memory.base = static_cast<int>(reg);
    memory.mod = (reg & 7) == 5 ? 1 + below(2) : below(3);
    const u32 raw = static_cast<u32>(random_());
    memory.displacement = memory.mod == 0   ? 0
                          : memory.mod == 1 ? static_cast<i64>(static_cast<std::int8_t>(raw))
                                            : static_cast<i64>(static_cast<std::int32_t>(raw));
    u64 scaled = 0;
    if (chance(50)) {
        memory.index = other_register(avoid | (1U << reg));
        const u64 index = value();
        set(static_cast<unsigned>(memory.index), index);
        scaled = index << memory.scale;
    }
    u64 base = memory.offset - scaled - static_cast<u64>(memory.displacement);
    if (memory.address32) base = (base & 0xFFFF'FFFF) | garbage;
    set(reg, base);
}

}  // namespace turnpike::host
