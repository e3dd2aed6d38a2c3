// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>
#include <stdio.h>

static uint64_t time_stamp(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static uint64_t fibonacci(unsigned n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

int main(void) {
    const uint64_t before = time_stamp();
    const uint64_t value = fibonacci(20);
    printf("fibonacci(20) = %lu in %lu cycles\n", value, time_stamp() - before);
    return value == 6765 ? 0 : 1;
}
