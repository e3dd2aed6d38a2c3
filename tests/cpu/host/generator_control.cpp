// SPDX-License-Identifier: Apache-2.0
// String instructions and branches.
#include "tests/cpu/host/generator.h"

namespace turnpike::host {
namespace {

constexpr unsigned kRcx = 1, kRsi = 6, kRdi = 7;

}  // namespace

void Generator::string_unit() {
    static constexpr unsigned kOpcodes[] = {0xA4, 0xA6, 0xAA, 0xAC, 0xAE};  // MOVS, CMPS, STOS, LODS, SCAS
    const unsigned opcode = kOpcodes[below(5)];
    const unsigned size = 1U << below(4);
    const unsigned repeat = below(3);  // 0: none, 1: F3, 2: F2
    const unsigned segment = below(12);
    const bool address32 = segment > 1 && chance(10);
    const unsigned room = static_cast<unsigned>(kDataBytes) - 512;
    const unsigned count = repeat == 0 ? 1 : chance(70) ? below(24) : below(room / 2 / size);
    const bool down = chance(30);
    const unsigned span = count * size;
    const u64 garbage = address32 ? random_() << 32 : 0;
    const auto start = [&] { return kData + 128 + below(room - span) + (down ? span : 0); };
    begin();
    const u64 from = start();
    // Now and then the target lies a little behind the source, so that elements are copied again and again.
    const u64 to = chance(15) && !down && from + span + 16 < kData + room ? from + below(16) : start();
    set(kRsi, (from - (segment == 0 ? kFsBase : segment == 1 ? kGsBase : 0)) | garbage);
    set(kRdi, to | garbage);
    if (repeat != 0) set(kRcx, count | garbage);
    byte(down ? 0xFD : 0xFC);
    instruction();
    if (segment < 2) byte(0x64 + segment);
    if (address32) byte(0x67);
    if (size == 2) byte(0x66);
    if (repeat != 0) byte(repeat == 1 ? 0xF3 : 0xF2);
    if (size == 8) byte(0x48);
    byte(opcode + (size == 1 ? 0 : 1));
    finish({}, false);
}

void Generator::branch_unit() {
    begin();
    switch (below(6)) {
        case 0:
        case 1:
            conditional_jump();
            break;
        case 2:
            counted_loop();
            break;
        case 3:
            direct_call();
            break;
        case 4:
            indirect_branch();
            break;
        default:
            return_unit();
    }
}

/// Five bytes that show whether they were run: mov ecx, number.
void Generator::marker() {
    byte(0xB8 | kRcx);
    bytes(static_cast<u32>(random_()), 4);
}

void Generator::conditional_jump() {
    const unsigned code = below(16);
    const unsigned kind = below(4);
    instruction();
    const bool small = small_branch();
    if (small) byte(0x66);
    if (kind == 0) {
        byte(0x0F);
        byte(0x80 | code);
        distance(5, small);
    } else if (kind == 1) {  // JRCXZ, JECXZ
        if (chance(50)) byte(0x67);
        byte(0xE3);
        byte(5);
    } else {
        byte(0x70 | code);
        byte(5);
    }
    marker();
    finish({}, false);
}

/// LOOP, LOOPE and LOOPNE around LEA RDX, [RDX + 1].
void Generator::counted_loop() {
    const bool address32 = chance(30);
    set(kRcx, (1 + below(10)) | (address32 ? random_() << 32 : 0));
    bytes(0x01528D48, 4);
    instruction();
    if (address32) byte(0x67);
    byte(0xE0 + below(3));
    byte(address32 ? 0xF9 : 0xFA);
    finish({}, false);
}

/// Whether a branch gets prefix 66: without effect on Intel's processors, with 16-bit operands on AMD's, where it then
/// leads to addresses that only page tables keep from being there.
bool Generator::small_branch() {
    const bool small = chance(8);
    if (small && host_is_amd()) sample_.user = true;
    return small;
}

void Generator::distance(unsigned value, bool small) { bytes(value, small && host_is_amd() ? 2 : 4); }

/// Over a marker; the pushed address stays on the stack or goes into a register.
void Generator::direct_call() {
    const bool jump = chance(30);
    const bool small = small_branch();
    instruction();
    if (small) byte(0x66);
    byte(jump ? 0xE9 : 0xE8);
    distance(5, small);
    marker();
    if (!jump && chance(70)) byte(0x58 | 2);
    finish({}, false);
}

/// JMP and CALL through a register or memory, now and then to an address that is not canonical.
void Generator::indirect_branch() {
    const bool call = chance(50);
    const unsigned reg = static_cast<unsigned>(other_register(0));
    const bool through_memory = chance(50);
    const u64 slot = kData + 256 + 8 * below(64);
    const bool lost = chance(3);
    const u64 length = (through_memory ? 8 + 7 : reg >= 8 ? 3 : 2) + 5;
    u64 target = here() + 5 + (reg >= 8 ? 1 : 0) + length;
    if (lost) {
        set(reg, 0x8000'1234'5678'9ABC);
    } else {
        set(reg, target);
    }
    if (through_memory) {  // mov [slot], reg
        byte(reg >= 8 ? 0x4C : 0x48);
        byte(0x89);
        byte(0x04 | ((reg & 7) << 3));
        byte(0x25);
        bytes(slot, 4);
    }
    instruction();
    if (reg >= 8 && !through_memory) byte(0x41);
    byte(0xFF);
    const unsigned digit = call ? 2 : 4;
    if (through_memory) {
        byte((digit << 3) | 4);
        byte(0x25);
        bytes(slot, 4);
    } else {
        byte(0xC0 | (digit << 3) | (reg & 7));
    }
    marker();
    finish({}, false);
}

/// push target; ret
void Generator::return_unit() {
    const bool release = chance(40);
    const bool small = small_branch();
    set_stack();
    byte(0x68);
    bytes(here() + 4 + (small ? 1 : 0) + (release ? 3 : 1) + 5, 4);
    instruction();
    if (small) byte(0x66);
    byte(release ? 0xC2 : 0xC3);
    if (release) bytes(below(64), 2);
    marker();
    finish({}, false);
}

}  // namespace turnpike::host
