// SPDX-License-Identifier: Apache-2.0
// One parser for each kind of command; each takes the words behind the object's name (or behind `sysctl`).
#pragma once
#include "config/message.h"
#include "config/words.h"

namespace turnpike::config {

Message parse_ip_link(Words& words);
Message parse_ip_address(Words& words);
Message parse_ip_route(Words& words);
Message parse_ip_rule(Words& words);
Message parse_ip_neighbour(Words& words);
Message parse_ip_mroute(Words& words);
Message parse_ethtool(Words& words);
std::vector<Message> parse_sysctl(Words& words);
/// echo VALUE > /proc/sys/…
std::vector<Message> parse_echo(Words& words);

}  // namespace turnpike::config
