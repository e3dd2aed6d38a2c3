// SPDX-License-Identifier: Apache-2.0
// Where things lie in the measuring process, and what a block finds: the conditions of the measured blocks.
#pragma once
#include <cstddef>
#include <cstdint>

namespace turnpike::silicon {

using u8 = std::uint8_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

/// A program: at its base the way in and out, at kBlockOffset the copies. The base is where `turnpike blocks` has its
/// code too, so that RIP-relative addresses are the same.
constexpr u64 kCode = 0xE7000000;
constexpr u64 kBlockOffset = 0x100;
constexpr u64 kCodeBytes = 0x10000;
/// The chain of additions, a shorter and a longer program.
constexpr u64 kShortChain = 0xE6000000;
constexpr u64 kLongChain = 0xE6010000;
/// What a program saves and finds out; written by programs alone.
constexpr u64 kControl = 0xE8000000;
constexpr u64 kSavedStack = kControl, kBegin = kControl + 8, kEnd = kControl + 16;

constexpr u64 kPageBytes = 4096;
constexpr unsigned kPageWords = 512;

/// What lies at a fixed address; the number is what is meant.
template <typename T = void>
T* at_address(u64 address) {
    return reinterpret_cast<T*>(address);  // NOLINT(performance-no-int-to-ptr)
}

/// Register n (rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15) before the first copy.
constexpr u32 first_value(unsigned number) { return 0x10000800 + number * 0x1140; }
/// The word in each slot of a page that a block touches.
constexpr u64 first_word(u32 slot) { return 0x10020800 + 0x40 * (((slot * 0x9E3779B1U) >> 16) & 15); }

}  // namespace turnpike::silicon
