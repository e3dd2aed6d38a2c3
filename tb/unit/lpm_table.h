// SPDX-License-Identifier: Apache-2.0
// A route table to try the LPM accelerator with: answers by looking at every prefix, and writes itself down as the
// leaf-pushed 8/8/8/8 trie of regs/lpm.def.
#pragma once
#include <cstdint>
#include <vector>

namespace turnpike::tb {

struct Prefix {
    std::uint32_t address;
    unsigned length;
    std::uint16_t hop;
};

class LpmTable {
  public:
    static constexpr std::uint16_t kNoRoute = 0xFFFF;
    struct Entry {
        unsigned level;
        std::uint32_t index;
        std::uint32_t data;
    };

    explicit LpmTable(std::vector<Prefix> prefixes) : prefixes_(std::move(prefixes)) { fill(0, 0, 0); }

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
    const std::vector<Entry>& entries() const { return entries_; }
    unsigned nodes(unsigned level) const { return used_[level]; }

  private:
    static std::uint32_t mask(unsigned length) { return length == 0 ? 0 : ~0U << (32 - length); }

    /// Writes the node of `level` whose addresses begin with those bits of `base`.
    void fill(unsigned level, std::uint32_t node, std::uint32_t base) {
        const unsigned depth = 8 * (level + 1);
        for (std::uint32_t slot = 0; slot < 256; ++slot) {
            const std::uint32_t address = base | slot << (32 - depth);
            std::uint32_t data = lookup(address, depth);
            if (level < 3 && has_longer(address, depth)) {
                const std::uint32_t child = used_[level + 1]++;
                fill(level + 1, child, address);
                data = 0x10000 | child;
            }
            entries_.push_back({level, node * 256 + slot, data});
        }
    }
    bool has_longer(std::uint32_t address, unsigned depth) const {
        for (const Prefix& prefix : prefixes_) {
            if (prefix.length > depth && ((prefix.address ^ address) & mask(depth)) == 0) return true;
        }
        return false;
    }

    std::vector<Prefix> prefixes_;
    std::vector<Entry> entries_;
    unsigned used_[4] = {1, 0, 0, 0};
};

/// `count` prefixes of all lengths, clustered so that they nest, and a tenth of the time a default route.
template <typename Random>
LpmTable random_lpm_table(Random& random, unsigned count) {
    std::vector<Prefix> prefixes;
    if (random.percent(10)) prefixes.push_back({0, 0, static_cast<std::uint16_t>(random.below(0xFFFF))});
    while (prefixes.size() < count) {
        std::uint32_t address = random.word();
        const bool nested = !prefixes.empty() && random.percent(60);
        if (nested) {
            const Prefix& outer = prefixes[random.below(static_cast<std::uint32_t>(prefixes.size()))];
            address = (outer.address & 0xFFFFFF00) | (address & 0xFF);
        }
        const unsigned length = 1 + random.below(32);
        prefixes.push_back(
            {address & (~0U << (32 - length)), length, static_cast<std::uint16_t>(random.below(0xFFFF))});
    }
    return LpmTable(std::move(prefixes));
}

/// An address near one of the table's prefixes, or anywhere.
template <typename Random>
std::uint32_t random_lpm_address(Random& random, const LpmTable& table) {
    const std::vector<Prefix>& prefixes = table.prefixes();
    if (prefixes.empty() || random.percent(25)) return random.word();
    return prefixes[random.below(static_cast<std::uint32_t>(prefixes.size()))].address ^ random.below(0x200);
}

}  // namespace turnpike::tb
