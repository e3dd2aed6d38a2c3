// SPDX-License-Identifier: Apache-2.0
// Numbers, addresses and prefixes in the spellings that iproute2 accepts (lib/utils.c: get_integer, get_addr,
// get_prefix).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace turnpike::config {

using Mac = std::array<std::uint8_t, 6>;

/// Decimal, 0x… hexadecimal or 0… octal.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Decimal alone, leading zeros included.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// One to four numbers between dots; missing ones at the end are 0, so that 10.1 is 10.1.0.0.
std::optional<std::uint32_t> parse_ipv4(std::string_view text);
std::string ipv4_text(std::uint32_t address);

/// An address as written: bits beyond the length are kept, since Linux looks at them.
struct Prefix {
    std::uint32_t address = 0;
    std::uint8_t length = 32;
    bool operator==(const Prefix&) const = default;
};
/// ADDRESS, ADDRESS/LENGTH, ADDRESS/NETMASK, or default, any and all for 0.0.0.0/0.
std::optional<Prefix> parse_prefix(std::string_view text);
std::string prefix_text(const Prefix& prefix);
/// The bits that a prefix of this length fixes.
constexpr std::uint32_t netmask(unsigned length) { return length == 0 ? 0 : ~std::uint32_t{0} << (32 - length); }

/// Six bytes of one or two hexadecimal digits between colons.
std::optional<Mac> parse_mac(std::string_view text);
std::string mac_text(const Mac& mac);

}  // namespace turnpike::config
