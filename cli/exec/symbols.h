// SPDX-License-Identifier: Apache-2.0
// Addresses of a program by the names of its functions, and who called whom.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/cpu/core.h"
#include "models/soc/elf_image.h"

namespace turnpike::exec {

class Symbols {
  public:
    explicit Symbols(const ElfImage& image);

    /// "0x100234 main+0x14", or the address alone.
    std::string name(std::uint64_t address) const;
    bool in_function(std::uint64_t address) const { return find(address) != nullptr; }

  private:
    const ElfSymbol* find(std::uint64_t address) const;
    std::vector<ElfSymbol> functions_;  ///< by address
};

/// The return addresses on the stack, innermost first: words that point into a function, behind a call instruction.
/// They are found without frame pointers or unwind tables, so one left over from an earlier call may be among them.
std::vector<std::uint64_t> return_addresses(const cpu::Memory& memory, std::uint64_t rsp, const Symbols& symbols,
                                            std::size_t most);

}  // namespace turnpike::exec
