// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/random.h"

#include "regs/config.h"

namespace fw {

namespace {

constinit u64 state = regs::config::DEFAULT_SEED;
constinit bool is_default = true;

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014 (SplitMix64): near seeds give far
/// numbers.
u64 split_mix(u64* at) {
    u64 value = *at += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

/// Marsaglia, "Xorshift RNGs", 2003.
u64 xorshift(u64 value) {
    value ^= value << 13;
    value ^= value >> 7;
    return value ^ value << 17;
}

}  // namespace

constinit u64 random_keys[static_cast<unsigned>(RandomKey::count)] = {};

void random_seed(u64 seed) {
    is_default = seed == regs::config::DEFAULT_SEED;
    for (u64& key : random_keys) key = is_default ? 0 : split_mix(&seed);
    // The one state that xorshift never leaves is 0.
    state = is_default ? regs::config::DEFAULT_SEED : split_mix(&seed) | 1;
}

u64 random_next() {
    u64 now = __atomic_load_n(&state, __ATOMIC_RELAXED);
    u64 next = xorshift(now);
    while (!__atomic_compare_exchange_n(&state, &now, next, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        next = xorshift(now);
    return next;
}

u64 random_below(u64 limit, u64 usual) { return is_default || limit == 0 ? usual : random_next() % limit; }

}  // namespace fw
