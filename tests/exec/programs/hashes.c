// SPDX-License-Identifier: Apache-2.0
// xxHash (Debian's libxxhash-dev, all in its header): every variant, one-shot and streaming, over growing inputs.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_NO_STDLIB_MATH
#define XXH_VECTOR 0
#define XXH_INLINE_ALL
#include XXHASH_HEADER

static unsigned char input[70000];

int main(void) {
    uint32_t seed = 2463534242u;
    for (unsigned n = 0; n < sizeof input; ++n) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        input[n] = (unsigned char)seed;
    }
    uint64_t sum = 0;
    for (unsigned length = 0; length < 600; ++length) {
        sum += XXH32(input, length, length) + XXH64(input, length, length);
        sum += XXH3_64bits_withSeed(input, length, sum);
        const XXH128_hash_t wide = XXH3_128bits(input, length);
        sum ^= wide.low64 + wide.high64;
    }
    printf("short %016lx\n", (unsigned long)sum);
    XXH64_state_t stream;
    XXH64_reset(&stream, 7);
    for (unsigned at = 0, step = 1; at + step <= sizeof input; at += step, step = step * 3 % 1021 + 1)
        XXH64_update(&stream, input + at, step);
    printf("stream %016lx\n", (unsigned long)XXH64_digest(&stream));
    printf("long %08x %016lx %016lx\n", XXH32(input, sizeof input, 1), (unsigned long)XXH64(input, sizeof input, 1),
           (unsigned long)XXH3_64bits(input, sizeof input));
    return 0;
}
