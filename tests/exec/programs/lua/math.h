// SPDX-License-Identifier: Apache-2.0
// What Lua asks of its other kind of number (lua_integers.h), on whole numbers; constant folding may ask, no script
// does.
#pragma once
#include <limits.h>

#define HUGE_VAL LONG_MAX

static inline long whole_floor(long value) { return value; }
static inline long whole_fmod(long value, long by) { return by == 0 || by == -1 ? 0 : value % by; }
static inline long whole_ldexp(long value, int exponent) {
    return exponent < 0 ? value >> -exponent : value << exponent;
}
static inline long whole_frexp(long value, int* exponent) {
    *exponent = 0;
    return value;
}
static inline long whole_pow(long base, long exponent) {
    long result = 1;
    while (exponent-- > 0) result *= base;
    return result;
}

#define floor whole_floor
#define fmod whole_fmod
#define frexp whole_frexp
#define ldexp whole_ldexp
#define pow whole_pow
