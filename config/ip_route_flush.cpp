// SPDX-License-Identifier: Apache-2.0
// ip route flush SELECTOR (iproute2 ip/iproute.c, iproute_list_flush_or_save).
#include "config/commands.h"
#include "config/option.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

namespace rt = regs::config;

constexpr std::string_view kExpected =
    "PREFIX, root PREFIX, match PREFIX, exact PREFIX, table N, dev NAME, proto NAME, type TYPE or cache";

void parse_table_or_cache(Words& words, rt::Flush& flush) {
    if (words.take("cache")) {
        flush.what = rt::FLUSH_ROUTE_CACHE;
    } else {
        flush.table = words.take("all") ? 0 : parse_table(words);  // `all` is none in particular
    }
}

void parse_type(Words& words, rt::Flush& flush) {
    constexpr std::string_view kTypes = "a type of routes, as unicast or blackhole";
    const Word& word = words.next(kTypes);
    const auto type = route_type(word.text);
    if (!type || *type == 0) words.fail(word, kTypes);
    flush.type = *type;
}

void parse_destination(Words& words, rt::Flush& flush, std::uint8_t match) {
    if (flush.prefix_match != rt::MATCH_ANY) words.unsupported(words.next(kExpected), "one prefix");
    const Prefix prefix = words.prefix("a destination");
    flush.destination = prefix.address;
    flush.prefixlen = prefix.length;
    flush.prefix_match = match;
}

constexpr Option<rt::Flush> kOptions[] = {
    {"table", Spelling::prefix, parse_table_or_cache},
    {"vrf", Spelling::whole, nullptr},
    {"cached", Spelling::prefix, [](Words&, rt::Flush& flush) { flush.what = rt::FLUSH_ROUTE_CACHE; }},
    {"tos", Spelling::whole, nullptr},
    {"dsfield", Spelling::prefix, nullptr},
    {"metric", Spelling::prefix, nullptr},
    {"priority", Spelling::prefix, nullptr},
    {"preference", Spelling::whole, nullptr},
    {"protocol", Spelling::prefix,
     [](Words& words, rt::Flush& flush) { flush.protocol = parse_route_protocol(words); }},
    {"scope", Spelling::prefix, nullptr},
    {"type", Spelling::prefix, parse_type},
    {"dev", Spelling::whole, [](Words& words, rt::Flush& flush) { flush.ifindex = words.interface(); }},
    {"oif", Spelling::whole, [](Words& words, rt::Flush& flush) { flush.ifindex = words.interface(); }},
    {"iif", Spelling::whole, nullptr},
    {"via", Spelling::whole, nullptr},
    {"src", Spelling::whole, nullptr},
    {"realms", Spelling::prefix, nullptr},
    {"from", Spelling::whole, nullptr},
    {"root", Spelling::prefix, [](Words& words, rt::Flush& flush) { parse_destination(words, flush, rt::MATCH_ROOT); }},
    {"match", Spelling::prefix,
     [](Words& words, rt::Flush& flush) { parse_destination(words, flush, rt::MATCH_WIDER); }},
    {"exact", Spelling::prefix,
     [](Words& words, rt::Flush& flush) { parse_destination(words, flush, rt::MATCH_EXACT); }},
};

}  // namespace

Message parse_route_flush(Words& words) {
    if (words.done()) words.fail_line(found_expected("the end of the command", kExpected));
    rt::Flush flush;
    flush.what = rt::FLUSH_ROUTES;
    flush.table = rt::RT_TABLE_MAIN;
    while (!words.done()) {
        if (parse_option<rt::Flush>(words, flush, kOptions, kExpected)) continue;
        words.take("to");
        parse_destination(words, flush, rt::MATCH_EXACT);
    }
    return encode(flush);
}

}  // namespace turnpike::config
