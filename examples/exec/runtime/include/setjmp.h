// SPDX-License-Identifier: Apache-2.0
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
/// As large as that of Linux's C library, so that an object file can be linked with either.
typedef unsigned long jmp_buf[25];
int setjmp(jmp_buf place) __attribute__((returns_twice));
void longjmp(jmp_buf place, int value) __attribute__((noreturn));
#ifdef __cplusplus
}
#endif
