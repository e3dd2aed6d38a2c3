// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/core_runner.h"

#include <cstring>
#include <iterator>
#include <stdexcept>

extern "C" {
extern const unsigned char turnpike_core_entry[];
extern const unsigned char turnpike_core_entry_end[];
extern const unsigned char turnpike_core_user_entry[];
extern const unsigned char turnpike_core_user_entry_end[];
}

namespace turnpike::host {
namespace {

constexpr int kGo = 0x40;               ///< vector of the interrupt that starts a sample
constexpr u64 kMostCycles = 1'000'000;  ///< a sample that runs longer hangs
constexpr u64 kHang = 0xFE;             ///< in place of an exception's vector
constexpr u64 kShutdown = 0xFD;
constexpr u64 kPageFault = 14;
constexpr u64 kGeneralProtection = 13;
constexpr u8 kHlt = 0xF4;

bool pushes_error_code(u64 vector) { return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17; }

/// Bits of paging-structure entries (SDM volume 3, table 4-20).
constexpr u64 kPresent = 1, kWritable = 2, kUser = 4, kLarge = 0x80, kNoExecute = u64{1} << 63;

u64 entry_of(u64 physical, u8 rights) {
    if (rights == kNone) return 0;
    return physical | kPresent | kUser | ((rights & kWrite) != 0 ? kWritable : 0) |
           ((rights & kExecute) != 0 ? 0 : kNoExecute);
}

/// Where the makers' processors differ the core is of the host's maker.
regs::CpuProfile profile_of_host() {
    regs::CpuProfile profile;
    profile.core.maker = host_is_amd() ? "amd" : "intel";
    return profile;
}

}  // namespace

CoreRunner::CoreRunner(const std::vector<u8>& pool, const Kind& kind)
    : pool_(pool),
      kind_(kind),
      memory_(CORE_MEMORY_BYTES),
      core_(0, profile_of_host(), 210, {memory_.data(), memory_.size()}, *this) {
    core_.set_functional(kind.functional);
    set_up();
}

template <class T>
void CoreRunner::put(u64 address, T value) {
    std::memcpy(memory_.data() + address, &value, sizeof value);
}

/// Of a physical address, or of a linear one of the kernel's half.
template <class T>
T CoreRunner::at(u64 address) const {
    T value;
    std::memcpy(&value, memory_.data() + (address & (CORE_MEMORY_BYTES - 1)), sizeof value);
    return value;
}

/// A trap gate: IF stays, so that the next interrupt can wake the core.
void CoreRunner::gate(unsigned number, u64 target, unsigned ist, unsigned level) {
    target += high();
    constexpr u64 kTrapGate = 0x8F, kSelector = 0x10;
    put<u64>(CORE_IDT + 16 * number, (target & 0xFFFF) | (kSelector << 16) | (u64{ist} << 32) |
                                         ((kTrapGate | (level << 5)) << 40) | (((target >> 16) & 0xFFFF) << 48));
    put<u64>(CORE_IDT + 16 * number + 8, target >> 32);
}

/// As Linux lays them out, so that selectors mean the same.
void CoreRunner::descriptors() {
    const u64 task = high() + CORE_TSS;
    put<u16>(CORE_GDTR, 0x7F);
    put<u64>(CORE_GDTR + 2, high() + CORE_GDT);
    put<u16>(CORE_IDTR, 0xFFF);
    put<u64>(CORE_IDTR + 2, high() + CORE_IDT);
    put<u64>(CORE_GDT + 0x08, 0x00CF9B000000FFFF);  // 32-bit code of the kernel
    put<u64>(CORE_GDT + 0x10, 0x00AF9B000000FFFF);  // 64-bit code of the kernel
    put<u64>(CORE_GDT + 0x18, 0x00CF93000000FFFF);  // data of the kernel
    put<u64>(CORE_GDT + 0x20, 0x00CFFB000000FFFF);  // 32-bit code of programs
    put<u64>(CORE_GDT + 0x28, 0x00CFF3000000FFFF);  // data of programs
    put<u64>(CORE_GDT + 0x30, 0x00AFFB000000FFFF);  // 64-bit code of programs
    put<u64>(CORE_GDT + CORE_TASK_SELECTOR,
             0x0000890000000067 | ((task & 0xFFFFFF) << 16) | (((task >> 24) & 0xFF) << 56));
    put<u64>(CORE_GDT + CORE_TASK_SELECTOR + 8, task >> 32);
    put<u64>(CORE_TSS + 0x24, high() + CORE_INTERRUPT_STACK);
    put<u64>(CORE_TSS + 0x2C, high() + CORE_EXCEPTION_STACK);
    put<u16>(CORE_TSS + 0x66, 0x68);  // beyond the limit: no port for programs
    constexpr unsigned kBreakpoint = 3, kOverflow = 4;
    for (unsigned n = 0; n < 32; ++n) {
        gate(n, CORE_TRAPS + CORE_TRAP_BYTES * n, 2, n == kBreakpoint || n == kOverflow ? 3 : 0);
    }
    gate(kGo, CORE_START, 1, 0);
}

void CoreRunner::page_tables() {
    put<u64>(CORE_BOOT_TABLE, CORE_LOW_TABLE | kPresent | kWritable);
    put<u64>(CORE_LOW_TABLE, kPresent | kWritable | kLarge);
    for (unsigned n = 0; n < 512; ++n) put<u64>(CORE_KERNEL_TABLE + 8 * n, kPresent | kWritable | kLarge);
    for (const u64 top : {CORE_BOOT_TABLE, CORE_USER_TABLE}) {
        for (unsigned n = 256; n < 512; ++n) put<u64>(top + 8 * n, CORE_KERNEL_TABLE | kPresent | kWritable);
    }
    for (unsigned level = 0; level < 4; ++level) {
        const u64 entry = level == 0 ? CORE_USER_TABLE + 8 * 255 : CORE_LAST_TABLES + kPage * (level - 1) + 8 * 511;
        put<u64>(entry, level == 3 ? kPresent : (CORE_LAST_TABLES + kPage * level) | kPresent | kWritable | kUser);
    }
    put<u64>(CORE_USER_TABLE, CORE_USER_DIRECTORIES | kPresent | kWritable | kUser);
    put<u64>(CORE_USER_DIRECTORIES, CORE_USER_DIRECTORY | kPresent | kWritable | kUser);
    put<u64>(CORE_USER_DIRECTORY, CORE_USER_PAGES | kPresent | kWritable | kUser);
    const auto map = [&](u64 linear, u64 physical, u8 rights) {
        put<u64>(CORE_USER_PAGES + 8 * (linear / kPage), entry_of(physical, rights));
    };
    const auto same = [&](u64 from, u64 bytes, u8 rights) {
        for (u64 page = from; page < from + bytes; page += kPage) map(page, page, rights);
    };
    same(kControl, kPage, kRead | kWrite);
    same(kCode - kPage, HOST_CODE_BYTES + 2 * kPage, kRead | kWrite | kExecute);
    same(kData - kPage, kDataBytes + 2 * kPage, kRead | kWrite | (kind_.slow_stores ? kExecute : 0));
    same(kStack - kPage, kStackBytes + 2 * kPage, kRead | kWrite);
    for (unsigned n = 0; n < std::size(kGuardPages); ++n) map(guard_page(n), kData, kGuardPages[n]);
}

void CoreRunner::set_up() {
    descriptors();
    page_tables();
    put<u64>(kControl + HOST_EXIT, kind_.user ? CORE_USER_EXIT : CORE_EXIT);
    put<u64>(kControl + HOST_FS_BASE, kFsBase);
    put<u64>(kControl + HOST_GS_BASE, kGsBase);
    put<u8>(CORE_USER_EXIT, kHlt);
    const unsigned char* const code = kind_.user ? turnpike_core_user_entry : turnpike_core_entry;
    const unsigned char* const end = kind_.user ? turnpike_core_user_entry_end : turnpike_core_entry_end;
    std::memcpy(memory_.data() + CORE_ENTRY, code, static_cast<std::size_t>(end - code));
    core_.start(CORE_ENTRY, kStackTop);
    if (core_.run(core_.cycles() + kMostCycles) != cpu::Stop::halt) {
        throw std::logic_error("the modelled core does not get through its set-up: " + core_.diagnosis());
    }
}

void CoreRunner::load(const Sample& sample) {
    const u8* const pool = pool_.data() + sample.memory_offset;
    std::memcpy(memory_.data() + kData, pool, kDataBytes);
    std::memcpy(memory_.data() + kJumpInData, kJumpToEntry.data(), kJumpToEntry.size());
    std::memcpy(memory_.data() + kStack, pool + kDataBytes, kStackBytes);
    std::memcpy(memory_.data() + sample.at, sample.code.data(), sample.code.size());
    std::memcpy(memory_.data() + sample.at + sample.code.size(), kJumpToExit.data(), kJumpToExit.size());
    core_.memory_written(kData, kDataBytes);
    core_.memory_written(sample.at, sample.code.size() + kJumpToExit.size());
    std::memcpy(memory_.data() + kControl + HOST_IN_REGISTERS, sample.registers.data(), 128);
    put<u64>(kControl + HOST_IN_FLAGS, sample.flags);
    put<u64>(kControl + HOST_ENTRY, sample.at);
    const u64 frame[5] = {kind_.slow_stores ? kJumpInData : sample.at, HOST_USER_CODE, sample.flags,
                          sample.registers[cpu::RSP], HOST_USER_DATA};
    std::memcpy(memory_.data() + kControl + HOST_FRAME, frame, sizeof frame);
    put<u64>(kControl + HOST_FIRST, frame[0]);
}

void CoreRunner::read_exception(u64 number, Outcome& outcome) const {
    u64 frame = core_.reg(cpu::RSP);
    outcome.exception = number;
    if (pushes_error_code(number)) {
        outcome.error_code = at<u64>(frame);
        frame += 8;
    }
    outcome.rip = at<u64>(frame);
    outcome.flags = at<u64>(frame + 16) & kComparedFlags;
    outcome.registers[cpu::RSP] = at<u64>(frame + 24);
    if (number == kPageFault) outcome.cr2 = at<u64>(CORE_CR2);
    if (!kind_.user || number != kGeneralProtection || outcome.rip != CORE_USER_EXIT) return;
    outcome.exception = kNoException;  // the HLT at the end
    outcome.rip = 0;
}

Outcome CoreRunner::run(const Sample& sample) {
    load(sample);
    const Outcome outcome = run_loaded();
    const u64 bytes = sample.code.size() + kJumpToExit.size();
    std::memset(memory_.data() + sample.at, 0, bytes);
    core_.memory_written(sample.at, bytes);
    return outcome;
}

Outcome CoreRunner::run_loaded() {
    core_.set_interrupt(true);
    const u64 limit = core_.cycles() + kMostCycles;
    cpu::Stop stop = cpu::Stop::limit;
    while (stop == cpu::Stop::limit && core_.cycles() < limit) stop = core_.run(limit);
    Outcome outcome;
    for (unsigned n = 0; n < 16; ++n) outcome.registers[n] = core_.reg(n);
    outcome.flags = core_.rflags() & kComparedFlags;
    std::memcpy(outcome.memory.data(), memory_.data() + kData, kDataBytes);
    std::memcpy(outcome.memory.data() + kDataBytes, memory_.data() + kStack, kStackBytes);
    const u64 rip = core_.rip();
    if (stop == cpu::Stop::halt && rip == CORE_EXIT + 1) return outcome;
    const u64 trap = rip - high() - CORE_TRAPS;
    if (stop == cpu::Stop::halt && trap < 32 * CORE_TRAP_BYTES) {
        read_exception(trap / CORE_TRAP_BYTES, outcome);
        return outcome;
    }
    outcome.exception = stop == cpu::Stop::shutdown ? kShutdown : kHang;
    outcome.rip = rip;
    set_up();
    return outcome;
}

bool CoreRunner::bus_read(u64, void*, unsigned) { return false; }
bool CoreRunner::bus_write(u64, const void*, unsigned) { return false; }

int CoreRunner::acknowledge_interrupt() {
    core_.set_interrupt(false);
    return kGo;
}

}  // namespace turnpike::host
