// SPDX-License-Identifier: Apache-2.0
// The four functions that a freestanding compiler may call at will (GCC manual, "Language Standards Supported by GCC").
// Whole words first.
#include "sw/hal/hal.h"

namespace {

using Word = fw::u64;
constexpr std::size_t kWord = sizeof(Word);

Word load(const unsigned char* from) {
    Word word;
    __builtin_memcpy(&word, from, kWord);
    return word;
}
void store(unsigned char* to, Word word) { __builtin_memcpy(to, &word, kWord); }

/// Keeps the compiler from recognising a loop and making it a call of the very function it stands in.
void keep_loop() { asm volatile(""); }

}  // namespace

extern "C" {

void* memcpy(void* to, const void* from, std::size_t bytes) {
    auto* out = static_cast<unsigned char*>(to);
    const auto* in = static_cast<const unsigned char*>(from);
    for (; bytes >= kWord; bytes -= kWord, out += kWord, in += kWord, keep_loop()) store(out, load(in));
    for (; bytes; --bytes, keep_loop()) *out++ = *in++;
    return to;
}

void* memmove(void* to, const void* from, std::size_t bytes) {
    auto* out = static_cast<unsigned char*>(to);
    const auto* in = static_cast<const unsigned char*>(from);
    if (out <= in || out >= in + bytes) return memcpy(to, from, bytes);
    for (; bytes >= kWord; bytes -= kWord, keep_loop()) store(out + bytes - kWord, load(in + bytes - kWord));
    for (; bytes; --bytes, keep_loop()) out[bytes - 1] = in[bytes - 1];
    return to;
}

void* memset(void* to, int value, std::size_t bytes) {
    auto* out = static_cast<unsigned char*>(to);
    const Word word = 0x0101010101010101ULL * static_cast<unsigned char>(value);
    for (; bytes >= kWord; bytes -= kWord, out += kWord, keep_loop()) store(out, word);
    for (; bytes; --bytes, keep_loop()) *out++ = static_cast<unsigned char>(value);
    return to;
}

int memcmp(const void* a, const void* b, std::size_t bytes) {
    const auto* left = static_cast<const unsigned char*>(a);
    const auto* right = static_cast<const unsigned char*>(b);
    for (; bytes; --bytes, ++left, ++right) {
        if (*left != *right) return *left - *right;
    }
    return 0;
}

}  // extern "C"
