// SPDX-License-Identifier: Apache-2.0
#include "config/sysctl_inert.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "config/rt_names.h"
#include "config/sysctl_names.h"
#include "regs/config.h"

namespace turnpike::config {
namespace {

struct Inert {
    std::string_view name;
    std::size_t numbers;
    std::int64_t least;
    std::int64_t most;
};

constexpr Inert kInert[] = {
#define INERT(name, numbers, least, most, why) {name, numbers, least, most},
#include "config/sysctls_inert.def"
#undef INERT
};

constexpr std::string_view kCongestionControl = "net/ipv4/tcp_congestion_control";

bool is_named(const Inert& inert, std::string_view path, const Interfaces& interfaces) {
    const auto ifindex = match_sysctl(sysctl_path(inert.name), path, interfaces);
    return ifindex && (*ifindex != regs::config::SYSCTL_ALL || inert.name.find(".neigh.") == std::string_view::npos);
}

/// The only one whose value is a word.
void check_algorithm(const Words& words, const Word& word, std::string_view value) {
    if (!is_congestion_control(value)) words.fail(word, "reno, cubic or bbr");
}

}  // namespace

bool check_inert_sysctl(const Words& words, const Word& word, std::string_view path, std::string_view value) {
    if (path == kCongestionControl) {
        check_algorithm(words, word, value);
        return true;
    }
    for (const Inert& inert : kInert) {
        if (!is_named(inert, path, words.interfaces())) continue;
        const auto numbers = sysctl_numbers(value, inert.least, inert.most);
        if (!numbers || numbers->size() > inert.numbers) {
            const std::string range = fmt::format("{} from {} to {}", inert.name, inert.least, inert.most);
            words.fail(word,
                       inert.numbers == 1 ? range : fmt::format("at most {} numbers of {}", inert.numbers, range));
        }
        return true;
    }
    return false;
}

}  // namespace turnpike::config
