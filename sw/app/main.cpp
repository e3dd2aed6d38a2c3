// SPDX-License-Identifier: Apache-2.0
// The firmware from its first C++ instruction to the idle loop (Linux init/main.c).
#include "regs/address_map.h"
#include "regs/mailbox.h"
#include "sw/app/boot.h"
#include "sw/app/config.h"
#include "sw/hal/apic.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/ksoftirqd.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/time.h"

namespace fw {
namespace {

/// Returns at time zero, when the machine starts all time-stamp counters anew.
void ready() {
    const u64 before = hal::tsc();
    hal::mmio_write64(regs::map::MAILBOX_BASE + regs::mailbox::READY, 1);
    while (hal::tsc() >= before) hal::cpu_relax();
}

}  // namespace
}  // namespace fw

extern "C" [[noreturn]] void start_kernel() {
    using namespace fw;
    hal::init_cpu(0);
    lapic_enable();
    kernel_init();
    smp_init();
    spawn_ksoftirqd();
    const u32 tsc_khz = config_until_start();
    if (config_listen() != 0) hal::panic("no interrupt for the mailbox");
    ready();
    clock_start(tsc_khz);
    cpu_idle();
}
