// SPDX-License-Identifier: Apache-2.0
// Jumps into data: UD2 (0F 0B), and no interrupt table to catch it.
#include <stdint.h>
#include <stdio.h>

static volatile const uint8_t data[] = {0x90, 0x0F, 0x0B};

__attribute__((noinline)) void jump_into_data(void) {
    ((void (*)(void))(uintptr_t)data)();
    __asm__ volatile("");
}

int main(void) {
    puts("about to jump");
    jump_into_data();
    __asm__ volatile("");
    return 0;
}
