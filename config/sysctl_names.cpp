// SPDX-License-Identifier: Apache-2.0
#include "config/sysctl_names.h"

#include <algorithm>

#include "config/address.h"
#include "regs/config.h"

namespace turnpike::config {
namespace {

std::optional<std::uint32_t> scope_index(std::string_view name, const Interfaces& interfaces) {
    if (name == "all") return regs::config::SYSCTL_ALL;
    if (name == "default") return regs::config::SYSCTL_DEFAULT;
    const std::uint32_t index = interfaces.index(name);
    return index == 0 ? std::nullopt : std::optional(index);
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

}  // namespace

std::string sysctl_path(std::string_view key) {
    std::string path(key);
    const std::size_t first = path.find_first_of("./");
    if (first == std::string::npos || path[first] == '/') return path;
    for (char& c : path) c = c == '.' ? '/' : c == '/' ? '.' : c;
    return path;
}

std::optional<std::uint32_t> match_sysctl(std::string_view pattern, std::string_view path,
                                          const Interfaces& interfaces) {
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

std::optional<std::vector<std::int64_t>> sysctl_numbers(std::string_view text, std::int64_t least, std::int64_t most) {
    std::vector<std::int64_t> numbers;
    for (const std::string_view part : split(text)) {
        const auto number = parse_signed(part);
        if (!number || *number < least || *number > most) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers.empty() ? std::nullopt : std::optional(numbers);
}

}  // namespace turnpike::config
