// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/symbols.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace turnpike::exec {
namespace {

/// How much of the stack is looked at.
constexpr std::uint64_t kStackBytes = 16384;

/// CALL rel32 (E8), or CALL r/m64 (FF /2) of 2 to 7 bytes, ends at `address` (Intel SDM volume 2, CALL).
bool behind_call(const cpu::Memory& memory, std::uint64_t address) {
    if (address > memory.size || address < 7) return false;
    const std::uint8_t* end = memory.data + address;
    if (end[-5] == 0xE8) return true;
    for (int length = 2; length <= 7; ++length) {
        if (end[-length] == 0xFF && ((end[-length + 1] >> 3) & 7) == 2) return true;
    }
    return false;
}

}  // namespace

Symbols::Symbols(const ElfImage& image) {
    for (const ElfSymbol& symbol : image.symbols()) {
        if (symbol.function) functions_.push_back(symbol);
    }
    std::stable_sort(functions_.begin(), functions_.end(),
                     [](const ElfSymbol& a, const ElfSymbol& b) { return a.address < b.address; });
}

const ElfSymbol* Symbols::find(std::uint64_t address) const {
    auto after = std::upper_bound(functions_.begin(), functions_.end(), address,
                                  [](std::uint64_t at, const ElfSymbol& symbol) { return at < symbol.address; });
    if (after == functions_.begin()) return nullptr;
    const ElfSymbol& function = *--after;
    return address - function.address < std::max<std::uint64_t>(function.bytes, 1) ? &function : nullptr;
}

std::string Symbols::name(std::uint64_t address) const {
    const ElfSymbol* const function = find(address);
    if (function == nullptr) return fmt::format("{:#x}", address);
    return fmt::format("{:#x} {}+{:#x}", address, function->name, address - function->address);
}

std::vector<std::uint64_t> return_addresses(const cpu::Memory& memory, std::uint64_t rsp, const Symbols& symbols,
                                            std::size_t most) {
    std::vector<std::uint64_t> found;
    for (std::uint64_t offset = 0; offset < kStackBytes && found.size() < most; offset += 8) {
        if (rsp > memory.size || memory.size - rsp < offset + 8) break;
        std::uint64_t word;
        std::memcpy(&word, memory.data + rsp + offset, sizeof word);
        if (symbols.in_function(word - 1) && behind_call(memory, word)) found.push_back(word);
    }
    return found;
}

}  // namespace turnpike::exec
