// SPDX-License-Identifier: Apache-2.0
// The machine beneath the firmware's native build, for unit tests: device accesses go to functions that the test sets,
// everything else is a few variables.
#pragma once
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

#include "sw/hal/hal.h"

namespace fw::native {

/// Thrown by hal::panic.
struct Panic : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Machine {
    /// Device reads answer 0 and device writes are dropped where the test sets nothing.
    std::function<u32(u64 address)> read32;
    std::function<void(u64 address, u32 value)> write32;
    std::function<u64(u64 address)> read64;
    std::function<void(u64 address, u64 value)> write64;
    /// Stands for sleeping until an interrupt.
    std::function<void()> wait_for_interrupt;
    u64 tsc = 0;
    /// What was written to model-specific registers.
    std::map<u32, u64> msr;
    bool interrupts_enabled = true;
    /// What printk sent to the UART.
    std::string console;
};

/// The CPU that a thread of the test stands for.
extern thread_local unsigned this_cpu;

/// The one machine of this process.
Machine& machine();

/// Lets simulated time pass: the time-stamp counter goes on, and the timer interrupts of this CPU come when they are
/// due (so that timers run in order, from the softirq). Starts the clock if it does not run yet.
void advance(u64 microseconds);

/// Runs the program as a user task (system calls by sw/user/unistd.h) until it ends or sleeps; then time must pass, or
/// something happen, for it to go on.
void run_program(std::function<void()> program);

/// Puts machine and firmware into the state after boot, before any configuration message: pool filled, loopback device
/// up, softirqs open, protocol handlers registered, counters 0, no timer
/// set.
void boot();

}  // namespace fw::native
