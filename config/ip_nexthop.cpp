// SPDX-License-Identifier: Apache-2.0
// ip nexthop { add | replace | delete | flush } … (iproute2 ip/ipnexthop.c).
#include <fmt/format.h>

#include <optional>

#include "config/commands.h"
#include "config/ip_route_arguments.h"
#include "config/option.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

namespace rt = regs::config;
using rt::NexthopAdd;

constexpr std::string_view kActions = "add, replace, del, flush, show or get";
constexpr std::string_view kOptions =
    "id N, via ADDRESS, dev NAME, onlink, blackhole, group ID[,WEIGHT]/…, type mpath or proto NAME";
constexpr std::string_view kFlush = "id N, dev NAME, groups or protocol N";
constexpr std::uint64_t kMost8 = 0xFF, kMost32 = 0xFFFFFFFF;
constexpr std::uint64_t kMostWeight = 256;  // struct nexthop_grp holds one less in 8 bits

std::uint32_t parse_id(Words& words) { return static_cast<std::uint32_t>(words.number("an id", 0, kMost32)); }

/// "ID" or "ID,WEIGHT"; what follows the first comma is the weight.
bool parse_member(std::string_view text, NexthopAdd& nexthop) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto id = parse_number(text.substr(0, comma));
    const auto weight = comma == text.size() ? std::optional<std::uint64_t>(1) : parse_number(text.substr(comma + 1));
    if (!id || *id > kMost32 || !weight || *weight == 0 || *weight > kMostWeight) return false;
    nexthop.member[nexthop.members] = static_cast<std::uint32_t>(*id);
    nexthop.weight[nexthop.members++] = static_cast<std::uint8_t>(*weight - 1);
    return true;
}

/// `ip -4` or `ip -f inet`, which goes into the message to the kernel.
bool names_family(const Words& words) {
    return words.has_taken("-4") || words.has_taken("-f") || words.has_taken("-family");
}

void parse_group(Words& words, NexthopAdd& nexthop) {
    const std::string expected = fmt::format("at most {} next hops, ID[,WEIGHT]/ID[,WEIGHT]/…, weights from 1 to {}",
                                             rt::MAX_NEXTHOPS, kMostWeight);
    const Word& word = words.next(expected);
    if (names_family(words)) words.fail(word, "no -4 before: a group has no family");
    nexthop.members = 0;
    std::string_view rest = word.text;
    for (bool more = true; more;) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        const bool fits = nexthop.members < rt::MAX_NEXTHOPS;
        if (!fits || !parse_member(rest.substr(0, slash), nexthop)) words.fail(word, expected);
        more = slash != rest.size();
        if (more) rest.remove_prefix(slash + 1);
    }
}

/// A resilient group keeps flows where they are when its members change; here all groups hash by threshold.
void parse_type(Words& words, NexthopAdd&) {
    const Word& word = words.next("mpath");
    if (word.text == "resilient") words.unsupported(word, "mpath");
    if (word.text != "mpath") words.fail(word, "mpath");
}

constexpr Option<NexthopAdd> kNexthop[] = {
    {"id", Spelling::whole, [](Words& words, NexthopAdd& nexthop) { nexthop.id = parse_id(words); }},
    {"via", Spelling::whole, [](Words& words, NexthopAdd& nexthop) { nexthop.gateway = parse_gateway(words); }},
    {"dev", Spelling::whole, [](Words& words, NexthopAdd& nexthop) { nexthop.oif = words.interface(); }},
    {"encap", Spelling::whole, nullptr},
    {"blackhole", Spelling::whole, [](Words&, NexthopAdd& nexthop) { nexthop.blackhole = 1; }},
    {"fdb", Spelling::whole, nullptr},
    {"onlink", Spelling::whole, [](Words&, NexthopAdd& nexthop) { nexthop.onlink = 1; }},
    {"group", Spelling::whole, parse_group},
    {"type", Spelling::whole, parse_type},
    {"protocol", Spelling::prefix,
     [](Words& words, NexthopAdd& nexthop) { nexthop.protocol = parse_route_protocol(words); }},
};

/// What goes together with what the kernel decides.
Message add(Words& words, bool replace) {
    NexthopAdd nexthop;
    nexthop.replace = replace ? 1 : 0;
    while (!words.done()) {
        if (!parse_option<NexthopAdd>(words, nexthop, kNexthop, kOptions)) words.fail(words.peek(), kOptions);
    }
    return encode(nexthop);
}

Message deletion(Words& words) {
    rt::NexthopDel nexthop;
    nexthop.id = parse_id(words);
    if (!words.done()) words.fail(words.peek(), "the end of the command");
    return encode(nexthop);
}

Message remove(Words& words) {
    if (!words.take("id")) words.fail(words.next("id N"), "id N");
    return deletion(words);
}

constexpr Option<rt::Flush> kFlushOptions[] = {
    {"dev", Spelling::whole, [](Words& words, rt::Flush& flush) { flush.ifindex = words.interface(); }},
    {"groups", Spelling::prefix, [](Words&, rt::Flush& flush) { flush.groups = 1; }},
    {"master", Spelling::whole, nullptr},
    {"vrf", Spelling::prefix, nullptr},
    {"protocol", Spelling::prefix,
     [](Words& words, rt::Flush& flush) {
         flush.protocol = static_cast<std::uint8_t>(words.number("a protocol", 0, kMost8));
     }},
    {"fdb", Spelling::prefix, nullptr},
};

Message flush(Words& words) {
    if (words.take("id")) return deletion(words);
    rt::Flush flush;
    flush.what = rt::FLUSH_NEXTHOPS;
    while (!words.done()) {
        if (!parse_option<rt::Flush>(words, flush, kFlushOptions, kFlush)) words.fail(words.peek(), kFlush);
    }
    return encode(flush);
}

}  // namespace

Message parse_ip_nexthop(Words& words) {
    if (words.take_prefix("add")) return add(words, false);
    if (words.take_prefix("replace")) return add(words, true);
    if (words.take_prefix("delete")) return remove(words);
    if (words.take_prefix("flush")) return flush(words);
    words.unsupported(words.next(kActions), kActions);
}

}  // namespace turnpike::config
