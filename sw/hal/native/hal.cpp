// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "regs/address_map.h"
#include "regs/uart.h"
#include "sw/hal/native/test_machine.h"

namespace fw {

namespace native {

thread_local unsigned this_cpu = 0;

Machine& machine() {
    static Machine the_machine;
    return the_machine;
}

namespace {
constexpr u64 kUartThr = regs::map::UART_BASE + regs::uart::THR;
constexpr u64 kUartLsr = regs::map::UART_BASE + regs::uart::LSR;
}  // namespace

}  // namespace native

namespace hal {

using native::machine;

u32 mmio_read32(u64 address) {
    if (address == native::kUartLsr) return static_cast<u32>(regs::uart::LSR_THRE.of(1));
    return machine().read32 ? machine().read32(address) : 0;
}

void mmio_write32(u64 address, u32 value) {
    if (address == native::kUartThr) {
        machine().console.push_back(static_cast<char>(value));
    } else if (machine().write32) {
        machine().write32(address, value);
    }
}

u64 mmio_read64(u64 address) { return machine().read64 ? machine().read64(address) : 0; }

void mmio_write64(u64 address, u64 value) {
    if (machine().write64) machine().write64(address, value);
}

// Threads of a test may each stand for a CPU: then the flag means nothing, but must not be a race either.
namespace {
std::atomic_ref<bool> interrupts_enabled() { return std::atomic_ref<bool>(machine().interrupts_enabled); }
}  // namespace

u64 irq_save() { return interrupts_enabled().exchange(false); }
void irq_restore(u64 flags) {
    if (flags) interrupts_enabled() = true;
}
void irq_enable() { interrupts_enabled() = true; }
void irq_disable() { interrupts_enabled() = false; }

void wait_for_interrupt() {
    machine().interrupts_enabled = true;
    if (machine().wait_for_interrupt) machine().wait_for_interrupt();
}

void write_msr(u32 number, u64 value) { machine().msr[number] = value; }
u64 tsc() { return machine().tsc; }
unsigned cpu_id() { return native::this_cpu; }
unsigned machine_cpus() { return 1; }
void start_other_cpus() {}
void init_cpu(unsigned) {}
void cpu_relax() { std::this_thread::yield(); }
void write_barrier() {}
void panic(const char* reason) { throw native::Panic(reason); }

}  // namespace hal
}  // namespace fw
