// SPDX-License-Identifier: Apache-2.0
// Memory that nobody may touch until it is handed out again. Only AddressSanitizer looks (native builds with it);
// elsewhere these are nothing.
#pragma once
#include "sw/hal/hal.h"

#if defined(__SANITIZE_ADDRESS__)
#define TURNPIKE_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TURNPIKE_POISON 1
#endif
#endif

#ifdef TURNPIKE_POISON
// Of the compiler's own sanitizer/asan_interface.h.
extern "C" void __asan_poison_memory_region(const volatile void* at, std::size_t bytes);
extern "C" void __asan_unpoison_memory_region(const volatile void* at, std::size_t bytes);
#endif

namespace fw::hal {

#ifdef TURNPIKE_POISON
inline void poison(const void* at, std::size_t bytes) { __asan_poison_memory_region(at, bytes); }
inline void unpoison(const void* at, std::size_t bytes) { __asan_unpoison_memory_region(at, bytes); }
#else
inline void poison(const void*, std::size_t) {}
inline void unpoison(const void*, std::size_t) {}
#endif

}  // namespace fw::hal
