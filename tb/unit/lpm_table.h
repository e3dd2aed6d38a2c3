// SPDX-License-Identifier: Apache-2.0
// A route table to try the LPM accelerator with: answers by looking at every prefix, and writes itself down as the tree
// bitmap of regs/lpm.def.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "regs/lpm.h"

namespace turnpike::tb {

struct Prefix {
    std::uint32_t address;
    unsigned length;
    std::uint16_t hop;
};

class LpmTable {
  public:
    static constexpr std::uint16_t kNoRoute = 0xFFFF;
    static constexpr unsigned kRootWords = 8192;
    /// A word and its place: ENTRY_ADDR, ENTRY_HIGH, ENTRY_DATA.
    struct Word {
        std::uint64_t place;
        std::uint64_t high;
        std::uint64_t data;
    };

    /// `first`: the word of each memory from which on it is used.
    explicit LpmTable(std::vector<Prefix> prefixes, const std::array<std::uint32_t, 7>& first = {})
        : prefixes_(std::move(prefixes)), used_(first) {
        for (std::uint32_t slot = 0; slot < kRootWords; ++slot) write_root(slot);
    }

    /// The hop of the longest prefix that covers `address`; of equal prefixes, the first.
    std::uint16_t lookup(std::uint32_t address, unsigned longest = 32) const {
        const Prefix* best = nullptr;
        for (const Prefix& prefix : prefixes_) {
            if (prefix.length > longest || ((prefix.address ^ address) & mask(prefix.length)) != 0) continue;
            if (best == nullptr || prefix.length > best->length) best = &prefix;
        }
        return best == nullptr ? kNoRoute : best->hop;
    }

    const std::vector<Prefix>& prefixes() const { return prefixes_; }
    /// Those of the root last and in their order, so that nothing leads to a word that is not there yet.
    std::vector<Word> words() const {
        std::vector<Word> all = words_;
        all.insert(all.end(), root_.begin(), root_.end());
        return all;
    }
    /// Words of a memory up to the last one used.
    std::uint32_t used(unsigned memory) const { return used_[memory]; }

    static std::uint64_t place(unsigned memory, std::uint64_t index) {
        return regs::lpm::ENTRY_ADDR_MEMORY.of(memory) | regs::lpm::ENTRY_ADDR_INDEX.of(index);
    }

  private:
    static std::uint32_t mask(unsigned length) { return length == 0 ? 0 : ~0U << (32 - length); }

    /// The hop of exactly this prefix.
    const Prefix* find(std::uint32_t address, unsigned length) const {
        for (const Prefix& prefix : prefixes_) {
            if (prefix.length == length && prefix.address == address) return &prefix;
        }
        return nullptr;
    }
    bool has_prefixes(std::uint32_t address, unsigned depth) const {
        for (const Prefix& prefix : prefixes_) {
            if (prefix.length >= depth && ((prefix.address ^ address) & mask(depth)) == 0) return true;
        }
        return false;
    }
    std::uint32_t allocate(unsigned memory, std::size_t words) {
        const std::uint32_t first = used_[memory];
        used_[memory] += static_cast<std::uint32_t>(words);
        return first;
    }

    void write_root(std::uint32_t slot) {
        using namespace regs::lpm;
        const std::uint32_t address = slot << 19;
        std::uint64_t data = ENTRY_DATA_ROOT_DEFAULT.of(lookup(address, 12));
        if (has_prefixes(address, 13)) {
            const std::uint32_t child = allocate(1, 1);
            write_node(1, child, address);
            data |= ENTRY_DATA_ROOT_CHILD_VALID.mask() | ENTRY_DATA_ROOT_CHILD.of(child);
        }
        root_.push_back({place(0, slot), 0, data});
    }

