// SPDX-License-Identifier: Apache-2.0
#include "tests/lpm/internet_table.h"

#include <algorithm>
#include <map>
#include <random>
#include <unordered_set>

#include "tests/lpm/reference.h"

namespace turnpike::lpm_test {
namespace {

using lpm::Change;

// Of 100,000 prefixes of the table of 2014, by length from 8 on.
constexpr unsigned kOfLength[] = {3,    2,     6,    18,    51,  95,  190, 337, 2539, 1375, 2325, 4864, 6989,
                                  7340, 11272, 9244, 52675, 179, 207, 105, 27,  57,   65,   4,    33};
constexpr unsigned kFirstLength = 8, kFirstLong = 17;
constexpr unsigned kNextHops = 46'823;
/// Prefixes longer than /16 of a /16 that has some: quantiles at 0, 1/16, …, 1.
constexpr unsigned kOfBlock[] = {1, 1, 2, 2, 4, 5, 6, 8, 10, 14, 19, 25, 34, 45, 59, 83, 226};
// Per mille, fitted: nodes of each level and results a prefix are those of the table of 2014.
constexpr unsigned kJump = 160;                        ///< the next prefix lies elsewhere in its /16
constexpr unsigned kStay = 215;                        ///< … or in the prefix before it
constexpr unsigned kSameHop = 540;                     ///< at a new /21: as the prefix before it
constexpr unsigned kOneOwner = 560, kSameMixed = 500;  ///< a /21 with one next hop; in another one: as the one before

class Maker {
  public:
    explicit Maker(std::uint32_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }
    bool per_mille(unsigned chance) { return below(1000) < chance; }
    unsigned length(unsigned least, unsigned most) {
        unsigned all = 0;
        for (unsigned len = least; len <= most; ++len) all += kOfLength[len - kFirstLength];
        unsigned at = below(all);
        while (at >= kOfLength[least - kFirstLength]) at -= kOfLength[least++ - kFirstLength];
        return least;
    }
    /// Few neighbours are the next hop of many prefixes.
    std::uint16_t hop() {
        const std::uint64_t a = below(65536), b = below(65536);
        return static_cast<std::uint16_t>((a * b >> 16) * kNextHops >> 16);
    }
    /// Between two quantiles, evenly.
    unsigned block_prefixes() {
        const unsigned at = below(std::size(kOfBlock) - 1);
        return kOfBlock[at] + below(kOfBlock[at + 1] - kOfBlock[at] + 1);
    }
    template <typename T>
    void shuffle(std::vector<T>& all) {
        for (std::size_t n = all.size(); n > 1; --n) std::swap(all[n - 1], all[below(static_cast<unsigned>(n))]);
    }

  private:
    std::mt19937 random_;
};

/// 1.0.0.0 to 223.255.255.255 without what is nobody's (RFC 1918, 1122).
bool is_usable(std::uint32_t address) {
    const std::uint32_t first = address >> 24;
    return first >= 1 && first <= 223 && first != 10 && first != 127;
}

class Table {
  public:
    Table(std::size_t prefixes, std::uint32_t seed) : wanted_(prefixes), make_(seed) {
        seen_.reserve(prefixes);
        prefixes_.reserve(prefixes);
    }
    std::vector<Change> make() {
        unsigned long_ones = 0, all = 0;
        for (unsigned n = 0; n < std::size(kOfLength); ++n) {
            all += kOfLength[n];
            if (n + kFirstLength >= kFirstLong) long_ones += kOfLength[n];
        }
        const std::size_t short_ones = wanted_ - wanted_ * long_ones / all;
        while (prefixes_.size() < short_ones) {
            add(prefix_of(make_.below(1U << 31) << 1, make_.length(kFirstLength, kFirstLong - 1)));
        }
        std::vector<std::uint32_t> blocks;
        for (std::uint32_t block = 0; block < 65536; ++block) {
            if (is_usable(block << 16)) blocks.push_back(block << 16);
        }
        make_.shuffle(blocks);
        // A second time round where there are not enough.
        for (std::size_t n = 0; prefixes_.size() < wanted_; ++n) fill(blocks[n % blocks.size()]);
        return with_hops();
    }

