// SPDX-License-Identifier: Apache-2.0
// The firmware with timers and programs that a test looks at on the console. They are set in motion at boot, before
// there is a clock. The test says which programs run by net.ipv4.route.error_burst, a bit for each of the table.
#include "sw/kernel/printk.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/timer.h"
#include "tests/run/task_programs.h"

extern "C" void __real__ZN2fw11kernel_initEv();

namespace fw::test {
namespace {

struct Told : timer_list {
    u64 at;
    const char* name;
};
constinit Told told[] = {{{}, 40 * kSec, "late"},
                         {{}, 2 * kMsec, "first of two"},
                         {{}, 2 * kMsec, "second of two"},
                         {{}, 1500, "early"},
                         {{}, 17 * kSec + 1, "in between"}};
constinit timer_list programs = {};

void tell(timer_list* timer) { printk(3, "timer: %s\n", static_cast<Told*>(timer)->name); }

void start_programs(timer_list*) {
    const auto wanted = static_cast<u64>(sysctl(SysctlId::route_error_burst));
    unsigned started = 0;
    for (u64 n = 0; n < kProgramCount; ++n) {
        if (!(wanted >> n & 1)) continue;
        // Two of each that compete.
        const u64 copies = n == kWorker ? 2 : 1;
        for (u64 copy = 0; copy < copies; ++copy) {
            wake_up_process(
                user_task_create(kPrograms[n].entry, &n, sizeof n, kPrograms[n].name, started % cpus_online));
        }
        ++started;
    }
}

}  // namespace
}  // namespace fw::test

extern "C" void __wrap__ZN2fw11kernel_initEv() {
    using namespace fw;
    using namespace fw::test;
    __real__ZN2fw11kernel_initEv();
    for (Told& timer : told) {
        timer_setup(&timer, tell);
        mod_timer(&timer, timer.at);
    }
    timer_setup(&programs, start_programs);
    mod_timer(&programs, kMsec);
}