    /// Node `index` of `level`, whose addresses begin with those bits of `base` that were used up before.
    void write_node(unsigned level, std::uint32_t index, std::uint32_t base) {
        using namespace regs::lpm;
        const unsigned depth = 13 + 4 * (level - 1);
        std::uint32_t internal = 0;
        std::vector<std::uint16_t> hops;
        for (unsigned length = 0; length < 4; ++length) {
            for (std::uint32_t value = 0; value < 1U << length; ++value) {
                const std::uint32_t address = base | (length == 0 ? 0 : value << (32 - depth - length));
                const Prefix* prefix = find(address, depth + length);
                if (prefix == nullptr) continue;
                internal |= 1U << ((1U << length) - 1 + value);
                hops.push_back(prefix->hop);
            }
        }
        bool uniform = hops.size() > 1;
        for (const std::uint16_t hop : hops) uniform = uniform && hop == hops.front();
        if (uniform) hops.resize(1);
        const std::uint32_t results = allocate(6, hops.size());
        for (std::size_t n = 0; n < hops.size(); ++n) words_.push_back({place(6, results + n), 0, hops[n]});

        std::uint32_t external = 0;
        std::vector<std::uint32_t> children;
        for (std::uint32_t value = 0; level < 5 && value < 16; ++value) {
            const std::uint32_t address = base | value << (28 - depth);
            if (!has_prefixes(address, depth + 4)) continue;
            external |= 1U << value;
            children.push_back(address);
        }
        const std::uint32_t first = children.empty() ? 0 : allocate(level + 1, children.size());
        for (std::uint32_t n = 0; n < children.size(); ++n) write_node(level + 1, first + n, children[n]);
        words_.push_back({place(level, index), first,
                          ENTRY_DATA_NODE_INTERNAL.of(internal) | ENTRY_DATA_NODE_UNIFORM.of(uniform ? 1 : 0) |
                              ENTRY_DATA_NODE_RESULTS.of(results) | ENTRY_DATA_NODE_EXTERNAL.of(external)});
    }

    std::vector<Prefix> prefixes_;
    std::vector<Word> words_;
    std::vector<Word> root_;
    std::array<std::uint32_t, 7> used_;
};

/// `count` prefixes of all lengths, clustered so that they nest, and a tenth of the time a default route.
template <typename Random>
LpmTable random_lpm_table(Random& random, unsigned count) {
    std::vector<Prefix> prefixes;
    const unsigned hops = random.percent(50) ? 3 : 0xFFFF;
    if (random.percent(10)) prefixes.push_back({0, 0, static_cast<std::uint16_t>(random.below(hops))});
    while (prefixes.size() < count) {
        std::uint32_t address = random.word();
        if (!prefixes.empty() && random.percent(70)) {
            const Prefix& outer = prefixes[random.below(static_cast<std::uint32_t>(prefixes.size()))];
            const unsigned kept = random.below(33);
            address = kept == 32 ? outer.address : (outer.address & ~(~0U >> kept)) | (address & (~0U >> kept));
        }
        const unsigned length = 1 + random.below(32);
        prefixes.push_back({address & (~0U << (32 - length)), length, static_cast<std::uint16_t>(random.below(hops))});
    }
    return LpmTable(std::move(prefixes));
}

/// Every prefix and every child that the nodes on the way to one random address can have.
template <typename Random>
LpmTable full_nodes_table(Random& random) {
    std::vector<Prefix> prefixes;
    const std::uint32_t path = random.word();
    for (unsigned depth = 13; depth <= 32; depth += 4) {
        const std::uint32_t base = path & (~0U << (32 - depth));
        const unsigned longest = depth == 29 ? 3 : 4;
        for (unsigned length = 0; length <= longest; ++length) {
            for (std::uint32_t value = 0; value < 1U << length; ++value) {
                const std::uint32_t address = base | (length == 0 ? 0 : value << (32 - depth - length));
                prefixes.push_back({address, depth + length, static_cast<std::uint16_t>(random.below(0xFFFF))});
            }
        }
    }
    return LpmTable(std::move(prefixes));
}

/// An address near one of the table's prefixes, or anywhere.
template <typename Random>
std::uint32_t random_lpm_address(Random& random, const LpmTable& table) {
    const std::vector<Prefix>& prefixes = table.prefixes();
    if (prefixes.empty() || random.percent(20)) return random.word();
    const Prefix& prefix = prefixes[random.below(static_cast<std::uint32_t>(prefixes.size()))];
    const std::uint32_t below = prefix.length == 32 ? 0 : ~0U >> prefix.length;
    return prefix.address ^ (random.percent(50) ? random.below(0x200) : random.word() & below);
}

}  // namespace turnpike::tb
