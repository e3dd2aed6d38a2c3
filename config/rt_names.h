// SPDX-License-Identifier: Apache-2.0
// Numbers that have names (iproute2 lib/rt_names.c, ip/rtm_map.c and the files of /etc/iproute2).
#pragma once
#include <optional>

#include "config/words.h"

namespace turnpike::config {

std::uint8_t parse_scope(Words& words);
/// 0, which is called unspec, to 2^32 - 1.
std::uint32_t parse_table(Words& words);
/// Hexadecimal with or without 0x, or the name of a DSCP.
std::uint8_t parse_dsfield(Words& words);
std::uint8_t parse_route_protocol(Words& words);
/// Name or number of an IP protocol.
std::uint8_t parse_ip_protocol(Words& words);
/// NUD_*: a name, some of which can be abbreviated, or the number of at most one of them.
std::uint16_t parse_neighbour_state(Words& words);
/// One of the algorithms that a kernel usually has.
bool is_congestion_control(std::string_view name);
/// RTN_*, by name or number: those from broadcast on can be abbreviated, so that "any" is anycast.
std::optional<std::uint8_t> route_type(std::string_view name);

}  // namespace turnpike::config
