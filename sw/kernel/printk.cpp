// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/printk.h"

#include <cstdarg>

#include "regs/address_map.h"
#include "regs/uart.h"
#include "sw/kernel/error.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/time.h"

namespace fw {

constinit int console_loglevel = 4, default_message_loglevel = 4, minimum_console_loglevel = 1,
              default_console_loglevel = 7;
constinit bool console_unlocked = false;

namespace {

constexpr u64 kMicroseconds = 1'000'000;
constexpr int kNotSaved = -1;
constinit int saved_console_loglevel = kNotSaved;
constinit spinlock console_lock = {LockClass::console};

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

/// A conversion: what stands behind a '%'.
struct Conversion {
    char kind;  ///< '4' for %pI4, 0 for one that is not ours
    bool wide;
    unsigned length;
    bool takes_pointer() const { return kind == 's' || kind == 'p' || kind == '4'; }
    bool takes_number() const { return kind == 'd' || kind == 'u' || kind == 'x' || kind == 'c'; }
};

Conversion parse(const char* at) {
    const bool wide = *at == 'l';
    switch (at[wide]) {
        case 'd':
        case 'u':
        case 'x':
            return {at[wide], wide, 1U + wide};
        case 'c':
        case 's':
        case '%':
            return wide ? Conversion{} : Conversion{*at, false, 1};
        case 'p':
            if (wide) return {};
            return at[1] == 'I' && at[2] == '4' ? Conversion{'4', false, 3} : Conversion{'p', false, 1};
        default:
            return {};
    }
}

void put_pointer(Conversion conversion, const void* pointer) {
    if (conversion.kind == 's') return put(static_cast<const char*>(pointer));
    if (conversion.kind == '4') return put_ip4(*static_cast<const u32*>(pointer));
    put_number(reinterpret_cast<u64>(pointer), 16, 16);
}

void put_value(Conversion conversion, u64 value) {
    if (conversion.kind == 'c') return put(static_cast<char>(value));
    if (conversion.kind == 'd') return put_signed(conversion.wide ? static_cast<i64>(value) : static_cast<int>(value));
    put_number(value, conversion.kind == 'x' ? 16 : 10);
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

void console_write(const char* text, u64 bytes) {
    const u64 flags = spin_lock_irqsave(console_lock);
    for (u64 n = 0; n < bytes; ++n) put(text[n]);
    spin_unlock_irqrestore(console_lock, flags);
}

void printk_set_sysctl(SysctlId id, i64 value) {
    int* const levels[] = {&console_loglevel, &default_message_loglevel, &minimum_console_loglevel,
                           &default_console_loglevel};
    for (unsigned n = 0; n < sizeof levels / sizeof *levels; ++n) {
        if (id == kPrintkSysctls[n]) *levels[n] = static_cast<int>(value);
    }
}

// Linux kernel/printk/printk.c, do_syslog.
void console_off() {
    if (saved_console_loglevel == kNotSaved) saved_console_loglevel = console_loglevel;
    console_loglevel = minimum_console_loglevel;
}

void console_on() {
    if (saved_console_loglevel == kNotSaved) return;
    console_loglevel = saved_console_loglevel;
    saved_console_loglevel = kNotSaved;
}

int console_set_level(int level) {
    if (level < 1 || level > 8) return -err::inval;
    console_loglevel = level < minimum_console_loglevel ? minimum_console_loglevel : level;
    saved_console_loglevel = kNotSaved;
    return 0;
}

void printk(int level, const char* format, ...) {
    if (level == KERN_DEFAULT) level = default_message_loglevel;
    if (level >= console_loglevel) return;
    const bool locked = !console_unlocked;
    const u64 flags = locked ? spin_lock_irqsave(console_lock) : 0;
    va_list args;
    va_start(args, format);
    put_time();
    // NOLINTBEGIN(clang-analyzer-valist.Uninitialized): clang 14 loses sight of va_start over the calls in the loop.
    for (; *format; ++format) {
        const Conversion conversion = *format == '%' ? parse(format + 1) : Conversion{};
        if (conversion.takes_pointer()) {
            put_pointer(conversion, va_arg(args, const void*));
        } else if (conversion.takes_number()) {
            put_value(conversion, conversion.wide ? va_arg(args, unsigned long) : va_arg(args, unsigned));
        } else {
            put(*format);
        }
        format += conversion.length;
    }
    // NOLINTEND(clang-analyzer-valist.Uninitialized)
    va_end(args);
    if (locked) spin_unlock_irqrestore(console_lock, flags);
}

}  // namespace fw
