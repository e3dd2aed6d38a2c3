// SPDX-License-Identifier: Apache-2.0
#include "tests/exec/block_program.h"

#include <elf.h>

#include <cstring>
#include <fstream>

#include "regs/address_map.h"
#include "regs/mailbox.h"
#include "regs/uart.h"

namespace turnpike::exec {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The block lies 0x100 behind a boundary of 16 MiB, as in `turnpike blocks`: the same lines, sets and pages.
constexpr std::uint64_t kStart = 0x07000000;
constexpr std::uint64_t kBlock = kStart + 0x100;
constexpr std::uint64_t kTail = 0x06F00000;
constexpr std::uint64_t kPassesLeft = 0x06E00000;
constexpr std::uint64_t kData = 0x0FFF0000;
constexpr std::uint64_t kDataBytes = 0x60000;
constexpr std::uint64_t kFileAlignment = 0x1000;

void put(Bytes& code, std::initializer_list<unsigned> bytes) {
    for (const unsigned byte : bytes) code.push_back(static_cast<std::uint8_t>(byte));
}

void put_little(Bytes& code, std::uint64_t value, unsigned bytes) {
    for (unsigned n = 0; n < bytes; ++n) code.push_back(static_cast<std::uint8_t>(value >> 8 * n));
}

/// The displacement of a branch that ends where it stands.
void put_relative(Bytes& code, std::uint64_t begin, std::uint64_t target) {
    put_little(code, target - (begin + code.size() + 4), 4);
}

/// MOV [address], AL
void put_store(Bytes& code, std::uint64_t address) {
    put(code, {0xA2});
    put_little(code, address, 8);
}

/// CPUID; XOR EAX, EAX; MOV r32, imm32 for each register; JMP block.
Bytes start_code() {
    Bytes code = {0x0F, 0xA2, 0x31, 0xC0};
    for (unsigned number = 0; number < 16; ++number) {
        if (number >= 8) put(code, {0x41});
        put(code, {0xB8 + (number & 7)});
        put_little(code, 0x10000800 + number * 0x1140, 4);
    }
    put(code, {0xE9});
    put_relative(code, kStart, kBlock);
    code.resize(kBlock - kStart, 0x90);
    return code;
}

/// DEC dword [passes left]; JNZ target. Behind code that begins at `begin`.
void put_next_pass(Bytes& code, std::uint64_t begin, std::uint64_t target) {
    put(code, {0xFF, 0x0C, 0x25});
    put_little(code, kPassesLeft, 4);
    put(code, {0x0F, 0x85});
    put_relative(code, begin, target);
}

/// Behind the copies a store that leaves the core, which ends a pass as it ends a run of `turnpike blocks`.
Bytes text_of(const BlockProgram& program) {
    Bytes code = start_code();
    for (std::uint64_t n = 0; n < program.copies; ++n)
        code.insert(code.end(), program.block.begin(), program.block.end());
    if (program.looped) put_next_pass(code, kStart, kBlock);
    put_store(code, regs::map::UART_BASE + regs::uart::THR);
    put(code, {0xE9});
    put_relative(code, kStart, kTail);
    return code;
}

/// The next pass from the start, if this is no loop; XOR EAX, EAX; exit.
Bytes tail_code(const BlockProgram& program) {
    Bytes code;
    if (!program.looped) put_next_pass(code, kTail, kStart);
    put(code, {0x31, 0xC0});
    put_store(code, regs::map::MAILBOX_BASE + regs::mailbox::EXIT);
    return code;
}

/// The words that the measurement's pages hold (docs/accuracy.md).
Bytes data_pages() {
    Bytes data;
    for (std::uint64_t at = 0; at < kDataBytes; at += 8) {
        const auto slot = static_cast<std::uint32_t>((kData + at) >> 3 & 511);
        put_little(data, 0x10020800 + 0x40 * ((slot * 0x9E3779B1U) >> 16 & 15), 8);
    }
    return data;
}

Elf64_Ehdr header_of(std::size_t segments) {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = EM_X86_64;
    header.e_version = EV_CURRENT;
    header.e_entry = kStart;
    header.e_phoff = sizeof header;
    header.e_ehsize = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = static_cast<Elf64_Half>(segments);
    return header;
}

Elf64_Phdr segment_of(std::uint64_t address, std::uint64_t bytes, std::uint64_t offset) {
    Elf64_Phdr segment{};
    segment.p_type = PT_LOAD;
    segment.p_flags = PF_R | PF_W | PF_X;
    segment.p_offset = offset;
    segment.p_vaddr = segment.p_paddr = address;
    segment.p_filesz = segment.p_memsz = bytes;
    segment.p_align = kFileAlignment;
    return segment;
}

}  // namespace

void write_block_program(const BlockProgram& program, const std::filesystem::path& file) {
    Bytes passes;
    put_little(passes, program.passes, 4);
    const std::vector<std::pair<std::uint64_t, Bytes>> parts = {
        {kPassesLeft, passes}, {kTail, tail_code(program)}, {kStart, text_of(program)}, {kData, data_pages()}};
    std::ofstream out(file, std::ios::binary);
    const Elf64_Ehdr header = header_of(parts.size());
    out.write(reinterpret_cast<const char*>(&header), sizeof header);
    std::uint64_t offset = kFileAlignment;
    for (const auto& [address, bytes] : parts) {
        const Elf64_Phdr segment = segment_of(address, bytes.size(), offset);
        out.write(reinterpret_cast<const char*>(&segment), sizeof segment);
        offset += (bytes.size() + kFileAlignment - 1) / kFileAlignment * kFileAlignment;
    }
    offset = kFileAlignment;
    for (const auto& [address, bytes] : parts) {
        out.seekp(static_cast<std::streamoff>(offset));
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        offset += (bytes.size() + kFileAlignment - 1) / kFileAlignment * kFileAlignment;
    }
}

}  // namespace turnpike::exec
