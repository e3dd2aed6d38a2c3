// SPDX-License-Identifier: Apache-2.0
// What follows `ip route add` and its like, as written.
#pragma once
#include <optional>
#include <vector>

#include "config/words.h"

namespace turnpike::config {

struct NextHop {
    std::uint32_t gateway = 0;
    std::uint32_t oif = 0;
    std::optional<std::uint32_t> weight;  ///< 1 to 256
    bool onlink = false;
};

struct RouteArguments {
    std::optional<Prefix> destination;
    std::optional<std::uint8_t> type;
    std::optional<std::uint8_t> scope;
    std::optional<std::uint8_t> protocol;
    std::optional<std::uint32_t> table;
    std::optional<std::uint32_t> gateway;
    std::uint32_t oif = 0;
    std::uint32_t prefsrc = 0;
    std::uint32_t metric = 0;
    std::uint32_t mtu = 0;
    std::uint32_t nhid = 0;
    std::uint8_t tos = 0;
    std::uint8_t hoplimit = 0;
    bool mtu_locked = false;
    bool onlink = false;
    std::vector<NextHop> nexthops;
};

RouteArguments parse_route_arguments(Words& words);
/// An address, with its family before it or not; other families than IPv4 are refused.
std::uint32_t parse_gateway(Words& words);

}  // namespace turnpike::config
