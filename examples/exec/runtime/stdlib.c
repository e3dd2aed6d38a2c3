// SPDX-License-Identifier: Apache-2.0
// A heap of size classes: each block has its class in front; freed blocks are kept in a list per class.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern char heap_start[];
#define HEAP_END ((char*)(96u << 20))
#define HEADER 16u

static char* heap_top;
static void* free_list[64];

static unsigned class_of(size_t bytes) { return bytes <= 16 ? 4 : 64 - (unsigned)__builtin_clzll(bytes - 1); }

void* malloc(size_t bytes) {
    const unsigned class = class_of(bytes);
    void* block = free_list[class];
    if (block) {
        free_list[class] = *(void**)block;
        return block;
    }
    if (!heap_top) heap_top = heap_start;
    if (class >= 32 || (size_t)(HEAP_END - heap_top) < HEADER + ((size_t)1 << class)) return 0;
    *(uint64_t*)heap_top = class;
    block = heap_top + HEADER;
    heap_top += HEADER + ((size_t)1 << class);
    return block;
}

void free(void* block) {
    if (!block) return;
    const uint64_t class = *(uint64_t*)((char*)block - HEADER);
    *(void**)block = free_list[class];
    free_list[class] = block;
}

void* calloc(size_t count, size_t bytes) {
    if (bytes && count > (size_t)-1 / bytes) return 0;
    void* block = malloc(count * bytes);
    if (block) memset(block, 0, count * bytes);
    return block;
}

void* realloc(void* block, size_t bytes) {
    if (!block) return malloc(bytes);
    const size_t room = (size_t)1 << *(uint64_t*)((char*)block - HEADER);
    if (bytes <= room) return block;
    void* larger = malloc(bytes);
    if (!larger) return 0;
    memcpy(larger, block, room);
    free(block);
    return larger;
}

int rand(void) {
    static uint64_t state = 1;
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (int)(state >> 33);
}

int abs(int value) { return value < 0 ? -value : value; }

static void swap(char* a, char* b, size_t bytes) {
    while (bytes--) {
        const char kept = *a;
        *a++ = *b;
        *b++ = kept;
    }
}

static void sift(char* base, size_t from, size_t count, size_t bytes, int (*compare)(const void*, const void*)) {
    for (size_t child; (child = 2 * from + 1) < count; from = child) {
        if (child + 1 < count && compare(base + child * bytes, base + (child + 1) * bytes) < 0) ++child;
        if (compare(base + from * bytes, base + child * bytes) >= 0) return;
        swap(base + from * bytes, base + child * bytes, bytes);
    }
}

void qsort(void* base, size_t count, size_t bytes, int (*compare)(const void*, const void*)) {
    for (size_t n = count / 2; n-- > 0;) sift(base, n, count, bytes, compare);
    for (size_t n = count; n-- > 1;) {
        swap(base, (char*)base + n * bytes, bytes);
        sift(base, 0, n, bytes, compare);
    }
}
