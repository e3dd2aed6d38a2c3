// SPDX-License-Identifier: Apache-2.0
// A table of prefixes as plainly as can be: a map for each length, asked from the longest on.
#pragma once
#include <cstdint>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

namespace turnpike::lpm_test {

inline constexpr std::uint16_t kMiss = 0xFFFF;

struct Prefix {
    std::uint32_t address;
    unsigned len;
    bool operator==(const Prefix&) const = default;
};

constexpr std::uint32_t mask_of(unsigned len) { return len == 0 ? 0 : ~0U << (32 - len); }
inline Prefix prefix_of(std::uint32_t address, unsigned len) { return {address & mask_of(len), len}; }

class Reference {
  public:
    void put(Prefix prefix, std::uint16_t hop) { maps_[prefix.len][prefix.address] = hop; }
    bool remove(Prefix prefix) { return maps_[prefix.len].erase(prefix.address) != 0; }
    std::optional<std::uint16_t> find(Prefix prefix) const {
        const auto found = maps_[prefix.len].find(prefix.address);
        return found == maps_[prefix.len].end() ? std::nullopt : std::optional(found->second);
    }
    std::uint16_t lookup(std::uint32_t address) const {
        for (unsigned len = 33; len-- > 0;) {
            if (const auto hop = find(prefix_of(address, len))) return *hop;
        }
        return kMiss;
    }
    std::size_t size() const {
        std::size_t count = 0;
        for (const auto& map : maps_) count += map.size();
        return count;
    }
    template <typename Visitor>
    void for_each(Visitor&& visit) const {
        for (unsigned len = 0; len <= 32; ++len) {
            for (const auto& [address, hop] : maps_[len]) visit(Prefix{address, len}, hop);
        }
    }

  private:
    std::unordered_map<std::uint32_t, std::uint16_t> maps_[33];
};

/// Prefixes of all lengths that nest, most of them in a few blocks, with few enough next hops that some nodes have one.
class PrefixSource {
  public:
    explicit PrefixSource(unsigned seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }
    std::uint16_t hop() { return static_cast<std::uint16_t>(below(3) == 0 ? below(0xFFFF) : below(4)); }
    std::uint32_t address() {
        if (below(8) == 0) return static_cast<std::uint32_t>(random_());
        return 0x3C000000 + (below(4) << 24) + (below(3) << 19) + (below(40) << 11) + below(2048);
    }
    Prefix prefix() {
        constexpr unsigned kUsual[] = {0,  8,  8,  12, 13, 16, 17, 18, 20, 21, 22,
                                       24, 24, 24, 24, 25, 28, 29, 30, 31, 32, 32};
        const unsigned len = below(4) == 0 ? below(33) : kUsual[below(sizeof kUsual / sizeof kUsual[0])];
        return prefix_of(address(), len);
    }
    /// An address at an edge of the prefix, in it, or anywhere.
    std::uint32_t address_near(Prefix prefix) {
        const std::uint32_t last = prefix.address | ~mask_of(prefix.len);
        switch (below(5)) {
            case 0:
                return prefix.address;
            case 1:
                return last;
            case 2:
                return below(2) == 0 ? prefix.address - 1 : last + 1;
            case 3:
                return prefix.address | (static_cast<std::uint32_t>(random_()) & ~mask_of(prefix.len));
            default:
                return address();
        }
    }

  private:
    std::mt19937 random_;
};

}  // namespace turnpike::lpm_test
