// SPDX-License-Identifier: Apache-2.0
#include "tests/nic_sim/covering_array.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>

namespace turnpike::test {
namespace {

/// Two factors and a value of each, the lower factor first.
using Pair = std::array<unsigned, 4>;

Pair pair_of(unsigned a, unsigned value_a, unsigned b, unsigned value_b) {
    return a < b ? Pair{a, value_a, b, value_b} : Pair{b, value_b, a, value_a};
}

std::set<Pair> all_pairs(const std::vector<unsigned>& levels) {
    std::set<Pair> pairs;
    for (unsigned a = 0; a < levels.size(); ++a)
        for (unsigned b = a + 1; b < levels.size(); ++b)
            for (unsigned i = 0; i < levels[a]; ++i)
                for (unsigned k = 0; k < levels[b]; ++k) pairs.insert({a, i, b, k});
    return pairs;
}

/// The pair that is to be covered next fixes two factors, the others follow one by one.
std::vector<unsigned> next_row(const std::vector<unsigned>& levels, const std::set<Pair>& open,
                               std::vector<unsigned> order) {
    std::vector<unsigned> row(levels.size());
    const Pair& first = *open.begin();
    row[first[0]] = first[1];
    row[first[2]] = first[3];
    std::vector<unsigned> fixed = {first[0], first[2]};
    std::erase_if(order, [&](unsigned factor) { return factor == first[0] || factor == first[2]; });
    for (const unsigned factor : order) {
        std::size_t best = 0;
        for (unsigned value = 0; value < levels[factor]; ++value) {
            const auto gain = static_cast<std::size_t>(std::count_if(fixed.begin(), fixed.end(), [&](unsigned other) {
                return open.contains(pair_of(factor, value, other, row[other]));
            }));
            if (value == 0 || gain > best) row[factor] = value;
            best = std::max(best, gain);
        }
        fixed.push_back(factor);
    }
    return row;
}

}  // namespace

std::vector<std::vector<unsigned>> covering_array(const std::vector<unsigned>& levels, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::set<Pair> open = all_pairs(levels);
    std::vector<unsigned> order(levels.size());
    for (unsigned n = 0; n < order.size(); ++n) order[n] = n;
    std::vector<std::vector<unsigned>> rows;
    while (!open.empty()) {
        for (std::size_t n = order.size(); n > 1; --n) std::swap(order[n - 1], order[random() % n]);
        const std::vector<unsigned> row = next_row(levels, open, order);
        for (unsigned a = 0; a < row.size(); ++a)
            for (unsigned b = a + 1; b < row.size(); ++b) open.erase({a, row[a], b, row[b]});
        rows.push_back(row);
    }
    return rows;
}

}  // namespace turnpike::test
