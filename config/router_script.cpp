// SPDX-License-Identifier: Apache-2.0
#include "config/router_script.h"

#include "config/commands.h"
#include "config/errno_text.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kCommands = "ip link|addr|route|neigh or sysctl -w";

/// Options before the object; only IPv4 is there to choose.
void skip_ip_options(Words& words) {
    while (!words.done() && words.peek().text.starts_with('-')) {
        const Word& option = words.next("");
        if (option.text == "-4") continue;
        const bool family = option.text == "-f" || option.text == "-family";
        if (!family || !words.take("inet")) words.unsupported(option, "ip or ip -4");
    }
}

/// In the order of iproute2's own table (ip/ip.c), so that an abbreviation means the same.
Message parse_ip(Words& words) {
    skip_ip_options(words);
    if (words.take_prefix("address")) return parse_ip_address(words);
    if (words.take_prefix("route")) return parse_ip_route(words);
    if (words.take_prefix("neighbor") || words.take_prefix("neighbour")) return parse_ip_neighbour(words);
    if (words.take_prefix("link")) return parse_ip_link(words);
    words.unsupported(words.next(kCommands), kCommands);
}

std::vector<Message> parse_command(Words& words) {
    const Word& program = words.next(kCommands);
    if (program.text == "ip") return {parse_ip(words)};
    if (program.text == "sysctl") return parse_sysctl(words);
    words.unsupported(program, kCommands);
}

}  // namespace

std::vector<Command> parse_router_script(const std::string& file, std::string_view script,
                                         const std::vector<std::string>& ports) {
    const Interfaces interfaces(ports);
    std::vector<Command> commands;
    for (const Line& line : split_script(file, script)) {
        Words words(file, line, interfaces);
        commands.push_back(Command{file, line.line, line.text, parse_command(words)});
    }
    return commands;
}

Error refused(const Command& command, int error) {
    const bool sysctl = command.text.starts_with("sysctl");
    return Error(command.file, command.line, 0,
                 in_quotes(command.text) + (sysctl ? ": sysctl: " : ": RTNETLINK answers: ") + errno_text(error));
}

}  // namespace turnpike::config
