// SPDX-License-Identifier: Apache-2.0
#include "config/sysctl_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "config/sysctl_inert.h"
#include "config/sysctl_names.h"
#include "regs/config.h"

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
        const auto ifindex = match_sysctl(kPaths[id], path, interfaces);
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
    auto values = sysctl_numbers(text, info.least, info.most);
    return values && values->size() <= target.ids.size() ? values : std::nullopt;
}

}  // namespace

std::vector<Message> write_sysctl(const Words& words, const Word& word, std::string_view path, std::string_view value,
                                  Writer who) {
    const Target target = find(path, words.interfaces());
    if (target.ids.empty() && check_inert_sysctl(words, word, path, value)) return {};
    if (target.ids.empty()) {
        words.fail_at(word, fmt::format("cannot stat /proc/sys/{}: No such file or directory, expected one of {}", path,
                                        known_names()));
    }
    const bool read_only = regs::config::sysctl_is_read_only(static_cast<regs::config::SysctlId>(target.ids.front()));
    if (read_only && who == Writer::sysctl) return {};
    if (read_only) words.fail_at(word, fmt::format("cannot create /proc/sys/{}: Permission denied", path));
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
