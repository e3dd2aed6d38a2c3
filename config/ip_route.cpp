// SPDX-License-Identifier: Apache-2.0
// ip route { add | del | replace | append } [TYPE] PREFIX … (iproute2 ip/iproute.c).
#include <fmt/format.h>

#include <optional>

#include "config/commands.h"
#include "config/scope.h"

namespace turnpike::config {
namespace {

namespace rt = regs::config;

constexpr std::string_view kActions = "add, del, replace or append";
constexpr std::string_view kOptions =
    "via ADDRESS, dev NAME, src ADDRESS, metric N, table N, scope SCOPE, proto NAME or onlink";
constexpr std::uint64_t kMost32 = 0xFFFFFFFF;

struct Arguments {
    std::optional<Prefix> destination;
    std::optional<std::uint8_t> type;
    std::optional<std::uint8_t> scope;
    std::optional<std::uint32_t> gateway;
    std::uint32_t oif = 0;
    std::uint32_t prefsrc = 0;
    std::uint32_t metric = 0;
    std::uint32_t table = rt::RT_TABLE_MAIN;
    bool onlink = false;
};

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (text == name) return true;
    }
    return false;
}

/// A type that this version has; 0 for iproute2's others. In iproute2's order (ip/rtm_map.c), since all but the first
/// two can be abbreviated: "any" is anycast there, not 0.0.0.0/0.
std::optional<std::uint8_t> route_type(std::string_view name) {
    if (name == "local" || name == "nat" || name == "brd") return 0;
    struct Type {
        std::string_view name;
        std::uint8_t number;
    };
    constexpr Type kTypes[] = {{"broadcast", 0},
                               {"anycast", 0},
                               {"multicast", 0},
                               {"prohibit", rt::RTN_PROHIBIT},
                               {"unreachable", rt::RTN_UNREACHABLE},
                               {"blackhole", rt::RTN_BLACKHOLE},
                               {"xresolve", 0},
                               {"unicast", rt::RTN_UNICAST},
                               {"throw", 0}};
    for (const Type& type : kTypes) {
        if (!name.empty() && type.name.starts_with(name)) return type.number;
    }
    return std::nullopt;
}

/// Linux takes 0 for the main table (fib_new_table, net/ipv4/fib_frontend.c).
std::uint32_t parse_table(Words& words) {
    if (words.take("main")) return rt::RT_TABLE_MAIN;
    if (words.take("local")) return rt::RT_TABLE_LOCAL;
    if (words.take("default")) return rt::RT_TABLE_DEFAULT;
    const auto number = words.number("main, local, default or a table number", 0, kMost32);
    return number == 0 ? rt::RT_TABLE_MAIN : static_cast<std::uint32_t>(number);
}

/// Who made the route: stored by Linux for show only, so checked and dropped.
void parse_protocol(Words& words) {
    constexpr std::string_view kExpected = "kernel, boot, static, another protocol name of iproute2 or a number";
    const Word& word = words.next(kExpected);
    const auto number = parse_number(word.text);
    const bool named = is_any_of(word.text, {"none", "redirect",   "kernel", "boot",  "static",   "gated", "ra",
                                             "mrt",  "zebra",      "bird",   "babel", "dnrouted", "xorp",  "ntk",
                                             "dhcp", "keepalived", "bgp",    "isis",  "ospf",     "rip",   "eigrp"});
    if (!named && (!number || *number > 255)) words.fail(word, kExpected);
}

void parse_gateway(Words& words, Arguments& arguments) {
    words.take("inet");
    if (arguments.gateway) {
        words.fail(words.next("a gateway"), "one gateway: several next hops are not supported by this version");
    }
    arguments.gateway = words.address("a gateway");
}

