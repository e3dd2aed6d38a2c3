// SPDX-License-Identifier: Apache-2.0
// zlib: a generated text through deflate with each of its matchers and strategies and back again, in windows and pieces
// of many sizes.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zlib.h"

enum { kTextBytes = 10000, kPackedBytes = kTextBytes + kTextBytes / 10 + 100 };

static unsigned char text[kTextBytes], packed[kPackedBytes], unpacked[kTextBytes + 1];

static uint32_t seed = 2463534242u;
static uint32_t random_below(uint32_t limit) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % limit;
}

/// Sentences of few words that come again in different order, with numbers between them and a tail that repeats
/// nothing.
static void make_text(void) {
    static const char* const words[] = {"packet ", "router ", "queue ", "the ",  "forwards ", "drops ",
                                        "table ",  "of ",     "next ",  "hop, ", "checksum ", "and. "};
    size_t at = 0;
    while (at < kTextBytes - 1000) {
        char number[16];
        const char* word = words[random_below(sizeof words / sizeof *words)];
        if (random_below(9) == 0) {
            snprintf(number, sizeof number, "%u ", (unsigned)random_below(100000));
            word = number;
        }
        memcpy(text + at, word, strlen(word));
        at += strlen(word);
    }
    while (at < kTextBytes) text[at++] = (unsigned char)random_below(256);
}

static void* take(void* unused, uInt count, uInt bytes) {
    (void)unused;
    return malloc((size_t)count * bytes);
}
static void give_back(void* unused, void* block) {
    (void)unused;
    free(block);
}

static unsigned min_of(unsigned a, unsigned b) { return a < b ? a : b; }

/// Pieces of `piece` bytes in and out, so that the streams stop and go on at many places.
static unsigned long pack(int level, int window, int memory, int strategy, unsigned piece) {
    z_stream stream = {.zalloc = take, .zfree = give_back, .next_in = text, .next_out = packed};
    if (deflateInit2(&stream, level, Z_DEFLATED, window, memory, strategy) != Z_OK) return 0;
    int result;
    do {
        const int last = kTextBytes - stream.total_in <= piece;
        stream.avail_in = min_of(piece, kTextBytes - (unsigned)stream.total_in);
        stream.avail_out = min_of(2 * piece, kPackedBytes - (unsigned)stream.total_out);
        result = deflate(&stream, last ? Z_FINISH : stream.total_in % 7 == 0 ? Z_SYNC_FLUSH : Z_NO_FLUSH);
    } while (result == Z_OK || (result == Z_BUF_ERROR && stream.total_out < kPackedBytes));
    const unsigned long bytes = stream.total_out;
    return deflateEnd(&stream) == Z_OK && result == Z_STREAM_END ? bytes : 0;
}

static int unpack(unsigned long bytes, int window, unsigned piece) {
    z_stream stream = {.zalloc = take, .zfree = give_back, .next_in = packed, .next_out = unpacked};
    memset(unpacked, 0, sizeof unpacked);
    if (inflateInit2(&stream, window) != Z_OK) return 0;
    int result;
    do {
        stream.avail_in = min_of(piece, (unsigned)(bytes - stream.total_in));
        stream.avail_out = min_of(3 * piece, (unsigned)(sizeof unpacked - stream.total_out));
        result = inflate(&stream, Z_NO_FLUSH);
    } while (result == Z_OK);
    const int whole = result == Z_STREAM_END && stream.total_out == kTextBytes;
    inflateEnd(&stream);
    return whole && memcmp(text, unpacked, kTextBytes) == 0;
}

static int round_trip(int level, int window, int memory, int strategy, unsigned piece) {
    const unsigned long bytes = pack(level, window, memory, strategy, piece);
    const int same = bytes && unpack(bytes, window, piece + 13);
    printf("level %2d window %3d memory %d strategy %d pieces %5u: %6lu bytes, adler %08lx, crc %08lx, %s\n", level,
           window, memory, strategy, piece, bytes, adler32(1, packed, (uInt)bytes), crc32(0, packed, (uInt)bytes),
           same ? "comes back" : "IS LOST");
    return same;
}

/// A stream with a byte spoilt: either it is told, or the check value at the end tells it.
static int spoilt(unsigned long bytes) {
    int told = 0;
    for (unsigned long at = 40; at < bytes; at += bytes / 7) {
        packed[at] ^= 0x55;
        told += !unpack(bytes, 15, kPackedBytes);
        packed[at] ^= 0x55;
    }
    printf("%d spoilt streams told\n", told);
    return told >= 6;
}

int main(void) {
    make_text();
    printf("zlib %s: %08lx\n", zlibVersion(), crc32(0, text, kTextBytes));
    int good = 1;
    for (int level = 0; level <= 9; level += 3) good &= round_trip(level, 15, 8, Z_DEFAULT_STRATEGY, kPackedBytes);
    good &= round_trip(1, 13, 7, Z_DEFAULT_STRATEGY, 4000);
    for (int strategy = Z_FILTERED; strategy <= Z_FIXED; ++strategy)
        good &= round_trip(6, 12, 5, strategy, 1000 + 77 * (unsigned)strategy);
    good &= round_trip(9, -9, 1, Z_DEFAULT_STRATEGY, 333);
    good &= round_trip(6, 15, 9, Z_DEFAULT_STRATEGY, kPackedBytes);
    good &= spoilt(pack(6, 15, 9, Z_DEFAULT_STRATEGY, kPackedBytes));
    return good ? 0 : 1;
}
