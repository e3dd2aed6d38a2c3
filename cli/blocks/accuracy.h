// SPDX-License-Identifier: Apache-2.0
// How far predictions are from measurements.
#pragma once
#include <cstddef>
#include <vector>

namespace turnpike::blocks {

struct Pair {
    double measured;
    double predicted;
};

struct Accuracy {
    double mape = 0;          ///< mean of |predicted - measured| / measured
    double kendall_tau = 0;   ///< tau-b, both sides rounded to two decimals
    double within_tenth = 0;  ///< share of pairs off by at most 10 %
    std::size_t count = 0;
};

Accuracy accuracy_of(std::vector<Pair> pairs);

}  // namespace turnpike::blocks
