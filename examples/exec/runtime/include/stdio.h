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
/// %c %s %d %i %u %x %X %p %%, with h, l, ll and z, width, '0' and '-'.
int printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
int vprintf(const char* format, va_list values);
#ifdef __cplusplus
}
#endif
