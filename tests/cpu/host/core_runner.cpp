// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/core_runner.h"

#include <cstring>
#include <stdexcept>

#include "tests/cpu/host/core_layout.h"

extern "C" {
extern const unsigned char turnpike_core_entry[];
extern const unsigned char turnpike_core_entry_end[];
}

namespace turnpike::host {
namespace {

constexpr int kGo = 0x40;               ///< vector of the interrupt that starts a sample
constexpr u64 kMostCycles = 1'000'000;  ///< a sample that runs longer hangs
constexpr u64 kHang = 0xFE;             ///< in place of an exception's vector
constexpr u64 kShutdown = 0xFD;
constexpr u64 kHltInWindow = kData + kDataBytes - 1;  ///< the data's last byte is a HLT on every processor

bool pushes_error_code(u64 vector) { return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17; }

}  // namespace

CoreRunner::CoreRunner(const std::vector<u8>& pool, bool functional, bool slow_stores)
    : pool_(pool),
      exit_(slow_stores ? kHltInWindow : CORE_EXIT),
      memory_(CORE_MEMORY_BYTES),
      core_(0, {}, 210, {memory_.data(), memory_.size()}, *this) {
    core_.set_functional(functional);
    set_up();
}

template <class T>
void CoreRunner::put(u64 address, T value) {
    std::memcpy(memory_.data() + address, &value, sizeof value);
}

template <class T>
T CoreRunner::at(u64 address) const {
    T value;
    std::memcpy(&value, memory_.data() + address, sizeof value);
    return value;
}

/// A trap gate: IF stays, so that the next interrupt can wake the core.
void CoreRunner::gate(unsigned number, u64 target, unsigned ist) {
    put<u64>(CORE_IDT + 16 * number, (target & 0xFFFF) | (u64{8} << 16) | (u64{ist} << 32) | (u64{0x8F} << 40) |
                                         (((target >> 16) & 0xFFFF) << 48));
    put<u64>(CORE_IDT + 16 * number + 8, target >> 32);
}

void CoreRunner::set_up() {
    put<u16>(CORE_GDTR, 0x2F);
    put<u64>(CORE_GDTR + 2, CORE_GDT);
    put<u16>(CORE_IDTR, 0xFFF);
    put<u64>(CORE_IDTR + 2, CORE_IDT);
    put<u64>(CORE_GDT + 0x08, 0x00AF9A000000FFFF);  // 64-bit code
    put<u64>(CORE_GDT + 0x10, 0x00CF92000000FFFF);  // data
    put<u64>(CORE_GDT + 0x18, 0x0000890000000067 | (u64{CORE_TSS} << 16));
    put<u64>(CORE_TSS + 0x24, CORE_INTERRUPT_STACK);
    put<u64>(CORE_TSS + 0x2C, CORE_EXCEPTION_STACK);
    for (unsigned n = 0; n < 32; ++n) gate(n, CORE_TRAPS + 16 * n, 2);
    gate(kGo, CORE_START, 1);
    put<u64>(kControl + HOST_EXIT, exit_);
    put<u64>(kControl + HOST_FS_BASE, kFsBase);
    put<u64>(kControl + HOST_GS_BASE, kGsBase);
    put<u8>(kHltInWindow, 0xF4);
    std::memcpy(memory_.data() + CORE_ENTRY, turnpike_core_entry,
                static_cast<std::size_t>(turnpike_core_entry_end - turnpike_core_entry));
    core_.start(CORE_ENTRY, kStackTop);
    if (core_.run(core_.cycles() + kMostCycles) != cpu::Stop::halt) {
        throw std::logic_error("the modelled core does not get through its set-up: " + core_.diagnosis());
    }
}

void CoreRunner::load(const Sample& sample) {
    const u8* const pool = pool_.data() + sample.memory_offset;
    std::memcpy(memory_.data() + kData, pool, kDataBytes - 1);
    std::memcpy(memory_.data() + kStack, pool + kDataBytes, kStackBytes);
    std::memcpy(memory_.data() + sample.at, sample.code.data(), sample.code.size());
    const u8 jump[7] = {0xFF,
                        0x24,
                        0x25,
                        (HOST_CONTROL + HOST_EXIT) & 0xFF,
                        ((HOST_CONTROL + HOST_EXIT) >> 8) & 0xFF,
                        HOST_CONTROL >> 16,
                        0};
    std::memcpy(memory_.data() + sample.at + sample.code.size(), jump, sizeof jump);
    core_.memory_written(sample.at, sample.code.size() + sizeof jump);
    std::memcpy(memory_.data() + kControl + HOST_IN_REGISTERS, sample.registers.data(), 128);
    put<u64>(kControl + HOST_IN_FLAGS, sample.flags);
    put<u64>(kControl + HOST_ENTRY, sample.at);
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
}

Outcome CoreRunner::run(const Sample& sample) {
    load(sample);
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
    if (stop == cpu::Stop::halt && rip == exit_ + 1) return outcome;
    if (stop == cpu::Stop::halt && rip > CORE_TRAPS && rip < CORE_TRAPS + 32 * 16) {
        read_exception((rip - CORE_TRAPS) / 16, outcome);
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
