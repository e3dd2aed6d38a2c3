// SPDX-License-Identifier: Apache-2.0
// What the machine around the core gives a program: the UART and the exit port (docs/exec.md).
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define WINDOW(name, base, bytes, text) static const uint64_t name##_BASE __attribute__((unused)) = base;
#define CONSTANT(name, value, text)
#include "regs/address_map.def"
#define FIELD(reg, name, lsb, width)
#define REG_ARRAY(name, offset, stride, count, reset, access, write_mask, text)
#define REG(name, offset, reset, access, write_mask, text) UART_##name = offset,
enum {
#include "regs/uart.def"
};
#undef REG
#define REG(name, offset, reset, access, write_mask, text) MAILBOX_##name = offset,
enum {
#include "regs/mailbox.def"
};

int* __errno_location(void) {
    static int number;
    return &number;
}

int putchar(int c) {
    *(volatile uint32_t*)(UART_BASE + UART_THR) = (unsigned char)c;
    return (unsigned char)c;
}

void exit(int status) {
    *(volatile uint64_t*)(MAILBOX_BASE + MAILBOX_EXIT) = (unsigned char)status;
    for (;;) __asm__ volatile("hlt");
}

void abort(void) {
    puts("abort");
    exit(134);
}

void assert_failed(const char* condition, const char* file, int line) __attribute__((noreturn));
void assert_failed(const char* condition, const char* file, int line) {
    printf("%s:%d: assertion failed: %s\n", file, line, condition);
    abort();
}
