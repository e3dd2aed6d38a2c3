// SPDX-License-Identifier: Apache-2.0
// The runtime's own functions: this machine's C library, with which the same object file is linked too, says what is
// right.
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void formats(void) {
    char text[40];
    printf("[%5d|%-5d|%05d|%+d|% d|%.3d|%8.3d|%.0d]\n", -42, 42, -42, 42, 42, 7, -7, 0);
    printf("[%x|%#x|%#08x|%08X|%o|%u|%#x]\n", 255u, 255u, 255u, 0xABCDEFu, 8u, 4000000000u, 0u);
    printf("[%ld|%lu|%llx|%zu|%hd|%hhu|%hx|%hhd]\n", -1234567890123L, ~0UL, 1ULL << 63, (size_t)99, 65533, 456, 0x12345,
           200);
    printf("[%s|%10s|%-10s|%.2s|%*s|%.*s|%-*s|]\n", "abc", "abc", "abc", "abc", 6, "x", 1, "yz", 3, "q");
    printf("[%c|%3c|%-3c|%%|%p]\n", 'q', 'r', 's', (void*)0x1234);
    for (size_t room = 0; room < 12; ++room) {
        memset(text, '#', sizeof text);
        const int wanted = snprintf(text, room, "%s-%d", "packet", 7);
        printf("%zu: %d [%.*s]\n", room, wanted, (int)room + 1, text);
    }
}

static void strings(void) {
    char text[32] = "0123456789abcdef";
    memmove(text + 3, text, 9);
    printf("%s ", text);
    memmove(text, text + 2, 11);
    printf("%s %d %d\n", text, memcmp("abc", "abd", 3) < 0, memcmp("abc", "abd", 2));
    printf("%s %s %s\n", strstr("hello world", "o w"), strrchr("a/b/c", '/'), strpbrk("key=value", "=:"));
    printf("%zu %zu %d %d\n", strspn("aabbc", "ab"), strcspn("hello", "l"), strstr("x", "yy") == 0,
           strpbrk("x", "y") == 0);
    printf("%d %d %d\n", strcmp("a", "b") < 0, strncmp("abc", "abd", 2), strcoll("b", "a") > 0);
    for (int c = 0; c < 256; ++c) {
        printf("%d%d%d%d%d%d%d%d%d%d%d%c", !!isalnum(c), !!isalpha(c), !!iscntrl(c), !!isdigit(c), !!isgraph(c),
               !!islower(c), !!isprint(c), !!ispunct(c), !!isspace(c), !!isupper(c), !!isxdigit(c),
               c % 8 == 7 ? '\n' : ' ');
        if (tolower(c) != c || toupper(c) != c) printf("%c%c ", tolower(c), toupper(c));
    }
}

static void calendar(void) {
    static const time_t times[] = {0, 951782400, 1709251199, -86401, 4102444800, 1767323045};
    char text[64];
    for (unsigned n = 0; n < sizeof times / sizeof *times; ++n) {
        const struct tm* when = gmtime(&times[n]);
        printf("%zu ", strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S day %j %%", when));
        printf("%s weekday %d\n", text, when->tm_wday);
    }
    printf("%zu\n", strftime(text, 4, "%Y", gmtime(&times[0])));
}

static jmp_buf place;
static void leap(int depth) {
    if (depth == 0) longjmp(place, 5);
    leap(depth - 1);
}

static void jumps(void) {
    volatile int kept = 1;
    const int came = setjmp(place);
    printf("came with %d, kept %d\n", came, kept);
    if (came == 0) {
        kept = 2;
        leap(9);
    }
    if (came == 5) longjmp(place, 0);
}

static int by_value(const void* a, const void* b) {
    const unsigned left = *(const unsigned*)a, right = *(const unsigned*)b;
    return (left > right) - (left < right);
}

/// Blocks of many sizes that come and go, each filled with its own pattern.
static void heap(void) {
    enum { kBlocks = 64 };
    static unsigned char* blocks[kBlocks];
    static unsigned bytes[kBlocks];
    uint32_t seed = 1;
    unsigned spoilt = 0;
    for (unsigned round = 0; round < 600; ++round) {
        seed = seed * 1664525u + 1013904223u;
        const unsigned n = seed >> 24 & (kBlocks - 1), wanted = seed >> 8 & 0x3FF;
        for (unsigned k = 0; k < bytes[n]; ++k) spoilt += blocks[n][k] != (unsigned char)(n * 7 + k);
        if (round % 3) {
            free(blocks[n]);
            blocks[n] = calloc(1, wanted + 1);
        } else {
            blocks[n] = realloc(blocks[n], wanted + 1);
        }
        bytes[n] = wanted;
        for (unsigned k = 0; k < wanted; ++k) blocks[n][k] = (unsigned char)(n * 7 + k);
    }
    static unsigned numbers[500];
    for (unsigned n = 0; n < 500; ++n) numbers[n] = seed = seed * 1664525u + 1013904223u;
    qsort(numbers, 500, sizeof *numbers, by_value);
    unsigned unsorted = 0;
    for (unsigned n = 1; n < 500; ++n) unsorted += numbers[n - 1] > numbers[n];
    errno = ERANGE;
    printf("%u spoilt, %u unsorted, %u, errno %d, %d\n", spoilt, unsorted, numbers[250], errno, abs(-4));
}

int main(void) {
    formats();
    strings();
    calendar();
    jumps();
    heap();
    return 0;
}
