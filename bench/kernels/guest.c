// SPDX-License-Identifier: Apache-2.0
// Runs on the modelled core: each kernel of tests/data/kernels as the native runner takes it, two runs to warm up and
// the third one timed. Two lines for each: "timing NAME" before the timed run, behind it name, operations, cycles,
// digest. The host may set `chosen_kernels` before the start: a bit for each kernel.
#include <stdint.h>
#include <stdio.h>

extern const char* const kern_names[];
void kern_init(int id);
uint64_t kern_run(int id, uint64_t n), kern_ops(int id);

volatile uint64_t chosen_kernels = ~UINT64_C(0);

static uint64_t now(void) {
    uint32_t low, high;
    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

int main(void) {
    for (int id = 0; kern_names[id]; ++id) {
        if ((chosen_kernels >> id & 1) == 0) continue;
        const uint64_t n = kern_ops(id);
        kern_init(id);
        kern_run(id, n);
        kern_run(id, n);
        printf("timing %s\n", kern_names[id]);
        const uint64_t begin = now();
        const uint64_t digest = kern_run(id, n);
        const uint64_t end = now();
        printf("%s %lu %lu %016lx\n", kern_names[id], n, end - begin, digest);
    }
    return 0;
}
