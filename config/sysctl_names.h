// SPDX-License-Identifier: Apache-2.0
// Names of sysctls and how their values are written.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/words.h"

namespace turnpike::config {

/// The path below /proc/sys of a key with . or / between its parts: whichever comes first separates, the other is then
/// part of a name, written as its opposite.
std::string sysctl_path(std::string_view key);
/// The interface that `path` names where `pattern` (a path, too) has its *, SYSCTL_ALL or SYSCTL_DEFAULT; 0 for a
/// pattern without one.
std::optional<std::uint32_t> match_sysctl(std::string_view pattern, std::string_view path,
                                          const Interfaces& interfaces);

/// The numbers of a value, each from `least` to `most`, at least one of them; nullopt: it is not made of these.
std::optional<std::vector<std::int64_t>> sysctl_numbers(std::string_view text, std::int64_t least, std::int64_t most);

}  // namespace turnpike::config
