// SPDX-License-Identifier: Apache-2.0
// Compares what Turnpike sent with what the reference sent. Per port: equal multisets, and equal order inside each
// flow. Times are never compared. What is forgiven stands in forgive.h.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/diff/forgive.h"

namespace turnpike::diff {

/// What one side sent, by port.
using Output = std::vector<std::vector<FrameBytes>>;

struct Place {
    std::size_t port;
    std::size_t index;  ///< in the port's output, from 0
    bool operator==(const Place&) const = default;
};

struct Difference {
    enum class Kind {
        changed,  ///< a frame of each side, nearly alike
        missing,  ///< the reference sent it, Turnpike did not
        extra,    ///< Turnpike sent it, the reference did not
        order,    ///< both sent both, in another order
        group,    ///< Turnpike spreads over a group of ports as it must not: `fault` tells
    };
    Kind kind;
    std::optional<Place> ours;
    std::optional<Place> theirs;
    std::vector<std::string> fields{};  ///< that differ, in frame order; for Kind::changed
    std::string fault{};
};

struct PortResult {
    std::string port;      ///< "eth0", or "eth1+eth2" for a group
    std::size_t ours = 0;  ///< frames compared
    std::size_t theirs = 0;
    std::size_t matched = 0;  ///< frames with an equal one on the other side
    std::size_t quotes = 0;   ///< of these, ICMP errors that quote more or less: forgiven, with this remark
    std::optional<Difference> first;
    bool equal() const { return !first; }
};

/// IPv6 and LLDP frames are no part of the comparison.
bool is_compared(Bytes frame);

/// One result for each port or group of ports that is compared.
std::vector<PortResult> compare_outputs(const Output& ours, const Output& theirs, const Facts& facts);

}  // namespace turnpike::diff
