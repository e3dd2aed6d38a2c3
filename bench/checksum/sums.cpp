// SPDX-License-Identifier: Apache-2.0
// The sums that are compared, each a function of its own.
#include "sw/wire/checksum.h"

namespace fw {

/// The firmware's.
extern "C" __attribute__((noinline)) std::uint16_t sum_by_carry_chains(const std::uint8_t* at, std::uint32_t bytes) {
    return wire::csum_fold(wire::csum_partial(at, bytes));
}

/// Words of 32 bits into 64, no carries: what a compiler makes of the plain loop.
extern "C" __attribute__((noinline)) std::uint16_t sum_by_words(const std::uint8_t* at, std::uint32_t bytes) {
    std::uint64_t sum = 0;
    for (; bytes >= 16; at += 16, bytes -= 16) {
        sum += std::uint64_t{wire::load32(at)} + wire::load32(at + 4) + wire::load32(at + 8) + wire::load32(at + 12);
    }
    for (; bytes >= 2; at += 2, bytes -= 2) sum += wire::load16(at);
    if (bytes != 0) sum += *at;
    return wire::csum_fold(sum);
}

}  // namespace fw
