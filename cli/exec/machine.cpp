// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/machine.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "regs/address_map.h"
#include "regs/mailbox.h"
#include "regs/uart.h"

namespace turnpike::exec {
namespace {

namespace map = regs::map;

/// More instructions than any core finishes in a cycle; keeps a run from going far beyond its allowance.
constexpr std::uint64_t kMostPerCycle = 16;
/// A run is looked at this often; it changes no result.
constexpr std::uint64_t kSlice = 50'000'000;

/// Where emulators of PCs have their debug exit.
constexpr std::uint16_t kExitPort = 0xF4;

/// Cycles in which `ns` have surely passed.
std::uint64_t cycles_of(const regs::MachineParams& params, std::uint64_t ns) {
    return (ns * params.cpu.freq_mhz + 999) / 1000;
}

}  // namespace

Machine::Machine(const regs::MachineParams& params, const regs::CpuProfile& profile, const ElfImage& image,
                 std::function<void(char)> output)
    : memory_bytes_(params.dram.size_mib << 20),
      read_cycles_(cycles_of(params, 2 * (params.fabric.core_latency_ns + params.fabric.device_latency_ns))),
      // From the system in zeroed pages that cost nothing until they are touched.
      memory_(static_cast<std::uint8_t*>(std::calloc(memory_bytes_, 1))),
      output_(std::move(output)) {
    if (!memory_) throw std::bad_alloc();
    for (const ElfSegment& segment : image.segments())
        std::copy(segment.bytes.begin(), segment.bytes.end(), memory_.get() + segment.address);
    core_ = std::make_unique<cpu::Core>(0, profile, cycles_of(params, params.dram.latency_ns), memory(), *this);
    core_->start(image.entry(), memory_bytes_);
}

End Machine::run(std::uint64_t max_instructions) {
    while (!exit_status_) {
        const std::uint64_t done = core_->stats().instructions;
        if (done >= max_instructions) return End::instructions;
        const std::uint64_t left = (max_instructions - done - 1) / kMostPerCycle + 1;
        const cpu::Stop stop = core_->run(core_->cycles() + std::min(left, kSlice));
        if (stop == cpu::Stop::shutdown) return End::shut_down;
        if (stop == cpu::Stop::halt && !exit_status_) return End::halted;
    }
    return End::exited;
}

bool Machine::bus_read(std::uint64_t address, void* data, unsigned bytes) {
    core_->stall_until(core_->cycles() + read_cycles_);
    std::memset(data, 0, bytes);
    if (address == map::UART_BASE + regs::uart::LSR) {
        const std::uint64_t empty = regs::uart::LSR_THRE.of(1) | regs::uart::LSR_TEMT.of(1);
        std::memcpy(data, &empty, bytes);
        return true;
    }
    return address - map::UART_BASE < map::UART_BYTES || address - map::MAILBOX_BASE < map::MAILBOX_BYTES;
}

bool Machine::bus_write(std::uint64_t address, const void* data, unsigned bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, data, bytes);
    if (address == map::UART_BASE + regs::uart::THR) output_(static_cast<char>(value));
    if (address == map::MAILBOX_BASE + regs::mailbox::EXIT && !exit_status_) exit_status_ = value & 0xFF;
    return address - map::UART_BASE < map::UART_BYTES || address - map::MAILBOX_BASE < map::MAILBOX_BYTES;
}

void Machine::port_write(std::uint16_t port, const void* data, unsigned bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, data, bytes);
    if (port == kExitPort && !exit_status_) exit_status_ = value & 0xFF;
}

}  // namespace turnpike::exec
