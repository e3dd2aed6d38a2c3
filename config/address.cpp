// SPDX-License-Identifier: Apache-2.0
#include "config/address.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>

namespace turnpike::config {
namespace {

std::optional<std::uint64_t> digits(std::string_view text, int base) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return value;
}

std::optional<std::uint8_t> mask_length(std::uint32_t mask) {
    const int ones = std::countl_one(mask);
    if (netmask(static_cast<unsigned>(ones)) != mask) return std::nullopt;
    return static_cast<std::uint8_t>(ones);
}

std::optional<std::uint8_t> prefix_length(std::string_view text) {
    if (const auto number = parse_number(text)) {
        if (*number > 32) return std::nullopt;
        return static_cast<std::uint8_t>(*number);
    }
    const auto mask = parse_ipv4(text);
    return mask ? mask_length(*mask) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) return digits(text.substr(2), 16);
    if (text.size() > 1 && text.front() == '0') return digits(text.substr(1), 8);
    return digits(text, 10);
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) { return digits(text, 10); }

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
    std::uint32_t address = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const std::size_t dot = text.find('.');
        const auto byte = parse_number(text.substr(0, dot));
        if (!byte || *byte > 255) return std::nullopt;
        address |= static_cast<std::uint32_t>(*byte) << (24 - 8 * i);
        if (dot == std::string_view::npos) return address;
        text.remove_prefix(dot + 1);
    }
    return std::nullopt;
}

std::string ipv4_text(std::uint32_t address) {
    return fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
}

std::optional<Prefix> parse_prefix(std::string_view text) {
    if (text == "default" || text == "any" || text == "all") return Prefix{0, 0};
    const std::size_t slash = text.find('/');
    const auto address = parse_ipv4(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return Prefix{*address, 32};
    const auto length = prefix_length(text.substr(slash + 1));
    if (!length) return std::nullopt;
    return Prefix{*address, *length};
}

std::string prefix_text(const Prefix& prefix) { return fmt::format("{}/{}", ipv4_text(prefix.address), prefix.length); }

std::optional<Mac> parse_mac(std::string_view text) {
    Mac mac{};
    for (std::size_t i = 0; i < mac.size(); ++i) {
        const bool last = i + 1 == mac.size();
        const std::size_t colon = text.find(':');
        if (last != (colon == std::string_view::npos)) return std::nullopt;
        const std::string_view byte = text.substr(0, colon);
        const auto value = digits(byte, 16);
        if (byte.size() > 2 || !value) return std::nullopt;
        mac[i] = static_cast<std::uint8_t>(*value);
        if (!last) text.remove_prefix(colon + 1);
    }
    return mac;
}

std::string mac_text(const Mac& mac) {
    return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

}  // namespace turnpike::config
