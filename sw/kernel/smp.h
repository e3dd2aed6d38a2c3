// SPDX-License-Identifier: Apache-2.0
// Several CPUs: starting them, waking them, stopping them (Linux kernel/smp.c, arch/x86/kernel/smpboot.c,
// kernel/stop_machine.c).
#pragma once
#include "sw/kernel/interrupt.h"

namespace fw {

/// CPUs that run; their numbers count from 0. Changes only while the first one is alone.
extern u32 cpus_online;
inline bool smp_running() { return cpus_online > 1; }

/// On the first CPU, before configuration: starts all others and waits until each is in its idle loop's hands.
void smp_init();
/// Marks a softirq for another CPU and wakes it.
void raise_softirq_on(unsigned cpu, Softirq nr);
/// What other CPUs have marked for this one becomes its own; interrupts must be off.
void take_remote_softirqs();

/// Runs `change` while all other CPUs stand still between two packets with interrupts off: what the packet path only
/// reads can so be changed without a lock in the path. From a softirq, of one CPU at a time.
void stop_machine(void (*change)());

/// Where another CPU begins in C++ (sw/hal/x86/start.S).
extern "C" [[noreturn]] void start_secondary(unsigned cpu);

}  // namespace fw
