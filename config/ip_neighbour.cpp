// SPDX-License-Identifier: Apache-2.0
// ip neighbour { add | replace | del } ADDRESS lladdr MAC dev NAME nud permanent (iproute2 ip/ipneigh.c).
#include <algorithm>
#include <optional>

#include "config/commands.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kActions = "add, replace or del";
constexpr std::string_view kOptions = "lladdr MAC, dev NAME or nud permanent";

struct Arguments {
    std::optional<std::uint32_t> address;
    std::optional<Mac> mac;
    std::uint32_t ifindex = 0;
};

/// Only entries that never expire: the others live by ARP.
void parse_state(Words& words) {
    const Word& word = words.next("permanent");
    const auto number = parse_number(word.text);
    if (word.text != "permanent" && number != regs::config::NUD_PERMANENT) words.unsupported(word, "permanent");
}

void parse_address(Words& words, Arguments& arguments) {
    words.take("to");
    if (arguments.address) words.fail(words.next(kOptions), kOptions);
    arguments.address = words.address("a neighbour");
}

Arguments parse_arguments(Words& words) {
    Arguments arguments;
    while (!words.done()) {
        if (words.take_prefix("lladdr")) {
            arguments.mac = words.mac();
        } else if (words.take("nud")) {
            parse_state(words);
        } else if (words.take("dev")) {
            arguments.ifindex = words.interface();
        } else {
            parse_address(words, arguments);
        }
    }
    if (!arguments.address || arguments.ifindex == 0) {
        words.fail_line("Device and destination are required arguments, expected ADDRESS lladdr MAC dev NAME");
    }
    return arguments;
}

Message add(Words& words, bool replace) {
    const Arguments arguments = parse_arguments(words);
    if (!arguments.mac) words.fail_line("No link layer address given, expected lladdr MAC");
    regs::config::NeighAdd message;
    message.ifindex = arguments.ifindex;
    message.address = *arguments.address;
    std::copy(arguments.mac->begin(), arguments.mac->end(), message.mac);
    message.state = regs::config::NUD_PERMANENT;
    message.create = message.has_mac = 1;
    message.replace = replace ? 1 : 0;
    return encode(message);
}

}  // namespace

Message parse_ip_neighbour(Words& words) {
    if (words.take_prefix("add")) return add(words, false);
    if (words.take_prefix("replace")) return add(words, true);
    if (!words.take_prefix("delete")) words.unsupported(words.next(kActions), kActions);
    const Arguments arguments = parse_arguments(words);
    regs::config::NeighDel message;
    message.ifindex = arguments.ifindex;
    message.address = *arguments.address;
    return encode(message);
}

}  // namespace turnpike::config
