// SPDX-License-Identifier: Apache-2.0
// ip link set [dev] NAME { up | down | mtu N | address MAC | promisc on|off | … } (iproute2 ip/iplink.c).
#include <algorithm>
#include <optional>

#include "config/commands.h"

namespace turnpike::config {
namespace {

constexpr std::uint32_t IFF_MULTICAST = 0x1000;  // include/uapi/linux/if.h
// The least that IPv4 works with (RFC 791, 3.2) and the greatest whose frame the 82599 takes (MAXFRS, 15.5 KiB).
constexpr std::uint64_t kLeastMtu = 68, kMostMtu = 9702;
constexpr std::string_view kExpected =
    "up, down, mtu N, address MAC, promisc on|off, allmulticast on|off or multicast on|off";

void set_flag(regs::config::LinkSet& link, std::uint32_t flag, bool on) {
    link.change |= flag;
    link.flags = on ? link.flags | flag : link.flags & ~flag;
}

bool parse_option(Words& words, regs::config::LinkSet& link) {
    if (words.take("up")) {
        set_flag(link, regs::config::IFF_UP, true);
    } else if (words.take("down")) {
        set_flag(link, regs::config::IFF_UP, false);
    } else if (words.take_prefix("address")) {
        const Mac mac = words.mac();
        std::copy(mac.begin(), mac.end(), link.mac);
        link.has_address = 1;
    } else if (words.take("mtu")) {
        link.mtu = static_cast<std::uint32_t>(words.number("an MTU", kLeastMtu, kMostMtu));
    } else if (words.take("multicast")) {
        set_flag(link, IFF_MULTICAST, words.on_off());
    } else if (words.take("allmulticast")) {
        set_flag(link, regs::config::IFF_ALLMULTI, words.on_off());
    } else if (words.take("promisc")) {
        set_flag(link, regs::config::IFF_PROMISC, words.on_off());
    } else {
        return false;
    }
    return true;
}

}  // namespace

Message parse_ip_link(Words& words) {
    const Word& action = words.next("set");
    if (action.text.empty() || !std::string_view("set").starts_with(action.text)) words.unsupported(action, "set");
    regs::config::LinkSet link;
    while (!words.done()) {
        if (parse_option(words, link)) continue;
        const bool named = words.take("dev");
        if (link.ifindex != 0) {
            const Word& word = named ? words.next("the end of the command") : words.peek();
            words.fail(word, kExpected);
        }
        link.ifindex = words.interface();
    }
    if (link.ifindex == 0) words.fail_line(found_expected("no device", "ip link set NAME …"));
    if (link.change == 0 && link.mtu == 0 && link.has_address == 0) {
        words.fail_line(found_expected("the end of the command", kExpected));
    }
    return encode(link);
}

}  // namespace turnpike::config
