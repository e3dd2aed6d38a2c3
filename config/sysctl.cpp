// SPDX-License-Identifier: Apache-2.0
// sysctl -w KEY=VALUE … (procps sysctl.c); the names are those of regs/sysctls.def.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "config/commands.h"

namespace turnpike::config {
namespace {

using regs::config::kSysctls;
using regs::config::SysctlInfo;
using regs::config::SysctlScope;

struct Target {
    std::uint32_t id;
    std::uint32_t ifindex;
};

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Whichever of . and / comes first separates; the other is then part of a name, written as its opposite.
std::string to_path(std::string_view key) {
    std::string path(key);
    const std::size_t first = path.find_first_of("./");
    if (first == std::string::npos || path[first] == '/') return path;
    for (char& c : path) c = c == '.' ? '/' : c == '/' ? '.' : c;
    return path;
}

std::optional<std::uint32_t> scope_index(std::string_view name, const Interfaces& interfaces) {
    if (name == "all") return regs::config::SYSCTL_ALL;
    if (name == "default") return regs::config::SYSCTL_DEFAULT;
    const std::uint32_t index = interfaces.index(name);
    return index == 0 ? std::nullopt : std::optional(index);
}

/// The interface that `path` names where `pattern` has its *; 0 for a name without one.
std::optional<std::uint32_t> match(std::string_view pattern, std::string_view path, const Interfaces& interfaces) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == path ? std::optional(0u) : std::nullopt;
    const std::string_view before = pattern.substr(0, star), after = pattern.substr(star + 1);
    if (path.size() < before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) {
        return std::nullopt;
    }
    path.remove_prefix(before.size());
    path.remove_suffix(after.size());
    return scope_index(path, interfaces);
}

std::optional<Target> find(std::string_view key, const Interfaces& interfaces) {
    const std::string path = to_path(key);
    for (std::uint32_t id = 0; id < std::size(kSysctls); ++id) {
        const SysctlInfo& info = kSysctls[id];
        const auto ifindex = match(to_path(info.name), path, interfaces);
        if (!ifindex || (info.scope == SysctlScope::neigh && *ifindex == regs::config::SYSCTL_ALL)) continue;
        return Target{id, *ifindex};
    }
    return std::nullopt;
}

std::string known_names() {
    std::string names;
    for (const SysctlInfo& info : kSysctls) names += (names.empty() ? "" : ", ") + std::string(info.name);
    return names;
}

/// kernel.printk is four numbers of which the first counts here.
std::string_view first_of_vector(std::string_view value, std::string_view name) {
    return name == "kernel.printk" ? value.substr(0, value.find_first_of(" \t")) : value;
}

Message parse_assignment(const Words& words, const Word& word) {
    const std::string_view text = word.text;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) words.fail(word, "key=value");
    const std::string_view key = trim(text.substr(0, equals));
    const auto target = find(key, words.interfaces());
    if (!target) {
        words.fail_at(word, fmt::format("cannot stat /proc/sys/{}: No such file or directory, expected one of {}",
                                        to_path(key), known_names()));
    }
    const SysctlInfo& info = kSysctls[target->id];
    const auto value = parse_number(first_of_vector(trim(text.substr(equals + 1)), info.name));
    if (!value || *value > static_cast<std::uint64_t>(info.most) || static_cast<std::int64_t>(*value) < info.least) {
        words.fail(word, fmt::format("{} from {} to {}", info.name, info.least, info.most));
    }
    regs::config::Sysctl message;
    message.id = target->id;
    message.ifindex = target->ifindex;
    message.value = static_cast<std::int64_t>(*value);
    return encode(message);
}

bool is_option(std::string_view text) {
    return text == "-w" || text == "-q" || text == "-qw" || text == "-wq" || text == "--write" || text == "--quiet";
}

}  // namespace

std::vector<Message> parse_sysctl(Words& words) {
    std::vector<Message> messages;
    while (!words.done()) {
        const Word& word = words.next("key=value");
        if (is_option(word.text)) continue;
        if (word.text.starts_with('-')) words.unsupported(word, "sysctl -w key=value");
        messages.push_back(parse_assignment(words, word));
    }
    if (messages.empty()) words.fail_line(found_expected("the end of the command", "sysctl -w key=value"));
    return messages;
}

}  // namespace turnpike::config
