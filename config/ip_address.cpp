// SPDX-License-Identifier: Apache-2.0
// ip address { add | change | replace | delete | flush } … dev NAME … (iproute2 ip/ipaddress.c).
#include <fmt/format.h>

#include <optional>

#include "config/commands.h"
#include "config/option.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kActions = "add, del, replace, change, flush or show";
constexpr std::string_view kOptions =
    "dev NAME, broadcast ADDRESS|+|-, peer PREFIX, scope SCOPE, label NAME, metric N, valid_lft SECONDS, "
    "preferred_lft SECONDS, noprefixroute or autojoin";
constexpr std::uint64_t kMost32 = 0xFFFFFFFF;
constexpr std::uint32_t kForever = 0xFFFFFFFF;  // INFINITY_LIFE_TIME
constexpr std::size_t kLongestLabel = 15;       // IFNAMSIZ less the end

/// Where a broadcast address comes from: `+` and `-` make one of the prefix with all bits of the host set or clear.
enum class Broadcast { none, given, ones, zeros };

struct Arguments {
    std::optional<Prefix> local;
    bool prefix_given = false;
    std::optional<Prefix> peer;
    std::optional<std::uint8_t> scope;
    Broadcast broadcast = Broadcast::none;
    std::uint32_t broadcast_address = 0;
    std::uint32_t ifindex = 0;
    std::uint32_t metric = 0;
    bool noprefixroute = false;
    bool autojoin = false;
    std::uint32_t valid_lft = kForever;
    std::uint32_t preferred_lft = kForever;
};

void parse_peer(Words& words, Arguments& arguments) { arguments.peer = words.prefix("the peer"); }

void parse_broadcast(Words& words, Arguments& arguments) {
    if (words.take("+")) {
        arguments.broadcast = Broadcast::ones;
    } else if (words.take("-")) {
        arguments.broadcast = Broadcast::zeros;
    } else {
        arguments.broadcast = Broadcast::given;
        arguments.broadcast_address = words.address("a broadcast address");
    }
}

/// A label is what old tools see as a device name: kept in the kernel for show only.
void parse_label(Words& words, Arguments&) {
    const std::string expected = fmt::format("a label of at most {} characters", kLongestLabel);
    const Word& word = words.next(expected);
    if (word.text.size() > kLongestLabel) words.fail(word, expected);
}

void parse_metric(Words& words, Arguments& arguments) {
    arguments.metric = static_cast<std::uint32_t>(words.number("a metric", 0, kMost32));
}

std::uint32_t parse_lifetime(Words& words) {
    constexpr std::string_view kExpected = "forever or a number of seconds";
    if (words.take("forever")) return kForever;
    const Word& word = words.next(kExpected);
    const auto seconds = parse_number(word.text);
    if (!seconds || *seconds > kMost32) words.fail(word, kExpected);
    return static_cast<std::uint32_t>(*seconds);
}

void parse_valid(Words& words, Arguments& arguments) { arguments.valid_lft = parse_lifetime(words); }
void parse_preferred(Words& words, Arguments& arguments) { arguments.preferred_lft = parse_lifetime(words); }

/// What iproute2 looks at itself. When an address stops being preferred nothing changes in IPv4, whose
/// inet_select_addr doesn't ask.
void check_lifetimes(const Words& words, const Arguments& arguments) {
    if (arguments.valid_lft == 0) words.fail_line("valid_lft is zero, expected forever or 1 second at least");
    if (arguments.preferred_lft > arguments.valid_lft) {
        words.fail_line(
            fmt::format("preferred_lft is greater than valid_lft, expected at most {} seconds", arguments.valid_lft));
    }
}

constexpr Option<Arguments> kAddress[] = {
    {"peer", Spelling::whole, parse_peer},
    {"remote", Spelling::whole, parse_peer},
    {"broadcast", Spelling::prefix, parse_broadcast},
    {"brd", Spelling::whole, parse_broadcast},
    {"anycast", Spelling::whole, nullptr},
    {"scope", Spelling::whole, [](Words& words, Arguments& arguments) { arguments.scope = parse_scope(words); }},
    {"dev", Spelling::whole, [](Words& words, Arguments& arguments) { arguments.ifindex = words.interface(); }},
    {"label", Spelling::whole, parse_label},
    {"metric", Spelling::whole, parse_metric},
    {"priority", Spelling::prefix, parse_metric},
    {"preference", Spelling::prefix, parse_metric},
    {"valid_lft", Spelling::prefix, parse_valid},
    {"preferred_lft", Spelling::prefix, parse_preferred},
    {"noprefixroute", Spelling::whole, [](Words&, Arguments& arguments) { arguments.noprefixroute = true; }},
    {"autojoin", Spelling::whole, [](Words&, Arguments& arguments) { arguments.autojoin = true; }},
    {"proto", Spelling::whole, [](Words& words, Arguments&) { parse_route_protocol(words); }},
};

