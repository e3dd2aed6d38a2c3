// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/program_writer.h"

namespace turnpike::host {
namespace {

constexpr unsigned kFunctions = 6;

constexpr const char* kPrologue = R"(
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef signed char i8; typedef short i16; typedef int i32; typedef long long i64;
typedef unsigned __int128 u128; typedef __int128 i128;
__asm__(".section .start,\"ax\"\n.globl _start\n_start: jmp run\n.text\n");
struct fields { u32 a : 3; i32 b : 13; u64 c : 37; i64 d : 11; u8 e; i16 f; u32 g; };
static struct fields s;
static u64 wide[64]; static u32 words[64]; static i16 halves[64]; static i8 bytes[64];
static u64 count(u64 depth, u64 x) { return depth == 0 ? x : count(depth - 1, x * 3 + depth) + (x >> 5) + count(depth / 2, x ^ depth); }
)";

constexpr const char* kEpilogue = R"(
u64 run(u64 seed) {
  u64 sum = seed;
  for (u32 n = 0; n < 64; ++n) {
    sum = sum * 6364136223846793005ull + 1442695040888963407ull;
    wide[n] = sum; words[n] = sum >> 7; halves[n] = sum >> 20; bytes[n] = sum >> 40;
  }
  s.a = sum; s.b = sum >> 3; s.c = sum >> 9; s.d = sum >> 17; s.e = sum; s.f = sum >> 30; s.g = sum >> 11;
  for (u32 n = 0; n < 20; ++n) sum = sum * 31 + f5(sum, n, n * 7, sum >> 32) + count(n & 7, sum);
  for (u32 n = 0; n < 64; ++n) sum = sum * 31 + (wide[n] ^ words[n] ^ (u64)halves[n] ^ (u64)bytes[n]);
  return sum * 31 + s.a + s.b + s.c + s.d + s.e + s.f + s.g;
}
)";

std::string text(std::uint64_t number) { return std::to_string(number); }

}  // namespace

std::string ProgramWriter::number() {
    const std::uint64_t raw = random_();
    const unsigned kind = below(4);
    return text(kind == 0 ? raw % 17 : kind == 1 ? raw & 0xFFFF : kind == 2 ? raw & 0xFFFFFFFF : raw) + "ull";
}

std::string ProgramWriter::variable() {
    static constexpr const char* kVariables[] = {"a",   "b",   "c",   "d",   "t8",  "t16", "t32", "t64", "n8", "n16",
                                                 "n32", "n64", "s.a", "s.b", "s.c", "s.d", "s.e", "s.f", "s.g"};
    static constexpr const char* kArrays[] = {"wide", "words", "halves", "bytes"};
    if (below(5) == 0) return std::string(kArrays[below(4)]) + "[(u32)(" + kVariables[below(12)] + ") & 63]";
    return kVariables[below(19)];
}

std::string ProgramWriter::binary(unsigned depth) {
    static constexpr const char* kOperators[] = {"+", "-", "*", "&", "|", "^"};
    const std::string x = expression(depth - 1);
    const std::string y = expression(depth - 1);
    switch (below(12)) {
        case 0:
            return "((u64)(" + x + ") << ((" + y + ") & 63))";
        case 1:
            return "((i64)(" + x + ") >> ((" + y + ") & 63))";
        case 2:
            return "((u32)(" + x + ") / ((u32)(" + y + ") | 1))";
        case 3:
            return "((i64)(" + x + ") % (i64)(((" + y + ") & 0x7FFF) | 1))";
        case 4:
            return "((u64)(((u128)(u64)(" + x + ") * (u64)(" + y + ")) >> 64))";
        case 5:
            return "((u64)((((u128)(u64)(" + x + ") << 64) | 12345) / ((u64)(" + y + ") | 1)))";
        case 6:
            return "((u32)(" + x + ") << " + text(1 + below(31)) + " | (u32)(" + x + ") >> " + text(1 + below(31)) +
                   ")";
        default:
            return "((" + x + ") " + kOperators[below(6)] + " (" + y + "))";
    }
}

