// SPDX-License-Identifier: Apache-2.0
#include "config/ip_route_arguments.h"

#include <fmt/format.h>

#include <cctype>

#include "config/ip_route_metrics.h"
#include "config/option.h"
#include "config/rt_names.h"
#include "regs/config.h"

namespace turnpike::config {

std::uint32_t parse_gateway(Words& words) {
    if (words.take("inet")) return words.address("a gateway");
    for (const std::string_view family : {"inet6", "mpls", "bridge", "link"}) {
        if (!words.done() && words.peek().text == family) words.unsupported(words.peek(), "an IPv4 gateway");
    }
    return words.address("a gateway");
}

namespace {

constexpr std::string_view kOptions =
    "via ADDRESS, dev NAME, nhid N, src ADDRESS, metric N, table N, scope SCOPE, proto NAME, tos N, mtu [lock] N, "
    "hoplimit N, onlink or nexthop …";
constexpr std::string_view kTypes =
    "unicast, local, broadcast, multicast, anycast, blackhole, unreachable, prohibit, throw or nat";
constexpr std::string_view kNextHopOptions = "via ADDRESS, dev NAME, weight N or onlink";
constexpr std::uint64_t kMost32 = 0xFFFFFFFF;
constexpr std::uint64_t kMostWeight = 256;  // struct rtnexthop holds one less in 8 bits

constexpr Option<NextHop> kNextHop[] = {
    {"via", Spelling::whole, [](Words& words, NextHop& hop) { hop.gateway = parse_gateway(words); }},
    {"dev", Spelling::whole, [](Words& words, NextHop& hop) { hop.oif = words.interface(); }},
    {"weight", Spelling::whole,
     [](Words& words, NextHop& hop) {
         hop.weight = static_cast<std::uint32_t>(words.number("a weight", 1, kMostWeight));
     }},
    {"onlink", Spelling::whole, [](Words&, NextHop& hop) { hop.onlink = true; }},
    {"realms", Spelling::prefix, [](Words& words, NextHop&) { skip_realms(words); }},
    {"encap", Spelling::whole, nullptr},
    {"as", Spelling::whole, [](Words& words, NextHop&) { skip_new_destination(words); }},
};

/// The first `nexthop` has been taken; nothing but next hops comes after it.
void parse_nexthops(Words& words, RouteArguments& arguments) {
    do {
        if (arguments.nexthops.size() == regs::config::MAX_NEXTHOPS) {
            words.fail_line(found_expected("more next hops", fmt::format("{} at most", regs::config::MAX_NEXTHOPS)));
        }
        if (words.done()) words.next(kNextHopOptions);
        NextHop& hop = arguments.nexthops.emplace_back();
        while (!words.done() && parse_option<NextHop>(words, hop, kNextHop, kNextHopOptions)) {
        }
        if (!words.done() && words.peek().text != "nexthop") {
            words.fail(words.peek(), fmt::format("{}, nexthop or the end of the command", kNextHopOptions));
        }
    } while (words.take("nexthop"));
}

void parse_metric(Words& words, RouteArguments& arguments) {
    arguments.metric = static_cast<std::uint32_t>(words.number("a metric", 0, kMost32));
}

void parse_mtu(Words& words, RouteArguments& arguments) {
    arguments.mtu_locked = words.take("lock");
    arguments.mtu = static_cast<std::uint32_t>(words.number("an MTU", 0, kMost32));
}

void parse_hoplimit(Words& words, RouteArguments& arguments) {
    constexpr std::uint64_t kMostTtl = 255;
    words.take("lock");
    arguments.hoplimit = static_cast<std::uint8_t>(words.number("a TTL", 0, kMostTtl));
}

void parse_tos(Words& words, RouteArguments& arguments) { arguments.tos = parse_dsfield(words); }
void parse_device(Words& words, RouteArguments& arguments) { arguments.oif = words.interface(); }

/// Linux takes 0 for the main table (fib_new_table, net/ipv4/fib_frontend.c).
void parse_route_table(Words& words, RouteArguments& arguments) {
    const std::uint32_t table = parse_table(words);
    arguments.table = table == 0 ? regs::config::RT_TABLE_MAIN : table;
}

constexpr Option<RouteArguments> kRoute[] = {
    {"src", Spelling::whole,
     [](Words& words, RouteArguments& arguments) { arguments.prefsrc = words.address("a source address"); }},
    {"as", Spelling::whole, [](Words& words, RouteArguments&) { skip_new_destination(words); }},
    {"via", Spelling::whole,
     [](Words& words, RouteArguments& arguments) {
         if (arguments.gateway) words.fail(words.next("a gateway"), "one gateway: several are written with nexthop");
         arguments.gateway = parse_gateway(words);
     }},
    {"from", Spelling::whole, [](Words& words, RouteArguments&) { words.prefix("a source"); }},
    {"tos", Spelling::whole, parse_tos},
    {"dsfield", Spelling::prefix, parse_tos},
    {"expires", Spelling::whole, [](Words& words, RouteArguments&) { words.number("seconds", 0, kMost32); }},
    {"metric", Spelling::prefix, parse_metric},
    {"priority", Spelling::prefix, parse_metric},
    {"preference", Spelling::whole, parse_metric},
    {"scope", Spelling::whole, [](Words& words, RouteArguments& arguments) { arguments.scope = parse_scope(words); }},
    {"mtu", Spelling::whole, parse_mtu},
    {"hoplimit", Spelling::whole, parse_hoplimit},
    {"advmss", Spelling::whole, [](Words& words, RouteArguments&) { skip_metric(words); }},
    {"reordering", Spelling::prefix, [](Words& words, RouteArguments&) { skip_metric(words); }},
    {"rtt", Spelling::whole, [](Words& words, RouteArguments&) { skip_time(words); }},
    {"rto_min", Spelling::whole, [](Words& words, RouteArguments&) { skip_time(words); }},
    {"window", Spelling::prefix, [](Words& words, RouteArguments&) { skip_metric(words); }},
    {"cwnd", Spelling::prefix, [](Words& words, RouteArguments&) { skip_metric(words); }},
    {"initcwnd", Spelling::prefix, [](Words& words, RouteArguments&) { skip_metric(words); }},
    {"initrwnd", Spelling::prefix, [](Words& words, RouteArguments&) { skip_metric(words); }},
    {"features", Spelling::prefix, [](Words& words, RouteArguments&) { skip_features(words); }},
    {"quickack", Spelling::prefix, [](Words& words, RouteArguments&) { skip_switch(words); }},
    {"congctl", Spelling::prefix, [](Words& words, RouteArguments&) { skip_congestion_control(words); }},
    {"rttvar", Spelling::whole, [](Words& words, RouteArguments&) { skip_time(words); }},
    {"ssthresh", Spelling::prefix, [](Words& words, RouteArguments&) { skip_metric(words); }},
    {"realms", Spelling::prefix, [](Words& words, RouteArguments&) { skip_realms(words); }},
    {"onlink", Spelling::whole, [](Words&, RouteArguments& arguments) { arguments.onlink = true; }},
    {"nexthop", Spelling::whole, parse_nexthops},
    {"nhid", Spelling::whole,
     [](Words& words, RouteArguments& arguments) {
         arguments.nhid = static_cast<std::uint32_t>(words.number("a next hop's id", 0, kMost32));
     }},
    {"protocol", Spelling::prefix,
     [](Words& words, RouteArguments& arguments) { arguments.protocol = parse_route_protocol(words); }},
    {"table", Spelling::prefix, parse_route_table},
    {"dev", Spelling::whole, parse_device},
    {"oif", Spelling::whole, parse_device},
    {"vrf", Spelling::whole, nullptr},
    {"pref", Spelling::whole, [](Words& words, RouteArguments&) { skip_preference(words); }},
    {"encap", Spelling::whole, nullptr},
    {"ttl-propagate", Spelling::whole, [](Words& words, RouteArguments&) { skip_ttl_propagation(words); }},
    {"fastopen_no_cookie", Spelling::prefix, [](Words& words, RouteArguments&) { skip_switch(words); }},
};

void parse_destination(Words& words, RouteArguments& arguments) {
    words.take("to");
    const Word& word = words.next("a destination");
    if (arguments.destination) words.fail(word, kOptions);
    // A number is a destination here.
    if (!word.text.empty() && std::isdigit(static_cast<unsigned char>(word.text[0])) == 0) {
        arguments.type = route_type(word.text);
    }
    if (arguments.type) {
        arguments.destination = words.prefix("a destination");
        return;
    }
    arguments.destination = parse_prefix(word.text);
    if (!arguments.destination) {
        words.fail(word, fmt::format("a destination: default, ADDRESS or ADDRESS/LENGTH, or {} before it", kTypes));
    }
}

}  // namespace

RouteArguments parse_route_arguments(Words& words) {
    RouteArguments arguments;
    while (!words.done()) {
        if (!parse_option<RouteArguments>(words, arguments, kRoute, kOptions)) parse_destination(words, arguments);
    }
    if (!arguments.destination) words.fail_line(found_expected("no destination", "ip route add PREFIX …"));
    return arguments;
}

}  // namespace turnpike::config
