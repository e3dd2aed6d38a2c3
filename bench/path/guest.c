// SPDX-License-Identifier: Apache-2.0
// The packet path on the modelled core: PATH_RUNS runs to warm up, then as many timed ones. Prints for each batch
// cycles, packets so far and the digest of the last run.
#include <stdint.h>
#include <stdio.h>

#include "bench/path/path.h"

static uint64_t now(void) {
    uint32_t low, high;
    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

/// MSR C0000101H: the GS base (Intel SDM volume 4, table 2-2).
static void set_gs_base(const void* base) {
    const uint64_t value = (uint64_t)base;
    __asm__ volatile("wrmsr" : : "c"(0xC0000101), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

/// Cycles of the timed runs.
static uint64_t time_batch(unsigned packets) {
    uint64_t cycles = 0;
    for (unsigned run = 0; run < 2 * PATH_RUNS; ++run) {
        path_prepare(packets);
        const uint64_t begin = now();
        path_run();
        const uint64_t end = now();
        if (run >= PATH_RUNS) cycles += end - begin;
    }
    return cycles;
}

int main(void) {
    set_gs_base(&path_cpu_number);
    const int step = path_init();
    if (step != 0) {
        printf("configuration fails at step %d\n", step);
        return 1;
    }
    static const unsigned batches[] = PATH_BATCHES;
    for (unsigned n = 0; n < sizeof batches / sizeof batches[0]; ++n) {
        const uint64_t cycles = time_batch(batches[n]);
        printf("%lu %lu %016lx\n", cycles, path_forwarded(), path_digest());
    }
    return 0;
}