bool parse_option(Words& words, Arguments& arguments) {
    if (words.take("via")) {
        parse_gateway(words, arguments);
    } else if (words.take("dev") || words.take("oif")) {
        arguments.oif = words.interface();
    } else if (words.take("src")) {
        arguments.prefsrc = words.address("a source address");
    } else if (words.take_prefix("metric") || words.take_prefix("priority") || words.take("preference")) {
        arguments.metric = static_cast<std::uint32_t>(words.number("a metric", 0, kMost32));
    } else if (words.take("scope")) {
        arguments.scope = parse_scope(words);
    } else if (words.take("onlink")) {
        arguments.onlink = true;
    } else if (words.take_prefix("protocol")) {
        parse_protocol(words);
    } else if (words.take_prefix("table")) {
        arguments.table = parse_table(words);
    } else {
        return false;
    }
    return true;
}

/// Words that iproute2 knows and this version does not.
void refuse_unsupported(Words& words) {
    const Word& word = words.peek();
    if (is_any_of(word.text, {"as",       "tos",      "dsfield",    "mtu",          "lock",   "hoplimit", "advmss",
                              "rtt",      "rttvar",   "rto_min",    "window",       "cwnd",   "initcwnd", "initrwnd",
                              "features", "quickack", "congctl",    "ssthresh",     "realms", "nexthop",  "nhid",
                              "encap",    "expires",  "reordering", "ttl-propagate"})) {
        words.unsupported(word, kOptions);
    }
}

void parse_destination(Words& words, Arguments& arguments) {
    words.take("to");
    const Word& word = words.next("a destination");
    if (arguments.destination) words.fail(word, kOptions);
    if (const auto type = route_type(word.text)) {
        if (*type == 0) words.unsupported(word, "unicast, blackhole, unreachable or prohibit");
        arguments.type = type;
        arguments.destination = words.prefix("a destination");
        return;
    }
    arguments.destination = parse_prefix(word.text);
    if (!arguments.destination) {
        words.fail(word,
                   "a destination: default, ADDRESS or ADDRESS/LENGTH, or unicast, blackhole, unreachable or "
                   "prohibit before it");
    }
}

Arguments parse_arguments(Words& words) {
    Arguments arguments;
    while (!words.done()) {
        if (parse_option(words, arguments)) continue;
        refuse_unsupported(words);
        parse_destination(words, arguments);
    }
    if (!arguments.destination) words.fail_line(found_expected("no destination", "ip route add PREFIX …"));
    return arguments;
}

enum class Add { create, replace, append };

Message add(const Arguments& arguments, Add mode) {
    const bool unicast = arguments.type.value_or(rt::RTN_UNICAST) == rt::RTN_UNICAST;
    const std::uint8_t scope = unicast && !arguments.gateway ? rt::RT_SCOPE_LINK : rt::RT_SCOPE_UNIVERSE;
    rt::RouteAdd message;
    message.destination = arguments.destination->address;
    message.prefixlen = arguments.destination->length;
    message.gateway = arguments.gateway.value_or(0);
    message.oif = arguments.oif;
    message.prefsrc = arguments.prefsrc;
    message.metric = arguments.metric;
    message.table = arguments.table;
    message.type = arguments.type.value_or(rt::RTN_UNICAST);
    message.scope = arguments.scope.value_or(scope);
    message.replace = mode == Add::replace ? 1 : 0;
    message.append = mode == Add::append ? 1 : 0;
    message.onlink = arguments.onlink ? 1 : 0;
    return encode(message);
}

Message remove(const Arguments& arguments) {
    rt::RouteDel message;
    message.destination = arguments.destination->address;
    message.prefixlen = arguments.destination->length;
    message.gateway = arguments.gateway.value_or(0);
    message.oif = arguments.oif;
    message.metric = arguments.metric;
    message.table = arguments.table;
    message.type = arguments.type.value_or(0);
    message.scope = arguments.scope.value_or(rt::RT_SCOPE_NOWHERE);
    return encode(message);
}

}  // namespace

Message parse_ip_route(Words& words) {
    if (words.take_prefix("add")) return add(parse_arguments(words), Add::create);
    if (words.take_prefix("replace")) return add(parse_arguments(words), Add::replace);
    if (words.take_prefix("append")) return add(parse_arguments(words), Add::append);
    if (words.take_prefix("delete")) return remove(parse_arguments(words));
    words.unsupported(words.next(kActions), kActions);
}

}  // namespace turnpike::config
