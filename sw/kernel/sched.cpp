// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/interrupt.h"

namespace fw {

void schedule() {
    if (softirq_pending()) do_softirq();
}

STAGE void cpu_idle() {
    for (;;) {
        schedule();
        // Looked at with interrupts off: one that came in between could mark a softirq and leave us asleep with it.
        hal::irq_disable();
        if (softirq_pending()) {
            hal::irq_enable();
        } else {
            hal::wait_for_interrupt();
        }
    }
}

}  // namespace fw
