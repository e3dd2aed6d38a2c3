// SPDX-License-Identifier: Apache-2.0
// Whole words first; the empty assembly keeps the compiler from making a loop a call of the function it stands in.
#include <stdint.h>
#include <string.h>

#define KEEP_LOOP() __asm__ volatile("")

void* memcpy(void* to, const void* from, size_t bytes) {
    unsigned char* out = to;
    const unsigned char* in = from;
    for (; bytes >= 8; bytes -= 8, out += 8, in += 8) {
        uint64_t word;
        __builtin_memcpy(&word, in, 8);
        __builtin_memcpy(out, &word, 8);
        KEEP_LOOP();
    }
    for (; bytes; --bytes) {
        *out++ = *in++;
        KEEP_LOOP();
    }
    return to;
}

void* memmove(void* to, const void* from, size_t bytes) {
    unsigned char* out = to;
    const unsigned char* in = from;
    if (out <= in || out >= in + bytes) return memcpy(to, from, bytes);
    while (bytes--) {
        out[bytes] = in[bytes];
        KEEP_LOOP();
    }
    return to;
}

void* memset(void* to, int value, size_t bytes) {
    unsigned char* out = to;
    const uint64_t word = 0x0101010101010101ull * (unsigned char)value;
    for (; bytes >= 8; bytes -= 8, out += 8) {
        __builtin_memcpy(out, &word, 8);
        KEEP_LOOP();
    }
    for (; bytes; --bytes) {
        *out++ = (unsigned char)value;
        KEEP_LOOP();
    }
    return to;
}

int memcmp(const void* a, const void* b, size_t bytes) {
    const unsigned char *left = a, *right = b;
    for (; bytes; --bytes, ++left, ++right) {
        if (*left != *right) return *left - *right;
    }
    return 0;
}

void* memchr(const void* in, int value, size_t bytes) {
    const unsigned char* at = in;
    for (; bytes; --bytes, ++at) {
        if (*at == (unsigned char)value) return (void*)at;
    }
    return 0;
}

size_t strlen(const char* text) {
    size_t length = 0;
    for (; text[length]; ++length) KEEP_LOOP();
    return length;
}

int strncmp(const char* a, const char* b, size_t most) {
    for (; most; --most, ++a, ++b) {
        if (*a != *b || !*a) return (unsigned char)*a - (unsigned char)*b;
    }
    return 0;
}

int strcmp(const char* a, const char* b) { return strncmp(a, b, (size_t)-1); }

char* strcpy(char* to, const char* from) {
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char* strchr(const char* text, int value) {
    for (;; ++text) {
        if (*text == (char)value) return (char*)text;
        if (!*text) return 0;
    }
}

char* strrchr(const char* text, int value) {
    char* last = 0;
    for (;; ++text) {
        if (*text == (char)value) last = (char*)text;
        if (!*text) return last;
    }
}

char* strstr(const char* text, const char* part) {
    const size_t length = strlen(part);
    for (;; ++text) {
        if (!strncmp(text, part, length)) return (char*)text;
        if (!*text) return 0;
    }
}

size_t strspn(const char* text, const char* of) {
    size_t length = 0;
    while (text[length] && strchr(of, text[length])) ++length;
    return length;
}

size_t strcspn(const char* text, const char* none_of) {
    size_t length = 0;
    while (text[length] && !strchr(none_of, text[length])) ++length;
    return length;
}

char* strpbrk(const char* text, const char* any_of) {
    text += strcspn(text, any_of);
    return *text ? (char*)text : 0;
}

int strcoll(const char* a, const char* b) { return strcmp(a, b); }
