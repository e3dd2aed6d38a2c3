// SPDX-License-Identifier: Apache-2.0
#include "regs/address_map.h"
#include "regs/mailbox.h"
#include "sw/kernel/printk.h"

namespace fw::hal {

constexpr u64 kPanicStatus = 1;  // exit status of the simulation

void panic(const char* reason) {
    irq_disable();
    console_loglevel = 8;
    console_unlocked = true;
    printk(0, "Kernel panic - not syncing: %s\n", reason);
    mmio_write64(regs::map::MAILBOX_BASE + regs::mailbox::EXIT, kPanicStatus);
    for (;;) asm volatile("hlt");
}

}  // namespace fw::hal
