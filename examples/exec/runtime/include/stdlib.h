// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
/// The heap begins behind the program and ends at 96 MiB; freed blocks are used again for requests of the same size.
void* malloc(size_t bytes);
void* calloc(size_t count, size_t bytes);
void* realloc(void* block, size_t bytes);
void free(void* block);
void exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));
int abs(int value);
/// From 0 to 2^31 - 1, always the same row.
int rand(void);
void qsort(void* base, size_t count, size_t bytes, int (*compare)(const void*, const void*));
#ifdef __cplusplus
}
#endif
