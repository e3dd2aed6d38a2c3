// SPDX-License-Identifier: Apache-2.0
// Runs on the modelled core: both sums of bytes in the first-level cache, of each length RUNS times. Prints length,
// start, cycles by words, cycles by carry chains, both of all runs.
#include <stdint.h>
#include <stdio.h>

enum { RUNS = 64 };

uint16_t sum_by_carry_chains(const uint8_t* at, uint32_t bytes);
uint16_t sum_by_words(const uint8_t* at, uint32_t bytes);

static uint8_t data[9216];

static uint64_t now(void) {
    uint32_t low, high;
    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

static uint64_t time_sum(uint16_t (*sum)(const uint8_t*, uint32_t), const uint8_t* at, uint32_t bytes) {
    for (unsigned run = 0; run < RUNS; ++run) sum(at, bytes);
    const uint64_t begin = now();
    for (unsigned run = 0; run < RUNS; ++run) sum(at, bytes);
    return (now() - begin) / RUNS;
}

int main(void) {
    static const uint32_t lengths[] = {20, 40, 60, 64, 128, 256, 576, 1024, 1480, 1500, 4096, 9000};
    for (unsigned n = 0; n < sizeof data; ++n) data[n] = (uint8_t)(n * 151 + (n >> 3));
    for (unsigned start = 0; start < 2; ++start) {
        for (unsigned n = 0; n < sizeof lengths / sizeof lengths[0]; ++n) {
            const uint8_t* at = data + start;
            if (sum_by_words(at, lengths[n]) != sum_by_carry_chains(at, lengths[n])) return 1;
            printf("%u %u %lu %lu\n", lengths[n], start, time_sum(sum_by_words, at, lengths[n]),
                   time_sum(sum_by_carry_chains, at, lengths[n]));
        }
    }
    return 0;
}
