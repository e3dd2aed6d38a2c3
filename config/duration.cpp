// SPDX-License-Identifier: Apache-2.0
#include "config/duration.h"

#include <cctype>
#include <cstddef>

namespace turnpike::config {
namespace {

constexpr std::size_t kMostDigits = 9;

struct Unit {
    std::string_view name;
    std::uint64_t ns;
};
constexpr Unit kUnits[] = {{"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};

std::string_view take_digits(std::string_view& text) {
    std::size_t n = 0;
    while (n < text.size() && std::isdigit(static_cast<unsigned char>(text[n])) != 0) ++n;
    const std::string_view digits = text.substr(0, n);
    text.remove_prefix(n);
    return digits;
}

/// What the digits stand for when the first is worth `worth`, each further a tenth of the one before.
std::optional<std::uint64_t> add_up(std::string_view digits, std::uint64_t worth) {
    std::uint64_t sum = 0;
    for (const char digit : digits) {
        if (worth == 0 && digit != '0') return std::nullopt;
        sum += static_cast<std::uint64_t>(digit - '0') * worth;
        worth /= 10;
    }
    return sum;
}

}  // namespace

std::optional<std::uint64_t> parse_duration_ns(std::string_view text) {
    const std::string_view whole = take_digits(text);
    if (whole.empty() || whole.size() > kMostDigits) return std::nullopt;
    std::string_view part;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        part = take_digits(text);
        if (part.empty()) return std::nullopt;
    }
    for (const Unit& unit : kUnits) {
        if (text != unit.name) continue;
        std::uint64_t worth = unit.ns;
        for (std::size_t i = 1; i < whole.size(); ++i) worth *= 10;
        const auto fraction = add_up(part, unit.ns / 10);
        if (!fraction) return std::nullopt;
        return *add_up(whole, worth) + *fraction;
    }
    return std::nullopt;
}

}  // namespace turnpike::config
