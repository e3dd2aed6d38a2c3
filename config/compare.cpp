// SPDX-License-Identifier: Apache-2.0
#include "config/compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/address.h"

namespace turnpike::config {
namespace {

constexpr double kMostShare = 1e9;

std::uint32_t read_address(const TomlValue& value) {
    const auto address = parse_ipv4(value.as_text());
    if (!address) value.fail("an IPv4 address");
    return *address;
}

/// true, or the one word that means it.
void read_switch(TomlTable& table, std::string_view key, bool& into, std::string_view word, std::string_view opposite) {
    const auto value = table.value(key);
    if (!value) return;
    if (value->is_bool()) {
        into = value->as_bool();
    } else if (value->is_text() && (value->as_text() == word || value->as_text() == opposite)) {
        into = value->as_text() == word;
    } else {
        value->fail(fmt::format("true, false, \"{}\" or \"{}\"", word, opposite));
    }
}

std::vector<TomlValue> read_tuple(const TomlValue& value, std::size_t size, std::string_view expected) {
    auto elements = value.as_array();
    if (elements.size() != size) value.fail_with(found_expected(fmt::format("{} elements", elements.size()), expected));
    return elements;
}

std::uint16_t read_port_number(const TomlValue& value) { return static_cast<std::uint16_t>(value.as_u64(0, 65535)); }

std::vector<std::string> texts_of(const TomlValue& value) {
    std::vector<std::string> texts;
    for (const TomlValue& element : value.as_array()) texts.push_back(element.as_text());
    return texts;
}

std::vector<std::string> read_port_names(const TomlValue& value, const std::vector<std::string>& known) {
    std::vector<std::string> names = texts_of(value);
    for (const std::string& name : names) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            value.fail_with(found_expected(in_quotes(name), fmt::format("one of {}", fmt::join(known, ", "))));
        }
    }
    return names;
}

void read_nat(TomlTable& table, CompareConfig& compare) {
    if (const auto value = table.value("nat_port")) {
        for (const TomlValue& element : value->as_array()) compare.nat_port.push_back(read_address(element));
    }
    if (const auto value = table.value("nat_port_range")) {
        const auto range = read_tuple(*value, 2, "[first, last]");
        compare.nat_port_range = {read_port_number(range[0]), read_port_number(range[1])};
    }
    if (const auto value = table.value("ip_pool")) {
        const auto range = read_tuple(*value, 2, "[first address, last address]");
        compare.ip_pool = {read_address(range[0]), read_address(range[1])};
    }
    if (const auto value = table.value("dport_pool")) {
        const auto pool = read_tuple(*value, 3, "[address, first, last]");
        compare.dport_pool =
            CompareConfig::DportPool{read_address(pool[0]), read_port_number(pool[1]), read_port_number(pool[2])};
    }
}

}  // namespace

std::vector<std::string> read_texts(TomlTable& table, std::string_view key) {
    const auto value = table.value(key);
    return value ? texts_of(*value) : std::vector<std::string>();
}

CompareConfig read_compare(TomlTable table, const std::vector<std::string>& port_names) {
    CompareConfig compare;
    table.read_choice("ip_id", compare.ip_id, "generated|exact");
    table.read_choice("icmp_quote", compare.icmp_quote, "auto|exact|min");
    table.read_choice("order", compare.order, "flow|port|none");
    read_switch(table, "inner_ttl", compare.any_inner_ttl, "any", "exact");
    read_switch(table, "refrag", compare.any_refrag, "any", "exact");
    read_switch(table, "pad", compare.pad, "any", "exact");
    read_switch(table, "mask_ip_ts", compare.mask_ip_ts, "any", "exact");
    read_switch(table, "mask_icmp_ts", compare.mask_icmp_ts, "any", "exact");
    read_nat(table, compare);
    if (const auto value = table.value("port_groups")) {
        for (const TomlValue& group : value->as_array()) {
            compare.port_groups.push_back(read_port_names(group, port_names));
        }
    }
    table.read("share_min", compare.share_min, 0, kMostShare);
    if (const auto value = table.value("ports")) compare.ports = read_port_names(*value, port_names);
    table.finish();
    return compare;
}

}  // namespace turnpike::config
