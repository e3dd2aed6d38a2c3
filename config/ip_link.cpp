// SPDX-License-Identifier: Apache-2.0
// ip link { set | change } [dev] NAME { up | down | mtu N | … } (iproute2 ip/iplink.c).
#include <algorithm>
#include <optional>

#include "config/commands.h"
#include "config/option.h"

namespace turnpike::config {
namespace {

using regs::config::LinkSet;

// The least that IPv4 works with (RFC 791, 3.2) and the greatest whose frame the 82599 takes (MAXFRS, 15.5 KiB).
constexpr std::uint64_t kLeastMtu = 68, kMostMtu = 9702;
constexpr std::uint64_t kMostQueue = 0x7FFFFFFF;  // iproute2 takes a signed number
constexpr std::string_view kActions = "set or show";
constexpr std::string_view kExpected =
    "up, down, mtu N, address MAC, txqueuelen N, alias TEXT, arp on|off, promisc on|off, allmulticast on|off or "
    "multicast on|off";

void set_flag(LinkSet& link, std::uint32_t flag, bool on) {
    link.change |= flag;
    link.flags = on ? link.flags | flag : link.flags & ~flag;
}

void parse_address(Words& words, LinkSet& link) {
    const Mac mac = words.mac();
    std::copy(mac.begin(), mac.end(), link.mac);
    link.has_address = 1;
}

void parse_queue(Words& words, LinkSet& link) {
    link.txqueuelen = static_cast<std::uint32_t>(words.number("a number of packets", 0, kMostQueue));
    link.has_txqueuelen = 1;
}

constexpr Option<LinkSet> kLink[] = {
    {"up", Spelling::whole, [](Words&, LinkSet& link) { set_flag(link, regs::config::IFF_UP, true); }},
    {"down", Spelling::whole, [](Words&, LinkSet& link) { set_flag(link, regs::config::IFF_UP, false); }},
    {"name", Spelling::whole, nullptr},
    {"index", Spelling::prefix, nullptr},
    {"link", Spelling::prefix, nullptr},
    {"address", Spelling::prefix, parse_address},
    {"broadcast", Spelling::prefix, nullptr},
    {"brd", Spelling::whole, nullptr},
    {"txqueuelen", Spelling::prefix, parse_queue},
    {"qlen", Spelling::whole, parse_queue},
    {"txqlen", Spelling::prefix, parse_queue},
    {"mtu", Spelling::whole,
     [](Words& words, LinkSet& link) {
         link.mtu = static_cast<std::uint32_t>(words.number("an MTU", kLeastMtu, kMostMtu));
     }},
    {"netns", Spelling::whole, nullptr},
    {"multicast", Spelling::whole,
     [](Words& words, LinkSet& link) { set_flag(link, regs::config::IFF_MULTICAST, words.on_off()); }},
    {"allmulticast", Spelling::whole,
     [](Words& words, LinkSet& link) { set_flag(link, regs::config::IFF_ALLMULTI, words.on_off()); }},
    {"promisc", Spelling::whole,
     [](Words& words, LinkSet& link) { set_flag(link, regs::config::IFF_PROMISC, words.on_off()); }},
    {"trailers", Spelling::whole, nullptr},
    {"arp", Spelling::whole,
     [](Words& words, LinkSet& link) { set_flag(link, regs::config::IFF_NOARP, !words.on_off()); }},
    {"carrier", Spelling::whole, nullptr},
    {"vf", Spelling::whole, nullptr},
    {"master", Spelling::prefix, nullptr},
    {"nomaster", Spelling::prefix, nullptr},
    {"type", Spelling::prefix, nullptr},
    // A name for people (SNMP's ifAlias).
    {"alias", Spelling::prefix, [](Words& words, LinkSet&) { words.next("a name"); }},
    {"group", Spelling::whole, nullptr},
};

void parse_device(Words& words, LinkSet& link) {
    const bool named = words.take("dev");
    if (link.ifindex != 0) words.fail(named ? words.next("the end of the command") : words.peek(), kExpected);
    link.ifindex = words.interface();
}

}  // namespace

Message parse_ip_link(Words& words) {
    if (!words.take_prefix("set") && !words.take_prefix("change")) words.unsupported(words.next(kActions), kActions);
    LinkSet link;
    bool told = false;
    while (!words.done()) {
        const bool option = parse_option<LinkSet>(words, link, kLink, kExpected);
        if (!option) parse_device(words, link);
        told |= option;
    }
    if (link.ifindex == 0) words.fail_line(found_expected("no device", "ip link set NAME …"));
    if (!told) words.fail_line(found_expected("the end of the command", kExpected));
    return encode(link);
}

}  // namespace turnpike::config
