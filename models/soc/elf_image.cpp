// SPDX-License-Identifier: Apache-2.0
#include "models/soc/elf_image.h"

#include <cxxabi.h>
#include <elf.h>
#include <fmt/core.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>

namespace turnpike {
namespace {

constexpr const char* kStageSection = ".stage";

std::vector<std::uint8_t> read_file(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file))
        throw ElfError(fmt::format("{}: found no readable file, expected a firmware ELF", file));
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A structure at `offset`, or nothing where the file ends before it does.
template <typename T>
std::optional<T> at(const std::vector<std::uint8_t>& data, std::uint64_t offset) {
    if (offset > data.size() || data.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, data.data() + offset, sizeof(T));
    return value;
}

void check_header(const std::string& file, const std::optional<Elf64_Ehdr>& header) {
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        throw ElfError(fmt::format("{}: offset 0: found no ELF magic, expected a firmware ELF", file));
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB)
        throw ElfError(fmt::format("{}: offset 4: found ELF class {} data {}, expected 64-bit little-endian", file,
                                   header->e_ident[EI_CLASS], header->e_ident[EI_DATA]));
    if (header->e_machine != EM_X86_64)
        throw ElfError(
            fmt::format("{}: offset 18: found machine {}, expected {} (x86-64)", file, header->e_machine, EM_X86_64));
    if (header->e_type != ET_EXEC)
        throw ElfError(fmt::format("{}: offset 16: found ELF type {}, expected {} (a static executable)", file,
                                   header->e_type, ET_EXEC));
}

/// "fw::(anonymous namespace)::ip_rcv(fw::sk_buff*)" → "ip_rcv"; C names stay.
std::string plain_name(const char* symbol) {
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> demangled(abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
    if (status != 0) return symbol;
    std::string name = demangled.get();
    constexpr std::string_view kAnonymous = "(anonymous namespace)::";
    for (std::size_t at; (at = name.find(kAnonymous)) != std::string::npos;) name.erase(at, kAnonymous.size());
    name = name.substr(0, name.find('('));
    const std::size_t colon = name.rfind("::");
    return colon == std::string::npos ? name : name.substr(colon + 2);
}

const char* text_at(const std::vector<std::uint8_t>& data, std::uint64_t offset) {
    const bool ends = offset < data.size() && std::memchr(data.data() + offset, 0, data.size() - offset) != nullptr;
    return ends ? reinterpret_cast<const char*>(data.data() + offset) : "";
}

}  // namespace

ElfImage::ElfImage(const std::filesystem::path& file, std::uint64_t memory_bytes) {
    const std::vector<std::uint8_t> data = read_file(file.string());
    check_header(file.string(), at<Elf64_Ehdr>(data, 0));
    entry_ = at<Elf64_Ehdr>(data, 0)->e_entry;
    read_segments(file.string(), data, memory_bytes);
    read_symbols(data);
}

void ElfImage::read_segments(const std::string& file, const std::vector<std::uint8_t>& data,
                             std::uint64_t memory_bytes) {
    const Elf64_Ehdr header = *at<Elf64_Ehdr>(data, 0);
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        const std::uint64_t offset = header.e_phoff + std::uint64_t{i} * header.e_phentsize;
        const auto program = at<Elf64_Phdr>(data, offset);
        if (!program)
            throw ElfError(
                fmt::format("{}: offset {}: found the end of the file, expected a program header", file, offset));
        if (program->p_type != PT_LOAD || program->p_memsz == 0) continue;
        if (program->p_filesz > program->p_memsz || program->p_offset > data.size() ||
            data.size() - program->p_offset < program->p_filesz)
            throw ElfError(fmt::format("{}: segment {}: found fewer bytes in the file than its header says ({})", file,
                                       i, program->p_filesz));
        if (program->p_paddr > memory_bytes || memory_bytes - program->p_paddr < program->p_memsz)
            throw ElfError(fmt::format(
                "{}: segment {}: found addresses {:#x} to {:#x}, expected memory below {:#x} (dram.size_mib)", file, i,
                program->p_paddr, program->p_paddr + program->p_memsz, memory_bytes));
        const auto from = data.begin() + static_cast<std::ptrdiff_t>(program->p_offset);
        segments_.push_back(
            {program->p_paddr, {from, from + static_cast<std::ptrdiff_t>(program->p_filesz)}, program->p_memsz});
    }
    if (segments_.empty()) throw ElfError(fmt::format("{}: found no loadable segment, expected at least one", file));
}

void ElfImage::read_symbols(const std::vector<std::uint8_t>& data) {
    const Elf64_Ehdr header = *at<Elf64_Ehdr>(data, 0);
    auto section = [&](std::uint64_t index) {
        return at<Elf64_Shdr>(data, header.e_shoff + index * header.e_shentsize);
    };
    const auto names = section(header.e_shstrndx);
    unsigned stage_section = SHN_UNDEF;
    for (unsigned i = 0; names && i < header.e_shnum; ++i) {
        const auto candidate = section(i);
        if (candidate && std::strcmp(text_at(data, names->sh_offset + candidate->sh_name), kStageSection) == 0)
            stage_section = i;
    }
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        const auto table = section(i);
        if (!table || table->sh_type != SHT_SYMTAB) continue;
        const auto strings = section(table->sh_link);
        for (std::uint64_t at_byte = 0; strings && at_byte + sizeof(Elf64_Sym) <= table->sh_size;
             at_byte += sizeof(Elf64_Sym)) {
            const auto symbol = at<Elf64_Sym>(data, table->sh_offset + at_byte);
            const unsigned type = symbol ? ELF64_ST_TYPE(symbol->st_info) : STT_NOTYPE;
            if (type != STT_FUNC && type != STT_OBJECT) continue;
            const bool function = type == STT_FUNC;
            symbols_.push_back({plain_name(text_at(data, strings->sh_offset + symbol->st_name)), symbol->st_value,
                                symbol->st_size, function,
                                function && stage_section != SHN_UNDEF && symbol->st_shndx == stage_section});
            by_name_.emplace(symbols_.back().name, symbols_.size() - 1);
        }
    }
}

std::optional<ElfSymbol> ElfImage::find(const std::string& name) const {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return std::nullopt;
    return symbols_[found->second];
}

}  // namespace turnpike