std::string ProgramWriter::expression(unsigned depth) {
    static constexpr const char* kCasts[] = {"u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"};
    static constexpr const char* kBuiltins[] = {"__builtin_popcountll", "__builtin_bswap64", "__builtin_bswap32",
                                                "__builtin_parityll"};
    if (depth == 0) return below(3) == 0 ? number() : variable();
    switch (below(8)) {
        case 0:
            return std::string("((") + kCasts[below(8)] + ")(" + expression(depth - 1) + "))";
        case 1:
            return "(" + condition() + " ? " + expression(depth - 1) + " : " + expression(depth - 1) + ")";
        case 2:
            return std::string("((u64)") + kBuiltins[below(4)] + "(" + expression(depth - 1) + "))";
        default:
            return binary(depth);
    }
}

std::string ProgramWriter::condition() {
    static constexpr const char* kOperators[] = {"<", ">", "<=", ">=", "==", "!="};
    static constexpr const char* kCasts[] = {"(u64)", "(i64)", "(u32)", "(i32)", "(i16)", "(u8)"};
    const char* const cast = kCasts[below(6)];
    return std::string("(") + cast + "(" + expression(1) + ") " + kOperators[below(6)] + " " + cast + "(" +
           expression(1) + "))";
}

void ProgramWriter::block(unsigned depth, unsigned statements) {
    ++indent_;
    for (unsigned n = 0; n < statements; ++n) statement(depth);
    --indent_;
}

void ProgramWriter::choice(unsigned depth) {
    line("switch ((u32)(" + expression(1) + ") % 9) {");
    for (unsigned n = 0; n < 7; ++n) {
        line("case " + text(n) + ":");
        block(depth - 1, 1);
        if (below(4) != 0) line("  break;");
    }
    line("default: t64 ^= 0x5555;");
    line("}");
}

void ProgramWriter::statement(unsigned depth) {
    const unsigned kind = depth == 0 ? 9 : below(10);
    if (kind == 0) {
        line("if " + condition() + " {");
        block(depth - 1, 2);
        line("} else {");
        block(depth - 1, 1);
        line("}");
    } else if (kind == 1) {
        const std::string counter = "l" + text(loops_++);
        line("for (u32 " + counter + " = 0; " + counter + " < " + text(1 + below(12)) + "; ++" + counter + ") {");
        block(depth - 1, 2);
        line("  t64 += " + counter + ";");
        line("}");
    } else if (kind == 2) {
        choice(depth);
    } else if (kind == 3 && functions_ > 0) {
        line(variable() + " = f" + text(below(functions_)) + "(" + expression(1) + ", b, " + expression(1) + ", d);");
    } else {
        static constexpr const char* kAssignments[] = {"=", "+=", "-=", "^=", "|=", "&=", "*="};
        line(variable() + " " + kAssignments[below(7)] + " " + expression(2) + ";");
    }
}

void ProgramWriter::function(unsigned number) {
    line("__attribute__((noinline)) static u64 f" + text(number) + "(u64 a, u32 b, i64 c, i16 d) {");
    line("  u8 t8 = a; u16 t16 = b; u32 t32 = c; u64 t64 = d; i8 n8 = c; i16 n16 = a; i32 n32 = b; i64 n64 = c;");
    block(2, 6);
    line("  return a + b * 3 + c * 5 + d * 7 + t8 + t16 + t32 + t64 + n8 + n16 + n32 + n64;");
    line("}");
    functions_ = number + 1;
}

std::string ProgramWriter::write() {
    out_ = kPrologue;
    functions_ = loops_ = 0;
    for (unsigned n = 0; n < kFunctions; ++n) function(n);
    return out_ + kEpilogue;
}

}  // namespace turnpike::host
