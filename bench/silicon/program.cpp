// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/program.h"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>

namespace turnpike::silicon {
namespace {

constexpr u64 kInstructions = 512;
constexpr u64 kMostBytes = 20000;

class Writer {
  public:
    explicit Writer(u64 base) : base_(base) {}

    void put(std::initializer_list<u8> bytes) { code.insert(code.end(), bytes); }
    void put32(u64 value) {
        for (unsigned shift = 0; shift < 32; shift += 8) code.push_back(static_cast<u8>(value >> shift));
    }
    /// An instruction that ends with a 32-bit displacement from its own end.
    void relative(std::initializer_list<u8> opcode, u64 target) {
        put(opcode);
        put32(target - (base_ + code.size() + 4));
    }
    /// The clock's value into RAX. LFENCE: what stands before has finished, what stands behind has not begun (SDM
    /// volume 2, RDTSC).
    void read_clock(const Clock& clock) {
        put({0x0F, 0xAE, 0xE8});  // lfence
        if (clock.counter) {
            put({0xB9});  // mov ecx, imm32
            put32(*clock.counter);
            put({0x0F, 0x33});  // rdpmc
        } else {
            put({0x0F, 0x31});  // rdtsc
        }
        put({0x0F, 0xAE, 0xE8});        // lfence
        put({0x48, 0xC1, 0xE2, 0x20});  // shl rdx, 32
        put({0x48, 0x09, 0xD0});        // or rax, rdx
    }

    std::vector<u8> code;

  private:
    u64 base_;
};

void write_way_out(Writer& out, const Clock& clock, u64* leave) {
    out.read_clock(clock);
    out.relative({0x48, 0x89, 0x05}, kEnd);  // mov [kEnd], rax
    *leave = out.code.size();
    out.relative({0x48, 0x8B, 0x25}, kSavedStack);                                // mov rsp, [kSavedStack]
    out.put({0x9D, 0x41, 0x5F, 0x41, 0x5E, 0x41, 0x5D, 0x41, 0x5C, 0x5D, 0x5B});  // popfq; pop r15 to r12, rbp, rbx
    out.put({0xC3});
}

void write_way_in(Writer& out, const Clock& clock, u64 block) {
    out.put({0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57, 0x9C});  // push rbx, rbp, r12 to r15; pushfq
    out.relative({0x48, 0x89, 0x25}, kSavedStack);                                // mov [kSavedStack], rsp
    out.put({0x0F, 0xAE, 0xF0});                                                  // mfence
    out.read_clock(clock);
    out.relative({0x48, 0x89, 0x05}, kBegin);  // mov [kBegin], rax
    out.put({0x31, 0xC0});                     // xor eax, eax: the flags
    for (unsigned number = 0; number < 16; ++number) {
        if (number >= 8) out.put({0x41});
        out.put({static_cast<u8>(0xB8 + (number & 7))});  // mov r32, imm32
        out.put32(first_value(number));
    }
    out.relative({0xE9}, block);  // jmp
}

/// The way in comes first, so that the base is what is called; the way out follows it.
Program write_frame(u64 base, const Clock& clock, u64* way_out) {
    Writer out(base);
    write_way_in(out, clock, base + kBlockOffset);
    *way_out = out.code.size();
    Program program;
    write_way_out(out, clock, &program.leave);
    program.bytes = std::move(out.code);
    return program;
}

}  // namespace

Jump way_out_from(const Clock& clock, u64 offset) {
    u64 way_out = 0;
    write_frame(kCode, clock, &way_out);
    const u32 distance = static_cast<u32>(way_out - (offset + 5));
    return {0xE9, static_cast<u8>(distance), static_cast<u8>(distance >> 8), static_cast<u8>(distance >> 16),
            static_cast<u8>(distance >> 24)};
}

Program make_program(u64 base, const Clock& clock, std::span<const u8> block, u64 copies) {
    u64 way_out = 0;
    Program program = write_frame(base, clock, &way_out);
    const u64 end = kBlockOffset + copies * block.size();
    if (end + sizeof(Jump) > kCodeBytes) throw std::length_error("the copies do not fit into the code's pages");
    constexpr u8 kNop = 0x90;
    program.bytes.resize(kBlockOffset, kNop);
    for (u64 n = 0; n < copies; ++n) program.bytes.insert(program.bytes.end(), block.begin(), block.end());
    const Jump jump = way_out_from(clock, end);
    program.bytes.insert(program.bytes.end(), jump.begin(), jump.end());
    return program;
}

u64 copies_of(u64 instructions, u64 bytes) {
    const u64 wanted = (kInstructions + instructions - 1) / instructions;
    return std::max<u64>(1, std::min(wanted, kMostBytes / (3 * bytes)));
}

}  // namespace turnpike::silicon
