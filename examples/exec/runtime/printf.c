// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct Spec {
    int left, zero, width, longs;
};

static int pad(char with, int count) {
    for (int n = 0; n < count; ++n) putchar(with);
    return count > 0 ? count : 0;
}

static int put_text(const char* text, int length, int negative, const struct Spec* spec) {
    const int fill = spec->width - length - negative;
    int count = length + negative;
    if (!spec->left && !spec->zero) count += pad(' ', fill);
    if (negative) putchar('-');
    if (!spec->left && spec->zero) count += pad('0', fill);
    for (int n = 0; n < length; ++n) putchar(text[n]);
    if (spec->left) count += pad(' ', fill);
    return count;
}

static int put_number(uint64_t value, unsigned base, int negative, int upper, const struct Spec* spec) {
    const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[24];
    char* at = text + sizeof text;
    do {
        *--at = digits[value % base];
        value /= base;
    } while (value);
    return put_text(at, (int)(text + sizeof text - at), negative, spec);
}

static int put_string(const char* text, struct Spec spec) {
    spec.zero = 0;
    return put_text(text, (int)strlen(text), 0, &spec);
}

static const char* read_spec(const char* at, struct Spec* spec) {
    for (;; ++at) {
        if (*at == '-')
            spec->left = 1;
        else if (*at == '0')
            spec->zero = 1;
        else
            break;
    }
    while (*at >= '0' && *at <= '9') spec->width = spec->width * 10 + (*at++ - '0');
    for (; *at == 'l' || *at == 'z' || *at == 'h'; ++at) spec->longs += *at != 'h';
    return at;
}

int vprintf(const char* format, va_list values) {
    int count = 0;
    for (const char* at = format; *at; ++at) {
        if (*at != '%') {
            putchar(*at);
            ++count;
            continue;
        }
        struct Spec spec = {0, 0, 0, 0};
        at = read_spec(at + 1, &spec);
        if (!*at) break;
        if (*at == 'd' || *at == 'i') {
            const int64_t value = spec.longs ? va_arg(values, int64_t) : va_arg(values, int);
            count += put_number(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, value < 0, 0, &spec);
        } else if (*at == 'u' || *at == 'x' || *at == 'X') {
            const uint64_t value = spec.longs ? va_arg(values, uint64_t) : va_arg(values, unsigned);
            count += put_number(value, *at == 'u' ? 10 : 16, 0, *at == 'X', &spec);
        } else if (*at == 'p') {
            count += put_string("0x", (struct Spec){0, 0, 0, 0});
            count += put_number(va_arg(values, uintptr_t), 16, 0, 0, &spec);
        } else if (*at == 's') {
            const char* text = va_arg(values, const char*);
            count += put_string(text ? text : "(null)", spec);
        } else if (*at == 'c') {
            const char text[2] = {(char)va_arg(values, int), 0};
            count += put_text(text, 1, 0, &spec);
        } else {
            putchar(*at);
            ++count;
        }
    }
    return count;
}

int printf(const char* format, ...) {
    va_list values;
    va_start(values, format);
    const int count = vprintf(format, values);
    va_end(values);
    return count;
}

int puts(const char* text) {
    while (*text) putchar(*text++);
    putchar('\n');
    return 1;
}
