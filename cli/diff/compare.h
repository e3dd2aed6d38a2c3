// SPDX-License-Identifier: Apache-2.0
// Compares what Turnpike sent out of a port with what the reference sent: equal multisets, and equal order inside each
// flow. Times are never compared.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/diff/normalise.h"

namespace turnpike::diff {

enum class Order { none, flow, port };

struct CompareRules {
    Order order = Order::flow;
    std::vector<std::string> normalise{"pad"};  ///< names of normalisers
};

struct Difference {
    enum class Kind {
        changed,  ///< a frame of each side, nearly alike
        missing,  ///< the reference sent it, Turnpike did not
        extra,    ///< Turnpike sent it, the reference did not
        order,    ///< both sent both, in another order
    };
    Kind kind;
    std::optional<std::size_t> ours;    ///< index in the port's output, from 0
    std::optional<std::size_t> theirs;  ///< index in the reference
    std::vector<std::string> fields;    ///< that differ, in frame order; for Kind::changed
};

struct PortResult {
    std::string port;
    std::size_t ours = 0;  ///< frames compared
    std::size_t theirs = 0;
    std::size_t matched = 0;  ///< frames with an equal one on the other side
    std::optional<Difference> first;
    bool equal() const { return !first; }
};

/// IPv6 and LLDP frames are no part of the comparison.
bool is_compared(Bytes frame);

PortResult compare_port(const std::string& port, const std::vector<FrameBytes>& ours,
                        const std::vector<FrameBytes>& theirs, const CompareRules& rules);

}  // namespace turnpike::diff
