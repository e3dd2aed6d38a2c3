// SPDX-License-Identifier: Apache-2.0
#include "config/sysctl_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace turnpike::config {
namespace {

using regs::config::kSysctls;
using regs::config::SysctlInfo;
using regs::config::SysctlScope;

/// A name has more than one id where its file holds several numbers.
struct Target {
    std::vector<std::uint32_t> ids;
    std::uint32_t ifindex = 0;
};

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

std::vector<std::string> pattern_paths() {
    std::vector<std::string> paths;
    for (const SysctlInfo& info : kSysctls) paths.push_back(sysctl_path(info.name));
    return paths;
}

Target find(std::string_view path, const Interfaces& interfaces) {
    static const std::vector<std::string> kPaths = pattern_paths();
    Target target;
    for (std::uint32_t id = 0; id < std::size(kSysctls); ++id) {
        const SysctlInfo& info = kSysctls[id];
        const auto ifindex = match(kPaths[id], path, interfaces);
        if (!ifindex || (info.scope == SysctlScope::neigh && *ifindex == regs::config::SYSCTL_ALL)) continue;
        target.ids.push_back(id);
        target.ifindex = *ifindex;
    }
    return target;
}

std::string known_names() {
    std::string names;
    for (const SysctlInfo& info : kSysctls) {
        const std::string name(info.name);
        if (!names.ends_with(name)) names += (names.empty() ? "" : ", ") + name;
    }
    return names;
}

std::vector<std::string_view> split(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    std::vector<std::string_view> parts;
    for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = text.find_first_not_of(kBlanks, end);
    }
    return parts;
}

std::optional<std::int64_t> parse_signed(std::string_view text) {
    constexpr std::uint64_t kMost = INT64_MAX;
    const bool negative = text.starts_with('-');
    const auto number = parse_number(negative ? text.substr(1) : text);
    if (!number || *number > kMost) return std::nullopt;
    return negative ? -static_cast<std::int64_t>(*number) : static_cast<std::int64_t>(*number);
}

/// The only file whose numbers are a range.
bool is_range(const Target& target) {
    return target.ids.front() == static_cast<std::uint32_t>(regs::config::SysctlId::ip_local_port_first);
}

std::string expected_value(const Target& target) {
    const SysctlInfo& info = kSysctls[target.ids.front()];
    const std::string range = fmt::format("{} from {} to {}", info.name, info.least, info.most);
    const std::size_t most = target.ids.size();
    return most == 1 ? range : fmt::format("at most {} numbers of {}", most, range);
}

std::optional<std::vector<std::int64_t>> parse_values(const Target& target, std::string_view text) {
    const SysctlInfo& info = kSysctls[target.ids.front()];
    std::vector<std::int64_t> values;
    for (const std::string_view part : split(text)) {
        const auto value = parse_signed(part);
        if (!value || *value < info.least || *value > info.most) return std::nullopt;
        values.push_back(*value);
    }
    if (values.empty() || values.size() > target.ids.size()) return std::nullopt;
    return values;
}

}  // namespace

std::string sysctl_path(std::string_view key) {
    std::string path(key);
    const std::size_t first = path.find_first_of("./");
    if (first == std::string::npos || path[first] == '/') return path;
    for (char& c : path) c = c == '.' ? '/' : c == '/' ? '.' : c;
    return path;
}

std::vector<Message> write_sysctl(const Words& words, const Word& word, std::string_view path, std::string_view value) {
    const Target target = find(path, words.interfaces());
    if (target.ids.empty()) {
        words.fail_at(word, fmt::format("cannot stat /proc/sys/{}: No such file or directory, expected one of {}", path,
                                        known_names()));
    }
    const auto values = parse_values(target, value);
    if (!values) words.fail(word, expected_value(target));
    if (is_range(target) && !std::is_sorted(values->begin(), values->end())) words.fail(word, "a rising range");
    std::vector<Message> messages;
    for (std::size_t i = 0; i < values->size(); ++i) {
        regs::config::Sysctl message;
        message.id = target.ids[i];
        message.ifindex = target.ifindex;
        message.value = (*values)[i];
        messages.push_back(encode(message));
    }
    return messages;
}

}  // namespace turnpike::config
