// SPDX-License-Identifier: Apache-2.0
// Lua on a machine without floating point, read before each of its files. The script holds integers only: the other
// kind of number, which this makes a whole one too, is compiled and linked and never met.
#pragma once
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define double long
#define float int

/// Text that is no integer is no number.
static inline long whole_strtod(const char* text, char** end) {
    *end = (char*)text;
    return 0;
}
#define strtod whole_strtod
#define luai_numdiv(L, a, b) ((b) ? (a) / (b) : 0)
#define l_signalT int

// The order of keys in tables is the same in every run.
#define luai_makeseed(L) 0x5EEDu
#define l_randomizePivot() 0x5EEDu
#define lua_getlocaledecpoint() '.'

#define lua_writestring(text, bytes) printf("%.*s", (int)(bytes), (text))
#define lua_writeline() putchar('\n')
#define lua_writestringerror(format, value) printf(format, value)

// There are no files: none can be opened.
typedef struct NoFile FILE;
#define EOF (-1)
#define BUFSIZ 512
#define stdin ((FILE*)0)
#define fopen(name, mode) ((void)(mode), (FILE*)0)
#define freopen(name, mode, file) ((void)(file), (FILE*)0)
#define fclose(file) ((void)(file))
#define ferror(file) ((void)(file), 1)
#define feof(file) ((void)(file), 1)
#define getc(file) ((void)(file), EOF)
#define fread(to, bytes, count, file) ((void)(file), (size_t)0)
#define strerror(number) ((void)(number), "no such file")
