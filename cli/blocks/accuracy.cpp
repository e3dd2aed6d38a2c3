// SPDX-License-Identifier: Apache-2.0
#include "cli/blocks/accuracy.h"

#include <cmath>

namespace turnpike::blocks {
namespace {

double rounded(double value) { return std::round(value * 100) / 100; }

int order(double a, double b) { return a < b ? -1 : a > b ? 1 : 0; }

/// Kendall's tau-b: agreeing less disagreeing pairs, over the pairs that either side tells apart.
double tau_b(const std::vector<Pair>& pairs) {
    double balance = 0, measured = 0, predicted = 0;
    for (std::size_t a = 0; a < pairs.size(); ++a) {
        for (std::size_t b = a + 1; b < pairs.size(); ++b) {
            const int x = order(pairs[a].measured, pairs[b].measured);
            const int y = order(pairs[a].predicted, pairs[b].predicted);
            balance += x * y;
            measured += x != 0 ? 1 : 0;
            predicted += y != 0 ? 1 : 0;
        }
    }
    return measured == 0 || predicted == 0 ? 0 : balance / std::sqrt(measured * predicted);
}

}  // namespace

Accuracy accuracy_of(std::vector<Pair> pairs) {
    Accuracy result;
    result.count = pairs.size();
    if (pairs.empty()) return result;
    for (Pair& pair : pairs) {
        const double error = std::abs(pair.predicted - pair.measured) / pair.measured;
        result.mape += error;
        result.within_tenth += error <= 0.1 ? 1 : 0;
        pair = {rounded(pair.measured), rounded(pair.predicted)};
    }
    result.mape /= static_cast<double>(pairs.size());
    result.within_tenth /= static_cast<double>(pairs.size());
    result.kendall_tau = tau_b(pairs);
    return result;
}

}  // namespace turnpike::blocks
