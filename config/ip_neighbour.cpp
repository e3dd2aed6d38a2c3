// SPDX-License-Identifier: Apache-2.0
// ip neighbour { add | change | replace | delete | flush } … dev NAME … (iproute2 ip/ipneigh.c).
#include <algorithm>
#include <optional>

#include "config/commands.h"
#include "config/option.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

namespace rt = regs::config;

constexpr std::string_view kActions = "add, del, replace, change, flush, show or get";
constexpr std::string_view kOptions = "lladdr MAC, dev NAME, nud STATE or proxy ADDRESS";
constexpr std::string_view kFlush = "dev NAME or all";
/// States in which a neighbour has a link-layer address (NUD_VALID, include/net/neighbour.h).
constexpr std::uint16_t kValid =
    rt::NUD_PERMANENT | rt::NUD_NOARP | rt::NUD_REACHABLE | rt::NUD_PROBE | rt::NUD_STALE | rt::NUD_DELAY;

struct Arguments {
    std::optional<std::uint32_t> address;
    std::optional<Mac> mac;
    std::uint16_t state = rt::NUD_PERMANENT;
    std::uint32_t ifindex = 0;
    bool proxy = false;
};

void parse_state(Words& words, Arguments& arguments) { arguments.state = parse_neighbour_state(words); }

void parse_address(Words& words, Arguments& arguments) {
    if (arguments.address) words.fail(words.next(kOptions), kOptions);
    arguments.address = words.address("a neighbour");
}

constexpr Option<Arguments> kNeighbour[] = {
    {"lladdr", Spelling::prefix,
     [](Words& words, Arguments& arguments) {
         if (!words.take("null")) arguments.mac = words.mac();
     }},
    {"nud", Spelling::whole, parse_state},
    {"proxy", Spelling::prefix,
     [](Words& words, Arguments& arguments) {
         parse_address(words, arguments);
         arguments.proxy = true;
     }},
    {"router", Spelling::whole, nullptr},
    {"extern_learn", Spelling::prefix, nullptr},
    {"use", Spelling::whole, nullptr},
    {"managed", Spelling::whole, nullptr},
    {"dev", Spelling::whole, [](Words& words, Arguments& arguments) { arguments.ifindex = words.interface(); }},
    {"protocol", Spelling::prefix, [](Words& words, Arguments&) { parse_route_protocol(words); }},
    {"to", Spelling::whole, parse_address},
};

Arguments parse_arguments(Words& words) {
    Arguments arguments;
    while (!words.done()) {
        if (!parse_option<Arguments>(words, arguments, kNeighbour, kOptions)) parse_address(words, arguments);
    }
    if (!arguments.address || arguments.ifindex == 0) {
        words.fail_line("Device and destination are required arguments, expected ADDRESS lladdr MAC dev NAME");
    }
    return arguments;
}

enum class Add { create, change, replace };

Message add(Words& words, Add mode) {
    const Arguments arguments = parse_arguments(words);
    if (mode == Add::create && !arguments.mac && !arguments.proxy && (arguments.state & kValid) != 0) {
        words.fail_line("No link layer address given, expected lladdr MAC");
    }
    rt::NeighAdd message;
    message.ifindex = arguments.ifindex;
    message.address = *arguments.address;
    if (arguments.mac) std::copy(arguments.mac->begin(), arguments.mac->end(), message.mac);
    message.has_mac = arguments.mac ? 1 : 0;
    message.state = arguments.state;
    message.replace = mode != Add::create ? 1 : 0;
    message.create = mode != Add::change ? 1 : 0;
    message.proxy = arguments.proxy ? 1 : 0;
    return encode(message);
}

Message remove(Words& words) {
    const Arguments arguments = parse_arguments(words);
    rt::NeighDel message;
    message.ifindex = arguments.ifindex;
    message.address = *arguments.address;
    message.proxy = arguments.proxy ? 1 : 0;
    return encode(message);
}

/// iproute2 leaves permanent and noarp entries alone unless asked for by state.
Message flush(Words& words) {
    rt::Flush message;
    message.what = rt::FLUSH_NEIGHBOURS;
    if (!words.take("all")) {
        if (!words.take("dev")) words.unsupported(words.next(kFlush), kFlush);
        message.ifindex = words.interface();
    }
    if (!words.done()) words.unsupported(words.peek(), "the end of the command");
    return encode(message);
}

}  // namespace

Message parse_ip_neighbour(Words& words) {
    if (words.take_prefix("add")) return add(words, Add::create);
    if (words.take_prefix("change") || words.take("chg")) return add(words, Add::change);
    if (words.take_prefix("replace")) return add(words, Add::replace);
    if (words.take_prefix("delete")) return remove(words);
    if (words.take_prefix("flush")) return flush(words);
    words.unsupported(words.next(kActions), kActions);
}

}  // namespace turnpike::config
