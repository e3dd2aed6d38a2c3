// SPDX-License-Identifier: Apache-2.0
// ip rule { add | delete | flush } … (iproute2 ip/iprule.c).
#include <fmt/format.h>

#include "config/commands.h"
#include "config/option.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

namespace rt = regs::config;
using Rule = rt::RuleAdd;  // RuleDel is a part of it

constexpr std::string_view kActions = "add, del, flush or show";
constexpr std::string_view kOptions =
    "not, from PREFIX, to PREFIX, tos N, fwmark N[/MASK], iif NAME, oif NAME, ipproto NAME, sport N[-N], dport N[-N], "
    "priority N, table N, suppress_prefixlength N, map-to ADDRESS, goto N, nop, blackhole, unreachable or prohibit";
constexpr std::uint64_t kMost32 = 0xFFFFFFFF;

/// What the command said of the rule.
struct Arguments {
    Rule rule;
    bool action_given = false;
    bool table_given = false;  ///< 0: the kernel takes an empty one
};

void parse_priority(Words& words, Arguments& arguments) {
    arguments.rule.priority = static_cast<std::uint32_t>(words.number("a priority", 0, kMost32));
    arguments.rule.has_priority = 1;
}

void parse_tos(Words& words, Arguments& arguments) { arguments.rule.tos = parse_dsfield(words); }

/// A mark without a mask counts as a whole, but 0 alone for any (fib_nl2rule, net/core/fib_rules.c).
void parse_fwmark(Words& words, Arguments& arguments) {
    constexpr std::string_view kExpected = "a mark, N or N/MASK of 32 bits";
    const Word& word = words.next(kExpected);
    const std::size_t slash = word.text.find('/');
    const auto mark = parse_number(std::string_view(word.text).substr(0, slash));
    const bool masked = slash != std::string::npos;
    const auto mask = masked ? parse_number(std::string_view(word.text).substr(slash + 1)) : mark ? *mark : 0;
    if (!mark || !mask || *mark > kMost32 || *mask > kMost32) words.fail(word, kExpected);
    arguments.rule.fwmark = static_cast<std::uint32_t>(*mark);
    arguments.rule.fwmask = static_cast<std::uint32_t>(masked ? *mask : *mark != 0 ? kMost32 : 0);
}

void parse_rule_table(Words& words, Arguments& arguments) {
    arguments.rule.table = parse_table(words);
    arguments.table_given = true;
}

void parse_suppress(Words& words, Arguments& arguments) {
    constexpr std::uint64_t kMost = 0x7FFFFFFF;  // held as a signed number
    arguments.rule.suppress_prefixlen = static_cast<std::uint32_t>(words.number("a prefix length", 0, kMost));
}

void parse_iif(Words& words, Arguments& arguments) { arguments.rule.iif = words.interface(); }

void parse_nat(Words& words, Arguments& arguments) {
    arguments.rule.nat = words.address("the address to translate to");
}

struct PortRange {
    std::uint16_t first;
    std::uint16_t last;
};

PortRange parse_ports(Words& words) {
    constexpr std::string_view kExpected = "a port from 1 to 65535 or a range of them, FIRST-LAST";
    constexpr std::uint64_t kMostPort = 65535;
    const Word& word = words.next(kExpected);
    const std::size_t dash = word.text.find('-');
    const auto first = parse_decimal(std::string_view(word.text).substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_decimal(std::string_view(word.text).substr(dash + 1));
    if (!first || !last || *first == 0 || *first > *last || *last > kMostPort) words.fail(word, kExpected);
    return {static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)};
}