void parse_local(Words& words, Arguments& arguments) {
    words.take("local");
    if (arguments.local) words.fail(words.next(kOptions), kOptions);
    // Prefixes that name no family.
    for (const std::string_view any : {"default", "any", "all"}) {
        if (!words.done() && words.peek().text == any) words.fail(words.peek(), "an address");
    }
    if (!words.done()) arguments.prefix_given = words.peek().text.find('/') != std::string::npos;
    arguments.local = words.prefix("an address");
}

Arguments parse_arguments(Words& words) {
    Arguments arguments;
    while (!words.done()) {
        if (!parse_option<Arguments>(words, arguments, kAddress, kOptions)) parse_local(words, arguments);
    }
    if (arguments.ifindex == 0) words.fail_line("\"dev\" argument is required, expected dev NAME");
    if (!arguments.local) words.fail_line(found_expected("no address", "ip addr add|del PREFIX dev NAME"));
    check_lifetimes(words, arguments);
    if (arguments.autojoin && arguments.local->address >> 28 != 0xE) {
        words.fail_line("autojoin needs multicast address, expected one from 224.0.0.0 to 239.255.255.255");
    }
    return arguments;
}

std::uint32_t broadcast_of(const Arguments& arguments, const Prefix& prefix) {
    if (arguments.broadcast == Broadcast::given) return arguments.broadcast_address;
    if (prefix.length > 30 || arguments.broadcast == Broadcast::none) return 0;
    const std::uint32_t host = ~netmask(prefix.length);
    return arguments.broadcast == Broadcast::ones ? prefix.address | host : prefix.address & ~host;
}

Message add(const Arguments& arguments, bool replace) {
    const Prefix prefix = arguments.peer.value_or(*arguments.local);
    const bool loopback = arguments.local->address >> 24 == 127;
    regs::config::AddrAdd message;
    message.ifindex = arguments.ifindex;
    message.address = arguments.local->address;
    message.peer = prefix.address;
    message.prefixlen = prefix.length;
    message.broadcast = broadcast_of(arguments, prefix);
    message.scope = arguments.scope.value_or(loopback ? regs::config::RT_SCOPE_HOST : regs::config::RT_SCOPE_UNIVERSE);
    message.replace = replace ? 1 : 0;
    message.noprefixroute = arguments.noprefixroute ? 1 : 0;
    message.metric = arguments.metric;
    message.autojoin = arguments.autojoin ? 1 : 0;
    message.valid_lft = arguments.valid_lft == kForever ? 0 : arguments.valid_lft;
    return encode(message);
}

Message remove(const Arguments& arguments) {
    regs::config::AddrDel message;
    message.ifindex = arguments.ifindex;
    message.address = arguments.local->address;
    message.prefixlen = arguments.peer.value_or(*arguments.local).length;
    message.peer = arguments.peer ? arguments.peer->address : 0;
    message.any_prefix = !arguments.peer && !arguments.prefix_given ? 1 : 0;
    return encode(message);
}

using regs::config::Flush;

void parse_flushed_device(Words& words, Flush& flush) { flush.ifindex = words.interface(); }

constexpr Option<Flush> kFlush[] = {
    {"to", Spelling::whole, nullptr},        {"scope", Spelling::whole, nullptr},
    {"up", Spelling::whole, nullptr},        {"dynamic", Spelling::whole, nullptr},
    {"permanent", Spelling::whole, nullptr}, {"secondary", Spelling::whole, nullptr},
    {"primary", Spelling::whole, nullptr},   {"deprecated", Spelling::whole, nullptr},
    {"label", Spelling::whole, nullptr},     {"dev", Spelling::whole, parse_flushed_device},
};

Message flush(Words& words) {
    constexpr std::string_view kExpected = "dev NAME alone";
    if (words.done()) words.fail_line(found_expected("the end of the command", kExpected));
    Flush message;
    message.what = regs::config::FLUSH_ADDRESSES;
    while (!words.done()) {
        if (message.ifindex != 0) words.unsupported(words.peek(), "the end of the command");
        if (!parse_option<Flush>(words, message, kFlush, kExpected)) parse_flushed_device(words, message);
    }
    return encode(message);
}

}  // namespace

Message parse_ip_address(Words& words) {
    if (words.take_prefix("add")) return add(parse_arguments(words), false);
    if (words.take_prefix("change") || words.take("chg")) return add(parse_arguments(words), true);
    if (words.take_prefix("replace")) return add(parse_arguments(words), true);
    if (words.take_prefix("delete")) return remove(parse_arguments(words));
    if (words.take_prefix("flush")) return flush(words);
    words.unsupported(words.next(kActions), kActions);
}

}  // namespace turnpike::config
