// SPDX-License-Identifier: Apache-2.0
// Times as `#at` lines give them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace turnpike::config {

/// "5ms", "1.5us" or "2s" in nanoseconds; nothing for other text, parts of a nanosecond and more than 10^9 of the unit.
std::optional<std::uint64_t> parse_duration_ns(std::string_view text);

}  // namespace turnpike::config
