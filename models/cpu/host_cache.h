// SPDX-License-Identifier: Apache-2.0
// What the simulator will read soon, told to the cache of the machine that it runs on.
#pragma once
#include <cstddef>

namespace turnpike::cpu {

inline constexpr std::size_t kHostLine = 64;  // bytes; x86-64 and most others

/// Asks for `count` lines. Always in line: a call that does nothing else is left out by gcc as one without effect.
[[gnu::always_inline]] inline void ask_host_for(const void* from, std::size_t count = 1) {
    const char* const at = static_cast<const char*>(from);
    for (std::size_t n = 0; n < count; ++n) __builtin_prefetch(at + n * kHostLine);
}

}  // namespace turnpike::cpu
