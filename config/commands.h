// SPDX-License-Identifier: Apache-2.0
// One parser for each kind of command; each takes the words behind the object's name (or behind `sysctl`).
#pragma once
#include "config/message.h"
#include "config/words.h"

namespace turnpike::config {

Message parse_ip_link(Words& words);
Message parse_ip_address(Words& words);
Message parse_ip_route(Words& words);
/// Behind `ip route flush`.
Message parse_route_flush(Words& words);
Message parse_ip_nexthop(Words& words);
Message parse_ip_rule(Words& words);
Message parse_ip_neighbour(Words& words);
Message parse_ip_mroute(Words& words);
/// Takes an option that is about how something is shown; false: the next word is none.
bool take_ip_display_option(Words& words);
/// What follows the object's name only asks for something to be shown.
bool is_ip_listing(const Words& words, std::string_view object);
void skip_ip_listing(Words& words, std::string_view object);
Message parse_ethtool(Words& words);
std::vector<Message> parse_sysctl(Words& words);
/// echo VALUE > /proc/sys/…
std::vector<Message> parse_echo(Words& words);

}  // namespace turnpike::config
