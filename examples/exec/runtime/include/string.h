// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
void* memcpy(void* to, const void* from, size_t bytes);
void* memmove(void* to, const void* from, size_t bytes);
void* memset(void* to, int value, size_t bytes);
int memcmp(const void* a, const void* b, size_t bytes);
void* memchr(const void* in, int value, size_t bytes);
size_t strlen(const char* text);
int strcmp(const char* a, const char* b);
int strncmp(const char* a, const char* b, size_t most);
char* strcpy(char* to, const char* from);
char* strchr(const char* text, int value);
char* strrchr(const char* text, int value);
char* strstr(const char* text, const char* part);
size_t strspn(const char* text, const char* of);
size_t strcspn(const char* text, const char* none_of);
char* strpbrk(const char* text, const char* any_of);
int strcoll(const char* a, const char* b);
#ifdef __cplusplus
}
#endif
