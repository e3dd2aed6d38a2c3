// SPDX-License-Identifier: Apache-2.0
// Lines that only show something: ip [-s -d -4 …] OBJECT [ show | list | lst | get ] … They change nothing, so a run
// passes over them where iproute2 could read them (what it would show is not looked at).
#include <span>

#include "config/commands.h"
#include "config/option.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

constexpr std::uint64_t kMost8 = 0xFF, kMost32 = 0xFFFFFFFF;

bool begins(std::string_view word, std::string_view text) { return !text.empty() && word.starts_with(text); }

bool is_one_of(std::initializer_list<std::string_view> words, std::string_view text) {
    for (const std::string_view word : words) {
        if (begins(word, text)) return true;
    }
    return false;
}

/// What has been read of a listing's selector.
struct Selector {
    bool device = false;
    bool address = false;
};
using Selectors = std::span<const Option<Selector>>;

void skip_nothing(Words&, Selector&) {}
void skip_word(Words& words, Selector&) { words.next("a value"); }
void skip_number(Words& words, Selector&) { words.number("a number", 0, kMost32); }
void skip_tos(Words& words, Selector&) { parse_dsfield(words); }
void skip_protocol(Words& words, Selector&) { parse_route_protocol(words); }
void skip_interface(Words& words, Selector& selector) {
    words.interface();
    selector.device = true;
}
void skip_scope(Words& words, Selector&) {
    if (!words.take("all")) parse_scope(words);
}
void skip_group(Words& words, Selector&) {
    if (!words.take("default")) words.number("default or a number", 0, kMost32);
}
void skip_table(Words& words, Selector&) {
    if (!words.take("all") && !words.take("cache")) parse_table(words);
}
void skip_rule_table(Words& words, Selector&) { parse_table(words); }
void skip_type(Words& words, Selector&) {
    const Word& word = words.next("a type of routes");
    if (!route_type(word.text)) words.fail(word, "a type of routes");
}
void skip_state(Words& words, Selector&) {
    if (!words.take("all")) parse_neighbour_state(words);
}
void skip_prefix(Words& words, Selector& selector) {
    words.prefix("a prefix");
    selector.address = true;
}
/// [ root | match | exact ] PREFIX
void skip_matched_prefix(Words& words, Selector& selector) {
    if (!words.take_prefix("root") && !words.take_prefix("match")) words.take_prefix("exact");
    skip_prefix(words, selector);
}

constexpr Option<Selector> kAddresses[] = {
    {"to", Spelling::whole, skip_prefix},         {"scope", Spelling::whole, skip_scope},
    {"up", Spelling::whole, skip_nothing},        {"dynamic", Spelling::whole, skip_nothing},
    {"permanent", Spelling::whole, skip_nothing}, {"secondary", Spelling::whole, skip_nothing},
    {"primary", Spelling::whole, skip_nothing},   {"deprecated", Spelling::whole, skip_nothing},
    {"label", Spelling::whole, skip_word},        {"group", Spelling::whole, skip_group},
    {"master", Spelling::whole, skip_interface},  {"vrf", Spelling::whole, nullptr},
    {"nomaster", Spelling::whole, skip_nothing},  {"type", Spelling::whole, skip_word},
    {"dev", Spelling::whole, skip_interface},
};

constexpr Option<Selector> kRoutes[] = {
    {"table", Spelling::prefix, skip_table},       {"vrf", Spelling::whole, nullptr},
    {"cached", Spelling::prefix, skip_nothing},    {"tos", Spelling::whole, skip_tos},
    {"dsfield", Spelling::prefix, skip_tos},       {"metric", Spelling::prefix, skip_number},
    {"priority", Spelling::prefix, skip_number},   {"preference", Spelling::whole, skip_number},
    {"protocol", Spelling::prefix, skip_protocol}, {"scope", Spelling::prefix, skip_scope},
    {"type", Spelling::prefix, skip_type},         {"dev", Spelling::whole, skip_interface},
    {"oif", Spelling::whole, skip_interface},      {"iif", Spelling::whole, skip_interface},
    {"via", Spelling::whole, skip_prefix},         {"src", Spelling::whole, skip_prefix},
    {"realms", Spelling::prefix, skip_word},       {"from", Spelling::whole, skip_matched_prefix},
    {"to", Spelling::whole, skip_matched_prefix},  {"root", Spelling::prefix, skip_prefix},
    {"match", Spelling::prefix, skip_prefix},      {"exact", Spelling::prefix, skip_prefix},
};

constexpr Option<Selector> kRules[] = {
    {"preference", Spelling::prefix, skip_number},
    {"order", Spelling::prefix, skip_number},
    {"priority", Spelling::prefix, skip_number},
    {"not", Spelling::whole, skip_nothing},
    {"from", Spelling::whole, skip_prefix},
    {"to", Spelling::whole, skip_prefix},
    {"tos", Spelling::whole, skip_tos},
    {"dsfield", Spelling::prefix, skip_tos},
    {"fwmark", Spelling::whole, skip_word},
    {"dev", Spelling::whole, skip_word},
    {"iif", Spelling::whole, skip_word},
    {"oif", Spelling::whole, skip_word},
    {"table", Spelling::prefix, skip_rule_table},
    {"lookup", Spelling::whole, skip_rule_table},
    {"protocol", Spelling::prefix, skip_protocol},
    {"ipproto", Spelling::whole, skip_word},
    {"sport", Spelling::whole, skip_word},
    {"dport", Spelling::whole, skip_word},
};

