// SPDX-License-Identifier: Apache-2.0
// What each core has of its own, and how the others are started.
#include "regs/address_map.h"
#include "regs/counters.h"
#include "regs/mailbox.h"
#include "sw/hal/apic.h"
#include "sw/hal/x86/cpu_area.h"
#include "sw/hal/x86/traps.h"

namespace fw::hal {
namespace {

constexpr u32 kGsBase = 0xC0000101;  // Intel SDM volume 4, IA32_GS_BASE

/// A page below 1 MiB, where a start-up message can point to (Intel SDM volume 3, 8.4.3); the image lies above.
constexpr unsigned kTrampolinePage = 8;
constexpr unsigned kPageBits = 12;

constinit CpuArea areas[regs::kMaxCpus] = {};

}  // namespace

extern "C" const u8 trampoline[];
extern "C" const u8 trampoline_end[];

CpuArea& cpu_area() { return areas[cpu_id()]; }

unsigned machine_cpus() { return static_cast<unsigned>(mmio_read64(regs::map::MAILBOX_BASE + regs::mailbox::CORES)); }

void init_cpu(unsigned cpu) {
    areas[cpu].id = cpu;
    trap_init(cpu);
    write_msr(kGsBase, reinterpret_cast<u64>(&areas[cpu]));
}

void start_other_cpus() {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the place is given by its address.
    auto* page = reinterpret_cast<u8*>(u64{kTrampolinePage} << kPageBits);
    __builtin_memcpy(page, trampoline, static_cast<std::size_t>(trampoline_end - trampoline));
    lapic_start_others(kTrampolinePage);
}

}  // namespace fw::hal
