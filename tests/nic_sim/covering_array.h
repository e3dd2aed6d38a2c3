// SPDX-License-Identifier: Apache-2.0
// Combinations of factors in which each pair of values of two factors occurs at least once.
#pragma once
#include <cstdint>
#include <vector>

namespace turnpike::test {

/// `levels`: how many values each factor has. A row holds the index of a value for each factor. Greedy: a row takes, in
/// an order that `seed` shuffles, the values that cover most pairs that no row has yet.
std::vector<std::vector<unsigned>> covering_array(const std::vector<unsigned>& levels, std::uint64_t seed);

}  // namespace turnpike::test
