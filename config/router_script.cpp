// SPDX-License-Identifier: Apache-2.0
#include "config/router_script.h"

#include "config/commands.h"
#include "config/errno_text.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kCommands = "ip link|addr|route|rule|neigh or sysctl -w";

/// Options before the object; only IPv4 is there to choose.
void skip_ip_options(Words& words) {
    while (!words.done() && words.peek().text.starts_with('-')) {
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

/// In the order of iproute2's own table (ip/ip.c), so that an abbreviation means the same.
constexpr Object kObjects[] = {
    {"address", parse_ip_address},     {"addrlabel", nullptr},  {"maddress", nullptr},
    {"route", parse_ip_route},         {"rule", parse_ip_rule}, {"neighbor", parse_ip_neighbour},
    {"neighbour", parse_ip_neighbour}, {"ntable", nullptr},     {"ntbl", nullptr},
    {"link", parse_ip_link},
};

Message parse_ip(Words& words) {
    skip_ip_options(words);
    const Word& word = words.next(kCommands);
    for (const Object& object : kObjects) {
        if (word.text.empty() || !object.name.starts_with(word.text)) continue;
        if (object.parse == nullptr) break;
        return object.parse(words);
    }
    words.unsupported(word, kCommands);
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
