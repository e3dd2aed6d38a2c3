// SPDX-License-Identifier: Apache-2.0
// Page tables of the program's own: the first 4 GiB mapped to themselves, and at ALIAS a page of data, a hole, and a
// page of code that lie elsewhere in memory.
#include <stdint.h>

#define ALIAS 0x4000000000ULL
#define PAGE __attribute__((aligned(4096)))

enum { kPresent = 1, kWritable = 2, kLarge = 0x80 };

static uint64_t pml4[512] PAGE, pdpt[512] PAGE, directory[512] PAGE, table[512] PAGE;
static volatile uint8_t data[4096] PAGE;

__attribute__((noinline, section(".text.triple"))) PAGE static int triple(int x) { return 3 * x; }

static void map(void) {
    for (uint64_t gib = 0; gib < 4; ++gib) pdpt[gib] = gib << 30 | kLarge | kWritable | kPresent;
    pml4[0] = (uintptr_t)pdpt | kWritable | kPresent;
    pdpt[ALIAS >> 30] = (uintptr_t)directory | kWritable | kPresent;
    directory[0] = (uintptr_t)table | kWritable | kPresent;
    table[0] = (uintptr_t)data | kWritable | kPresent;
    table[2] = ((uintptr_t)triple & ~0xFFFULL) | kPresent;
    __asm__ volatile("mov %0, %%cr3" ::"r"(pml4) : "memory");
}

__attribute__((noinline)) static void mapped(void) { __asm__ volatile(""); }

int main(void) {
    data[0] = 0x11;
    map();
    mapped();
    int (*const other)(int) = (int (*)(int))(ALIAS + 0x2000 + ((uintptr_t)triple & 0xFFF));
    const int value = other(4);
    data[5] = 0x22;
    return value;
}