constexpr Option<Selector> kNeighbours[] = {
    {"dev", Spelling::whole, skip_interface},  {"master", Spelling::whole, skip_interface},
    {"vrf", Spelling::whole, nullptr},         {"nomaster", Spelling::whole, skip_nothing},
    {"unused", Spelling::whole, skip_nothing}, {"nud", Spelling::whole, skip_state},
    {"proxy", Spelling::whole, skip_nothing},  {"to", Spelling::whole, skip_prefix},
};

constexpr Option<Selector> kNextHops[] = {
    {"id", Spelling::whole, skip_number},
    {"dev", Spelling::whole, skip_interface},
    {"groups", Spelling::prefix, skip_nothing},
    {"master", Spelling::whole, skip_interface},
    {"vrf", Spelling::prefix, nullptr},
    {"protocol", Spelling::prefix, [](Words& words, Selector&) { words.number("a protocol", 0, kMost8); }},
    {"fdb", Spelling::prefix, skip_nothing},
};

constexpr Option<Selector> kRouteQuestion[] = {
    {"to", Spelling::whole, skip_prefix},
    {"tos", Spelling::whole, skip_tos},
    {"dsfield", Spelling::prefix, skip_tos},
    {"from", Spelling::whole, [](Words& words, Selector&) { words.prefix("a source"); }},
    {"iif", Spelling::prefix, skip_interface},
    {"mark", Spelling::whole, skip_number},
    {"oif", Spelling::prefix, skip_interface},
    {"dev", Spelling::whole, skip_interface},
    {"notify", Spelling::prefix, skip_nothing},
    {"connected", Spelling::prefix, skip_nothing},
    {"vrf", Spelling::whole, nullptr},
    {"uid", Spelling::whole, skip_number},
    {"fibmatch", Spelling::prefix, skip_nothing},
    {"sport", Spelling::whole, skip_number},
    {"dport", Spelling::whole, skip_number},
    {"ipproto", Spelling::whole, [](Words& words, Selector&) { parse_ip_protocol(words); }},
};

constexpr Option<Selector> kNeighbourQuestion[] = {
    {"dev", Spelling::whole, skip_interface},
    {"proxy", Spelling::prefix, skip_nothing},
    {"to", Spelling::whole,
     [](Words& words, Selector& selector) {
         words.address("a neighbour");
         selector.address = true;
     }},
};

/// Options until the line ends; `other` takes what begins none.
Selector skip(Words& words, Selectors options, std::string_view expected, void (*other)(Words&, Selector&)) {
    Selector selector;
    while (!words.done()) {
        if (!parse_option<Selector>(words, selector, options, expected)) other(words, selector);
    }
    return selector;
}

constexpr std::string_view kSelector = "a selector of what is to be shown";

/// Devices are named without `dev`, but one alone.
void skip_one_device(Words& words, Selector& selector) {
    if (selector.device) words.fail(words.peek(), "one device");
    skip_interface(words, selector);
}
void refuse(Words& words, Selector&) { words.fail(words.peek(), kSelector); }

void skip_question(Words& words, std::string_view object) {
    if (object == "route") {
        const Selector selector = skip(words, kRouteQuestion, kSelector, skip_prefix);
        if (!selector.address) words.fail_line("need at least a destination address, expected ip route get ADDRESS");
    } else if (object == "nexthop") {
        if (!words.take("id")) words.fail(words.next("id N"), "id N");
        words.number("an id", 0, kMost32);
        if (!words.done()) words.fail(words.peek(), "the end of the command");
    } else {
        const Selector selector = skip(words, kNeighbourQuestion, kSelector, [](Words& rest, Selector& at) {
            rest.address("a neighbour");
            at.address = true;
        });
        if (!selector.address || !selector.device) {
            words.fail_line("Device and address are required arguments, expected ip neigh get ADDRESS dev NAME");
        }
    }
}

void skip_list(Words& words, std::string_view object) {
    if (object == "address") {
        skip(words, kAddresses, kSelector, skip_one_device);
    } else if (object == "link") {
        skip(words, Selectors(kAddresses).subspan(1), kSelector, skip_one_device);  // without `to`
    } else if (object == "route") {
        skip(words, kRoutes, kSelector, skip_prefix);
    } else if (object == "rule") {
        skip(words, kRules, kSelector, skip_prefix);
    } else if (object == "nexthop") {
        skip(words, kNextHops, kSelector, refuse);
    } else if (object.starts_with("neigh")) {
        skip(words, kNeighbours, kSelector, skip_prefix);
    } else {
        while (!words.done()) words.next("a word");
    }
}

}  // namespace

bool take_ip_display_option(Words& words) {
    const std::string_view text = words.peek().text, option = text.substr(0, text.find('='));  // -color=never
    const bool short_one = option == "-s" || option == "-d" || option == "-o" || option == "-j" || option == "-p" ||
                           option == "-c" || option == "-r" || option == "-N" || option == "-h" || option == "-br";
    const bool long_one =
        option.size() > 2 && is_one_of({"-statistics", "-stats", "-details", "-oneline", "-json", "-pretty", "-color",
                                        "-resolve", "-Numeric", "-human", "-brief"},
                                       option);
    if (short_one || long_one) words.next("an option");
    return short_one || long_one;
}

bool is_ip_listing(const Words& words, std::string_view object) {
    if (words.done()) return true;
    const std::string_view action = words.peek().text;
    if (object == "link" && begins("set", action)) return false;
    const bool gives_one = object == "route" || object == "neighbour" || object == "neighbor" || object == "nexthop";
    return is_one_of({"show", "list", "lst"}, action) || (gives_one && begins("get", action));
}

void skip_ip_listing(Words& words, std::string_view object) {
    if (words.done()) return;
    const std::string_view action = words.next("an action").text;
    begins("get", action) ? skip_question(words, object) : skip_list(words, object);
}

}  // namespace turnpike::config