  private:
    bool add(Prefix prefix) {
        if (!is_usable(prefix.address) || prefixes_.size() == wanted_) return false;
        if (!seen_.insert(std::uint64_t{prefix.address} << 6 | prefix.len).second) return false;
        prefixes_.push_back(prefix);
        return true;
    }
    /// Some prefixes in a /16, most of them side by side.
    void fill(std::uint32_t block) {
        std::uint32_t at = make_.below(65536);
        for (unsigned left = make_.block_prefixes(); left > 0; --left) {
            const unsigned len = make_.length(kFirstLong, 32);
            if (make_.per_mille(kJump)) at = make_.below(65536);
            const Prefix prefix = prefix_of(block | (at & 0xFFFF), len);
            add(prefix);
            at = prefix.address & 0xFFFF;
            if (!make_.per_mille(kStay)) at += ~mask_of(len) + 1;
        }
    }
    std::vector<Change> with_hops() {
        std::sort(prefixes_.begin(), prefixes_.end(), [](const Prefix& a, const Prefix& b) {
            return a.address != b.address ? a.address < b.address : a.len < b.len;
        });
        std::vector<Change> table;
        std::uint16_t hop = make_.hop();
        std::uint32_t before = 0;
        bool one_owner = false;
        for (const Prefix& prefix : prefixes_) {
            const bool is_new = ((before ^ prefix.address) & mask_of(21)) != 0;
            if (is_new) one_owner = make_.per_mille(kOneOwner);
            const bool same = is_new ? make_.per_mille(kSameHop) : one_owner || make_.per_mille(kSameMixed);
            if (!same) hop = make_.hop();
            before = prefix.address;
            table.push_back({true, prefix.address, prefix.len, hop, 0});
        }
        return table;
    }

    std::size_t wanted_;
    Maker make_;
    std::unordered_set<std::uint64_t> seen_;
    std::vector<Prefix> prefixes_;
};

}  // namespace

std::vector<Change> internet_table(std::size_t prefixes, std::uint32_t seed) { return Table(prefixes, seed).make(); }

std::vector<Change> random_hosts(std::size_t count, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::unordered_set<std::uint32_t> seen;
    std::vector<Change> table;
    while (table.size() < count) {
        const auto address = static_cast<std::uint32_t>(random());
        if (!seen.insert(address).second) continue;
        table.push_back({true, address, 32, static_cast<std::uint16_t>(random() % kNextHops), 0});
    }
    return table;
}

std::vector<Change> random_updates(const std::vector<Change>& table, std::size_t count, std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&random](std::size_t bound) { return static_cast<std::uint32_t>(random() % bound); };
    std::unordered_set<std::uint64_t> there;
    const auto key = [](const Prefix& prefix) { return std::uint64_t{prefix.address} << 6 | prefix.len; };
    for (const Change& one : table) there.insert(key({one.prefix, one.len}));
    std::vector<Change> updates;
    while (updates.size() < count) {
        const std::uint32_t kind = below(100);
        const Change& known = table[below(table.size())];
        Prefix prefix = {known.prefix, known.len};
        if (kind == 0) prefix = {0, 0};
        if (kind == 1) prefix = prefix_of(random() & 0x7FFF'FFFF, 8);
        if (kind >= 2 && kind < 12) prefix = {0x0A00'0000 + below(256), 32};
        if (kind >= 12 && kind < 22) prefix = {(known.prefix & 0xFFFF'0000) | below(512), 32};
        const bool remove = there.contains(key(prefix)) && below(2) == 0;
        if (remove) {
            there.erase(key(prefix));
        } else {
            there.insert(key(prefix));
        }
        updates.push_back({!remove, prefix.address, prefix.len, static_cast<std::uint16_t>(below(kNextHops)), 0});
    }
    return updates;
}

std::vector<std::uint32_t> random_addresses(const std::vector<Change>& table, std::size_t count, bool biased,
                                            std::uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::uint32_t> addresses(count);
    for (std::uint32_t& address : addresses) {
        address = static_cast<std::uint32_t>(random());
        if (!biased) continue;
        const Change& one = table[random() % table.size()];
        address = one.prefix | (address & ~mask_of(one.len));
    }
    return addresses;
}

}  // namespace turnpike::lpm_test