constexpr Option<Arguments> kRule[] = {
    {"not", Spelling::whole, [](Words&, Arguments& arguments) { arguments.rule.invert = 1; }},
    {"from", Spelling::whole,
     [](Words& words, Arguments& arguments) {
         const Prefix prefix = words.prefix("a source");
         arguments.rule.source = prefix.address;
         arguments.rule.source_len = prefix.length;
     }},
    {"to", Spelling::whole,
     [](Words& words, Arguments& arguments) {
         const Prefix prefix = words.prefix("a destination");
         arguments.rule.destination = prefix.address;
         arguments.rule.destination_len = prefix.length;
     }},
    {"preference", Spelling::prefix, parse_priority},
    {"order", Spelling::prefix, parse_priority},
    {"priority", Spelling::prefix, parse_priority},
    {"tos", Spelling::whole, parse_tos},
    {"dsfield", Spelling::prefix, parse_tos},
    {"fwmark", Spelling::whole, parse_fwmark},
    {"realms", Spelling::prefix, nullptr},
    {"protocol", Spelling::prefix, [](Words& words, Arguments&) { parse_route_protocol(words); }},
    {"table", Spelling::prefix, parse_rule_table},
    {"lookup", Spelling::whole, parse_rule_table},
    {"suppress_prefixlength", Spelling::prefix, parse_suppress},
    {"sup_pl", Spelling::whole, parse_suppress},
    {"suppress_ifgroup", Spelling::prefix, nullptr},
    {"sup_group", Spelling::whole, nullptr},
    {"dev", Spelling::whole, parse_iif},
    {"iif", Spelling::whole, parse_iif},
    {"oif", Spelling::whole, [](Words& words, Arguments& arguments) { arguments.rule.oif = words.interface(); }},
    {"l3mdev", Spelling::whole, nullptr},
    {"uidrange", Spelling::whole, nullptr},
    {"nat", Spelling::prefix, parse_nat},
    {"map-to", Spelling::prefix, parse_nat},
    {"ipproto", Spelling::whole,
     [](Words& words, Arguments& arguments) { arguments.rule.ip_proto = parse_ip_protocol(words); }},
    {"sport", Spelling::whole,
     [](Words& words, Arguments& arguments) {
         const PortRange ports = parse_ports(words);
         arguments.rule.sport_first = ports.first;
         arguments.rule.sport_last = ports.last;
     }},
    {"dport", Spelling::whole,
     [](Words& words, Arguments& arguments) {
         const PortRange ports = parse_ports(words);
         arguments.rule.dport_first = ports.first;
         arguments.rule.dport_last = ports.last;
     }},
};

/// FR_ACT_* by the names of route types; 0: no action of a rule.
std::uint8_t action_of(std::string_view name) {
    switch (route_type(name).value_or(0)) {
        case rt::RTN_UNICAST:
            return rt::FR_ACT_TO_TBL;
        case rt::RTN_BLACKHOLE:
            return rt::FR_ACT_BLACKHOLE;
        case rt::RTN_UNREACHABLE:
            return rt::FR_ACT_UNREACHABLE;
        case rt::RTN_PROHIBIT:
            return rt::FR_ACT_PROHIBIT;
        default:
            return 0;
    }
}

void parse_action(Words& words, Arguments& arguments) {
    words.take("type");
    arguments.action_given = true;
    if (words.take_prefix("goto")) {
        arguments.rule.target = static_cast<std::uint32_t>(words.number("the priority of a rule", 0, kMost32));
        arguments.rule.action = rt::FR_ACT_GOTO;
    } else if (words.take_prefix("nop")) {
        arguments.rule.action = rt::FR_ACT_NOP;
    } else {
        const Word& word = words.next(kOptions);
        arguments.rule.action = action_of(word.text);
        if (arguments.rule.action == 0) words.fail(word, kOptions);
    }
}

Arguments parse_arguments(Words& words) {
    if (words.done()) words.fail_line(found_expected("the end of the command", kOptions));
    Arguments arguments;
    arguments.rule.suppress_prefixlen = rt::SUPPRESS_NONE;
    while (!words.done()) {
        if (!parse_option<Arguments>(words, arguments, kRule, kOptions)) parse_action(words, arguments);
    }
    return arguments;
}

Message add(Words& words) {
    Arguments arguments = parse_arguments(words);
    Rule& rule = arguments.rule;
    if (!arguments.action_given) rule.action = rt::FR_ACT_TO_TBL;
    if (rule.action == rt::FR_ACT_TO_TBL && !arguments.table_given) rule.table = rt::RT_TABLE_MAIN;
    return encode(rule);
}

Message remove(Words& words) {
    const Rule rule = parse_arguments(words).rule;
    rt::RuleDel message;
    message.priority = rule.priority;
    message.source = rule.source;
    message.destination = rule.destination;
    message.iif = rule.iif;
    message.oif = rule.oif;
    message.fwmark = rule.fwmark;
    message.fwmask = rule.fwmask;
    message.table = rule.table;
    message.source_len = rule.source_len;
    message.destination_len = rule.destination_len;
    message.tos = rule.tos;
    message.action = rule.action;
    message.invert = rule.invert;
    message.has_priority = rule.has_priority;
    message.ip_proto = rule.ip_proto;
    message.sport_first = rule.sport_first;
    message.sport_last = rule.sport_last;
    message.dport_first = rule.dport_first;
    message.dport_last = rule.dport_last;
    message.suppress_prefixlen = rule.suppress_prefixlen;
    return encode(message);
}

Message flush(Words& words) {
    if (!words.done()) words.unsupported(words.peek(), "the end of the command");
    rt::Flush message;
    message.what = rt::FLUSH_RULES;
    return encode(message);
}

}  // namespace

Message parse_ip_rule(Words& words) {
    if (words.take_prefix("add")) return add(words);
    if (words.take_prefix("delete")) return remove(words);
    if (words.take_prefix("flush")) return flush(words);
    words.unsupported(words.next(kActions), kActions);
}

}  // namespace turnpike::config
