// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Where characters go: a buffer with room for `room` of them, or the UART. All are counted, as C wants it.
struct Sink {
    char* buffer;
    size_t room;
    int count;
};

struct Spec {
    int left, zero, alternate, width, precision, longs;
    char sign;  ///< printed before what is not negative, or 0
};

static void put(struct Sink* sink, char c) {
    if (!sink->buffer)
        putchar(c);
    else if ((size_t)sink->count < sink->room)
        sink->buffer[sink->count] = c;
    ++sink->count;
}

static void pad(struct Sink* sink, char with, int count) {
    while (count-- > 0) put(sink, with);
}

/// `prefix` comes before the zeros that fill the width, `zeros` more before the text.
static void put_text(struct Sink* sink, const char* prefix, int zeros, const char* text, int length,
                     const struct Spec* spec) {
    const int before = (int)strlen(prefix);
    if (zeros < 0) zeros = 0;
    const int fill = spec->width - before - zeros - length;
    if (!spec->left && !spec->zero) pad(sink, ' ', fill);
    for (int n = 0; n < before; ++n) put(sink, prefix[n]);
    if (!spec->left && spec->zero) pad(sink, '0', fill);
    pad(sink, '0', zeros);
    for (int n = 0; n < length; ++n) put(sink, text[n]);
    if (spec->left) pad(sink, ' ', fill);
}

static void put_number(struct Sink* sink, uint64_t value, unsigned base, const char* prefix, int upper,
                       struct Spec* spec) {
    const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[24];
    char* at = text + sizeof text;
    for (; value; value /= base) *--at = digits[value % base];
    const int length = (int)(text + sizeof text - at);
    // A precision takes the place of the zeros that fill; without one there is at least one digit.
    if (spec->precision >= 0) spec->zero = 0;
    put_text(sink, prefix, (spec->precision >= 0 ? spec->precision : 1) - length, at, length, spec);
}

static void put_signed(struct Sink* sink, int64_t value, struct Spec* spec) {
    const char sign[2] = {value < 0 ? '-' : spec->sign, 0};
    put_number(sink, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, sign, 0, spec);
}

static void put_string(struct Sink* sink, const char* text, struct Spec* spec) {
    int length = 0;
    if (!text) text = "(null)";
    while (length != spec->precision && text[length]) ++length;
    spec->zero = 0;
    put_text(sink, "", 0, text, length, spec);
}

static const char* read_number(const char* at, int* value, va_list* values) {
    if (*at == '*') {
        *value = va_arg(*values, int);
        return at + 1;
    }
    for (*value = 0; *at >= '0' && *at <= '9'; ++at) *value = *value * 10 + (*at - '0');
    return at;
}

static const char* read_spec(const char* at, struct Spec* spec, va_list* values) {
    for (;; ++at) {
        if (*at == '-')
            spec->left = 1;
        else if (*at == '0')
            spec->zero = 1;
        else if (*at == '#')
            spec->alternate = 1;
        else if (*at == '+' || (*at == ' ' && !spec->sign))
            spec->sign = *at;
        else if (*at != ' ')
            break;
    }
    at = read_number(at, &spec->width, values);
    if (*at == '.') at = read_number(at + 1, &spec->precision, values);
    for (; *at == 'l' || *at == 'z' || *at == 'h'; ++at) spec->longs += *at == 'h' ? -1 : 1;
    return at;
}

/// What h and hh leave of an int.
static int narrowed(int value, int longs) {
    return longs == 0 ? value : longs == -1 ? (short)value : (signed char)value;
}

static unsigned narrowed_unsigned(unsigned value, int longs) {
    return longs == 0 ? value : value & (longs == -1 ? 0xFFFF : 0xFF);
}

static void put_value(struct Sink* sink, char kind, struct Spec* spec, va_list* values) {
    if (kind == 'd' || kind == 'i') {
        put_signed(sink, spec->longs > 0 ? va_arg(*values, int64_t) : narrowed(va_arg(*values, int), spec->longs),
                   spec);
    } else if (kind == 'u' || kind == 'x' || kind == 'X' || kind == 'o') {
        const uint64_t value =
            spec->longs > 0 ? va_arg(*values, uint64_t) : narrowed_unsigned(va_arg(*values, unsigned), spec->longs);
        const char* prefix = !spec->alternate || !value ? "" : kind == 'x' ? "0x" : kind == 'X' ? "0X" : "";
        put_number(sink, value, kind == 'u' ? 10 : kind == 'o' ? 8 : 16, prefix, kind == 'X', spec);
    } else if (kind == 'p') {
        put_number(sink, va_arg(*values, uintptr_t), 16, "0x", 0, spec);
    } else if (kind == 's') {
        put_string(sink, va_arg(*values, const char*), spec);
    } else if (kind == 'c') {
        const char text = (char)va_arg(*values, int);
        spec->zero = 0;
        put_text(sink, "", 0, &text, 1, spec);
    } else {
        put(sink, kind);
    }
}

static int format_into(struct Sink* sink, const char* format, va_list* values) {
    for (const char* at = format; *at; ++at) {
        if (*at != '%') {
            put(sink, *at);
            continue;
        }
        struct Spec spec = {.precision = -1};
        at = read_spec(at + 1, &spec, values);
        if (!*at) break;
        put_value(sink, *at, &spec, values);
    }
    return sink->count;
}

int vsnprintf(char* buffer, size_t bytes, const char* format, va_list values) {
    char none;
    struct Sink sink = {bytes ? buffer : &none, bytes ? bytes - 1 : 0, 0};
    va_list copy;
    va_copy(copy, values);
    const int count = format_into(&sink, format, &copy);
    va_end(copy);
    if (bytes) buffer[(size_t)count < bytes ? (size_t)count : bytes - 1] = 0;
    return count;
}

int snprintf(char* buffer, size_t bytes, const char* format, ...) {
    va_list values;
    va_start(values, format);
    const int count = vsnprintf(buffer, bytes, format, values);
    va_end(values);
    return count;
}

int vprintf(const char* format, va_list values) {
    struct Sink sink = {0, 0, 0};
    va_list copy;
    va_copy(copy, values);
    const int count = format_into(&sink, format, &copy);
    va_end(copy);
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
