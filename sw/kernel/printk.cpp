// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/printk.h"

#include <cstdarg>

#include "regs/address_map.h"
#include "regs/uart.h"
#include "sw/kernel/time.h"

namespace fw {

constinit int console_loglevel = 4;

namespace {

constexpr u64 kMicroseconds = 1'000'000;

void put(char c) {
    const u64 uart = regs::map::UART_BASE;
    while (!regs::uart::LSR_THRE.test(hal::mmio_read32(uart + regs::uart::LSR))) {
    }
    hal::mmio_write32(uart + regs::uart::THR, static_cast<u8>(c));
}

void put(const char* text) {
    if (!text) text = "(null)";
    while (*text) put(*text++);
}

void put_number(u64 value, unsigned base, unsigned width = 1, char pad = '0') {
    char digits[20];
    unsigned n = 0;
    do {
        digits[n++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    for (unsigned i = n; i < width; ++i) put(pad);
    while (n) put(digits[--n]);
}

void put_signed(i64 value) {
    if (value < 0) put('-');
    put_number(value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value), 10);
}

void put_ip4(u32 address) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        put_number(address >> shift & 0xFF, 10);
        if (shift) put('.');
    }
}

/// Prints the conversion that follows a '%'; the answer is the last character it took.
const char* put_conversion(const char* format, va_list* args) {
    const bool wide = *format == 'l';
    if (wide) ++format;
    switch (*format) {
        case 'd':
            put_signed(wide ? va_arg(*args, long) : va_arg(*args, int));
            break;
        case 'u':
            put_number(wide ? va_arg(*args, unsigned long) : va_arg(*args, unsigned), 10);
            break;
        case 'x':
            put_number(wide ? va_arg(*args, unsigned long) : va_arg(*args, unsigned), 16);
            break;
        case 's':
            put(va_arg(*args, const char*));
            break;
        case 'c':
            put(static_cast<char>(va_arg(*args, int)));
            break;
        case 'p': {
            const void* pointer = va_arg(*args, const void*);
            if (format[1] == 'I' && format[2] == '4') {
                put_ip4(*static_cast<const u32*>(pointer));
                return format + 2;
            }
            put_number(reinterpret_cast<u64>(pointer), 16, 16);
            break;
        }
        case '%':
            put('%');
            break;
        default:  // not one of ours: shown as it stands
            put('%');
            return format - 1 - wide;
    }
    return format;
}

void put_time() {
    const u64 now = uptime_us();
    put('[');
    put_number(now / kMicroseconds, 10, 5, ' ');
    put('.');
    put_number(now % kMicroseconds, 10, 6);
    put("] ");
}

}  // namespace

void printk(int level, const char* format, ...) {
    if (level >= console_loglevel) return;
    va_list args;
    va_start(args, format);
    put_time();
    for (; *format; ++format) {
        if (*format == '%') {
            format = put_conversion(format + 1, &args);
        } else {
            put(*format);
        }
    }
    va_end(args);
}

}  // namespace fw
