// SPDX-License-Identifier: Apache-2.0
// A firmware without a network: four cores add to one counter under a lock, and core 0 ends the run.
#include <stdint.h>

#define WINDOW(name, base, bytes, text) static const uint64_t name##_BASE __attribute__((unused)) = base;
#define CONSTANT(name, value, text)
#include "regs/address_map.def"

enum { kCores = 4, kRounds = 50, kApart = 8 };
enum { kReady = 0x28, kExit = 0x30, kCommand = 0x300 };  // regs/mailbox.def, regs/lapic.def

static volatile uint32_t lock, finished;
static volatile uint64_t counter;
static volatile uint64_t tries[kCores * kApart];

static void device(uint64_t address, uint32_t value) { *(volatile uint32_t*)address = value; }

// The label `try_lock` is the locked instruction itself.
__attribute__((noinline)) static void take(unsigned core) {
    for (uint32_t held = 1; held != 0;) {
        ++tries[core * kApart];
        __asm__ volatile(".globl try_lock\ntry_lock: xchgl %0, %1" : "+r"(held), "+m"(lock)::"memory");
    }
}

__attribute__((noinline)) static void work(unsigned core) {
    take(core);
    ++counter;
    lock = 0;
    for (volatile unsigned n = 0; n < 20 + 7 * core; ++n) __asm__ volatile("pause");
}

__attribute__((noinline)) static void finish(uint64_t all_tries) {
    __asm__ volatile("" ::"r"(all_tries));
    *(volatile uint64_t*)(MAILBOX_BASE + kExit) = counter == kCores * kRounds ? 0 : 1;
}

void core_main(unsigned core) {
    if (core == 0) {
        device(LAPIC_BASE + kCommand, 0xC4500);  // INIT, all others
        device(LAPIC_BASE + kCommand, 0xC4610);  // start-up at page 0x10, all others
        *(volatile uint64_t*)(MAILBOX_BASE + kReady) = 1;
    }
    for (unsigned n = 0; n < kRounds; ++n) work(core);
    __asm__ volatile("lock incl %0" : "+m"(finished));
    while (core == 0 && finished != kCores) __asm__ volatile("pause");
    uint64_t all = 0;
    for (unsigned n = 0; n < kCores; ++n) all += tries[n * kApart];
    if (core == 0) finish(all);
    for (;;) __asm__ volatile("cli; hlt");
}
