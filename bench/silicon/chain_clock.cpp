// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/chain_clock.h"

#include <x86intrin.h>

namespace turnpike::silicon {
namespace {

constexpr unsigned kAdditions = 16000, kAdditionsAtOnce = 200;

[[gnu::noinline]] u64 time_chain(unsigned additions) {
    const u64 begin = ticks();
    for (unsigned n = 0; n < additions; n += kAdditionsAtOnce) {
        asm volatile(".rept 200\n add %%rcx, %%rax\n .endr" ::: "rax", "cc");
    }
    return ticks() - begin;
}

}  // namespace

u64 ticks() {
    unsigned ignored;
    _mm_lfence();
    const u64 time = __rdtscp(&ignored);
    _mm_lfence();
    return time;
}

// Ticks that reading the clock takes are in both chains and cancel.
double ticks_per_cycle() {
    const auto longer = static_cast<double>(time_chain(2 * kAdditions)),
               shorter = static_cast<double>(time_chain(kAdditions));
    return (longer - shorter) / kAdditions;
}

}  // namespace turnpike::silicon
