// SPDX-License-Identifier: Apache-2.0
// Output goes to the UART.
#pragma once
#include <stdarg.h>
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
int putchar(int c);
int puts(const char* text);
/// %c %s %d %i %u %o %x %X %p %%, with hh, h, l, ll and z, width, precision, '*' and the flags "-0#+ ".
int printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
int vprintf(const char* format, va_list values);
int snprintf(char* buffer, size_t bytes, const char* format, ...) __attribute__((format(printf, 3, 4)));
int vsnprintf(char* buffer, size_t bytes, const char* format, va_list values);
#ifdef __cplusplus
}
#endif
