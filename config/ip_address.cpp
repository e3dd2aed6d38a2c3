// SPDX-License-Identifier: Apache-2.0
// ip address { add | del } PREFIX dev NAME … (iproute2 ip/ipaddress.c).
#include <fmt/format.h>

#include <optional>

#include "config/commands.h"
#include "config/scope.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kActions = "add or del";
constexpr std::string_view kOptions = "dev NAME, broadcast ADDRESS|+, peer PREFIX, scope SCOPE or label NAME";

struct Arguments {
    std::optional<Prefix> local;
    std::optional<Prefix> peer;
    std::optional<std::uint8_t> scope;
    std::optional<std::uint32_t> broadcast;
    bool broadcast_from_prefix = false;
    std::uint32_t ifindex = 0;
};

void parse_broadcast(Words& words, Arguments& arguments) {
    if (words.take("+")) {
        arguments.broadcast_from_prefix = true;
    } else {
        arguments.broadcast = words.address("a broadcast address");
    }
}

/// A label is what old tools see as a device name: kept in the kernel for show only.
void parse_label(Words& words) { words.next("a label"); }

void parse_local(Words& words, Arguments& arguments) {
    if (!arguments.local) {
        arguments.local = words.prefix("an address");
        return;
    }
    const Word& word = words.next(kOptions);
    words.fail(word, kOptions);
}

Arguments parse_arguments(Words& words) {
    Arguments arguments;
    while (!words.done()) {
        if (words.take("dev")) {
            arguments.ifindex = words.interface();
        } else if (words.take("peer") || words.take("remote")) {
            arguments.peer = words.prefix("the peer");
        } else if (words.take("brd") || words.take_prefix("broadcast")) {
            parse_broadcast(words, arguments);
        } else if (words.take("scope")) {
            arguments.scope = parse_scope(words);
        } else if (words.take("label")) {
            parse_label(words);
        } else {
            words.take("local");
            parse_local(words, arguments);
        }
    }
    if (arguments.ifindex == 0) words.fail_line("\"dev\" argument is required, expected dev NAME");
    if (!arguments.local) words.fail_line(found_expected("no address", "ip addr add|del PREFIX dev NAME"));
    return arguments;
}

Message add(const Arguments& arguments) {
    const Prefix prefix = arguments.peer.value_or(*arguments.local);
    const bool loopback = arguments.local->address >> 24 == 127;
    regs::config::AddrAdd message;
    message.ifindex = arguments.ifindex;
    message.address = arguments.local->address;
    message.peer = prefix.address;
    message.prefixlen = prefix.length;
    message.broadcast = arguments.broadcast.value_or(0);
    if (arguments.broadcast_from_prefix && prefix.length <= 30) {
        message.broadcast = prefix.address | ~netmask(prefix.length);
    }
    message.scope = arguments.scope.value_or(loopback ? regs::config::RT_SCOPE_HOST : regs::config::RT_SCOPE_UNIVERSE);
    return encode(message);
}

}  // namespace

Message parse_ip_address(Words& words) {
    if (words.take_prefix("add")) return add(parse_arguments(words));
    if (!words.take_prefix("delete")) words.unsupported(words.next(kActions), kActions);
    const Arguments arguments = parse_arguments(words);
    regs::config::AddrDel message;
    message.ifindex = arguments.ifindex;
    message.address = arguments.local->address;
    message.prefixlen = arguments.peer.value_or(*arguments.local).length;
    return encode(message);
}

}  // namespace turnpike::config
