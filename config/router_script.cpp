// SPDX-License-Identifier: Apache-2.0
#include "config/router_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/commands.h"
#include "config/errno_text.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kCommands =
    "ip link|addr|route|rule|neigh|nexthop|mroute, sysctl -w, echo VALUE > /proc/sys/… or ethtool";

/// Options before the object; only IPv4 is there to choose.
void skip_ip_options(Words& words) {
    while (!words.done() && words.peek().text.starts_with('-')) {
        if (take_ip_display_option(words)) continue;
        const Word& option = words.next("");
        if (option.text == "-4") continue;
        const bool family = option.text == "-f" || option.text == "-family";
        if (!family || !words.take("inet")) words.unsupported(option, "ip or ip -4");
    }
}

struct Object {
    std::string_view name;
    Message (*parse)(Words&);  ///< nullptr: iproute2 has it, this version has not
};

/// Of what iproute2 has this version can pass over its listing alone.
Message parse_nothing(Words& words) {
    constexpr std::string_view kShow = "show";
    words.unsupported(words.next(kShow), kShow);
}

/// In the order of iproute2's own table (ip/ip.c), so that an abbreviation means the same.
constexpr Object kObjects[] = {
    {"address", parse_ip_address},
    {"addrlabel", parse_nothing},
    {"maddress", parse_nothing},
    {"route", parse_ip_route},
    {"rule", parse_ip_rule},
    {"neighbor", parse_ip_neighbour},
    {"neighbour", parse_ip_neighbour},
    {"ntable", parse_nothing},
    {"ntbl", parse_nothing},
    {"link", parse_ip_link},
    {"l2tp", nullptr},
    {"mroute", parse_ip_mroute},
    {"netns", nullptr},
    {"netconf", nullptr},
    {"nexthop", parse_ip_nexthop},
};

/// One message, or none where something is only to be shown.
std::vector<Message> parse_ip(Words& words) {
    skip_ip_options(words);
    const Word& word = words.next(kCommands);
    for (const Object& object : kObjects) {
        if (word.text.empty() || !object.name.starts_with(word.text)) continue;
        if (object.parse == nullptr) break;
        if (!is_ip_listing(words, object.name)) return {object.parse(words)};
        skip_ip_listing(words, object.name);
        return {};
    }
    words.unsupported(word, kCommands);
}

struct Program {
    std::string_view name;
    std::vector<Message> (*parse)(Words&);
};

constexpr Program kPrograms[] = {
    {"ip", parse_ip},
    {"sysctl", parse_sysctl},
    {"echo", parse_echo},
    {"ethtool", [](Words& words) { return std::vector<Message>{parse_ethtool(words)}; }},
};

std::vector<Message> parse_command(Words& words) {
    const Word& name = words.next(kCommands);
    for (const Program& program : kPrograms) {
        if (name.text != program.name) continue;
        if (program.parse != parse_echo) words.refuse_redirection();
        return program.parse(words);
    }
    words.unsupported(name, kCommands);
}

}  // namespace

RouterScript parse_router_script(const std::string& file, std::string_view script,
                                 const std::vector<std::string>& ports) {
    const Interfaces interfaces(ports);
    RouterScript result;
    for (const Line& line : split_script(file, script)) {
        Words words(file, line, interfaces);
        auto& commands = line.at_ns ? result.changes : result.commands;
        commands.push_back(Command{file, line.line, line.text, parse_command(words), line.at_ns.value_or(0)});
    }
    std::stable_sort(result.changes.begin(), result.changes.end(),
                     [](const Command& a, const Command& b) { return a.at_ns < b.at_ns; });
    return result;
}

Error refused(const Command& command, int error) {
    const std::string_view program = std::string_view(command.text).substr(0, command.text.find_first_of(" \t"));
    const std::string_view answer = program == "[[local]]" ? ""
                                    : program == "sysctl"  ? "sysctl: "
                                    : program == "echo"    ? "write error: "
                                    : program == "ethtool" ? "netlink error: "
                                                           : "RTNETLINK answers: ";
    return Error(command.file, command.line, 0,
                 fmt::format("{}: {}{}", in_quotes(command.text), answer, errno_text(error)));
}

}  // namespace turnpike::config
