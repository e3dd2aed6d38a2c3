// SPDX-License-Identifier: Apache-2.0
// stb_image (Debian's libstb-dev): pictures in several formats decoded to a checksum of their pixels.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_PIC
#define STBI_NO_PSD
#define STBI_NO_SIMD
#define STBI_NO_THREAD_LOCALS
#include STB_IMAGE_HEADER

static unsigned char file[400000];
static unsigned file_bytes;

static void put(unsigned byte) { file[file_bytes++] = (unsigned char)byte; }
static void put_big(uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) put(value >> shift & 255);
}
static void put_little(uint32_t value, unsigned bytes) {
    for (unsigned n = 0; n < bytes; ++n) put(value >> 8 * n & 255);
}
static void put_text(const char* text) {
    while (*text) put((unsigned char)*text++);
}

static uint32_t seed = 12345;
static unsigned pixel(unsigned x, unsigned y) {
    seed = seed * 1664525u + 1013904223u;
    return (x * y / 7 + (seed >> 30)) & 255;
}

/// Deflate with fixed codes (RFC 1951 3.2.6), literals and runs of the byte before.
static uint32_t bits, bit_count;
static void put_bits(uint32_t value, unsigned count) {
    bits |= value << bit_count;
    for (bit_count += count; bit_count >= 8; bit_count -= 8, bits >>= 8) put(bits & 255);
}
static void put_code(uint32_t code, unsigned count) {
    uint32_t turned = 0;
    for (unsigned n = 0; n < count; ++n) turned |= (code >> n & 1) << (count - 1 - n);
    put_bits(turned, count);
}
static void put_symbol(unsigned symbol) {
    if (symbol < 144)
        put_code(0x30 + symbol, 8);
    else if (symbol < 256)
        put_code(0x190 + symbol - 144, 9);
    else
        put_code(symbol - 256, 7);
}

static void png(unsigned width, unsigned height) {
    file_bytes = 0;
    put_text("\x89PNG\r\n\x1a\n");
    put_big(13), put_text("IHDR"), put_big(width), put_big(height), put(8), put(0), put(0), put(0), put(0), put_big(0);
    const unsigned length_at = file_bytes;
    put_big(0), put_text("IDAT");
    const unsigned from = file_bytes;
    put(0x78), put(0x01);
    bits = bit_count = 0;
    put_bits(1, 1), put_bits(1, 2);
    for (unsigned y = 0; y < height; ++y) {
        put_symbol(y % 5);
        for (unsigned x = 0; x < width; ++x) {
            put_symbol(pixel(x, y));
            if (x % 32 == 5 && x + 4 < width) {
                put_symbol(258);
                put_code(0, 5);
                x += 4;
            }
        }
    }
    put_symbol(256);
    if (bit_count) put_bits(0, 8 - bit_count);
    put_big(0);
    const uint32_t length = file_bytes - from;
    for (unsigned n = 0; n < 4; ++n) file[length_at + n] = (unsigned char)(length >> (24 - 8 * n));
    put_big(0);
    put_big(0), put_text("IEND"), put_big(0);
}

static void bmp(unsigned width, unsigned height) {
    const unsigned row = (width * 3 + 3) & ~3u;
    file_bytes = 0;
    put_text("BM"), put_little(54 + row * height, 4), put_little(0, 4), put_little(54, 4);
    put_little(40, 4), put_little(width, 4), put_little(height, 4), put_little(1, 2), put_little(24, 2);
    for (unsigned n = 0; n < 6; ++n) put_little(0, 4);
    for (unsigned y = 0; y < height; ++y)
        for (unsigned n = 0; n < row; ++n) put(pixel(n, y));
}

static void tga(unsigned width, unsigned height) {
    file_bytes = 0;
    put(0), put(0), put(10);
    for (unsigned n = 0; n < 9; ++n) put(0);
    put_little(width, 2), put_little(height, 2), put(24), put(0);
    for (unsigned left = width * height, n = 0; left > 0; ++n) {
        const unsigned run = left < 17 ? left : 1 + n % 17;
        put(n % 2 ? 0x80 | (run - 1) : run - 1);
        for (unsigned k = 0; k < (n % 2 ? 1 : run) * 3; ++k) put(pixel(k, n));
        left -= run;
    }
}

static int decode(const char* name, int channels) {
    int width = 0, height = 0, found = 0;
    unsigned char* pixels = stbi_load_from_memory(file, (int)file_bytes, &width, &height, &found, channels);
    uint32_t sum = 2166136261u;
    for (int n = 0; pixels && n < width * height * channels; ++n) sum = (sum ^ pixels[n]) * 16777619u;
    printf("%-6s %5d x %-5d %d -> %d: %08x %s\n", name, width, height, found, channels, sum,
           pixels ? "" : stbi_failure_reason());
    free(pixels);
    return pixels != 0;
}

int main(void) {
    int decoded = 0;
    png(200, 150), decoded += decode("png", 1), decoded += decode("png", 4);
    bmp(127, 90), decoded += decode("bmp", 3), decoded += decode("bmp", 2);
    tga(100, 77), decoded += decode("tga", 4);
    file[20] ^= 0xFF, decode("spoilt", 3);
    return decoded == 5 ? 0 : 1;
}
