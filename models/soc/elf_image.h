// SPDX-License-Identifier: Apache-2.0
// A firmware image: what the loader and the observers take from its ELF file.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace turnpike {

/// The file is not a firmware for this machine; what() names the file, what was found and what was expected.
class ElfError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct ElfSymbol {
    std::string name;  ///< without namespace and arguments: "ip_rcv"
    std::uint64_t address = 0;
    std::uint64_t bytes = 0;
    bool function = false;
    bool stage = false;  ///< lies in the section of stages
};

struct ElfSegment {
    std::uint64_t address = 0;  ///< physical
    std::vector<std::uint8_t> bytes;
    std::uint64_t memory_bytes = 0;  ///< the rest beyond `bytes` is zero
};

class ElfImage {
  public:
    /// Reads a static x86-64 executable that fits into `memory_bytes` of DRAM. Throws ElfError.
    ElfImage(const std::filesystem::path& file, std::uint64_t memory_bytes);

    std::uint64_t entry() const { return entry_; }
    const std::vector<ElfSegment>& segments() const { return segments_; }
    const std::vector<ElfSymbol>& symbols() const { return symbols_; }
    std::optional<ElfSymbol> find(const std::string& name) const;

  private:
    void read_segments(const std::string& file, const std::vector<std::uint8_t>& data, std::uint64_t memory_bytes);
    void read_symbols(const std::vector<std::uint8_t>& data);

    std::uint64_t entry_ = 0;
    std::vector<ElfSegment> segments_;
    std::vector<ElfSymbol> symbols_;
    std::map<std::string, std::size_t> by_name_;
};

}  // namespace turnpike
