// SPDX-License-Identifier: Apache-2.0
#include "config/core_forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace turnpike::config {
namespace {

constexpr std::uint64_t kPorts = 16;
constexpr std::uint64_t kMostCycles = 255;
constexpr std::size_t kMostUops = 32;
constexpr std::uint64_t kMostLineSlots = 128;
constexpr std::uint64_t kMostLineSixteenths = 64 * 16;

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}

regs::PortGroup read_group(TomlTable& table) {
    regs::PortGroup group;
    table.read("name", group.name);
    const auto numbers = table.value("ports");
    if (group.name.empty() || !numbers) table.fail(found_expected("[[ports]]", "the keys name and ports"));
    for (const TomlValue& number : numbers->as_array()) {
        group.ports = static_cast<std::uint16_t>(group.ports | (1U << number.as_u64(0, kPorts - 1)));
    }
    table.finish();
    return group;
}

bool known(const regs::CpuProfile& profile, const std::string& group) {
    return std::any_of(profile.port_groups.begin(), profile.port_groups.end(),
                       [&](const regs::PortGroup& other) { return other.name == group; });
}

void read_line_point(TomlTable& table, std::vector<regs::LinePoint>& points) {
    regs::LinePoint point;
    table.read("slots", point.slots, 1, kMostLineSlots);
    table.read("sixteenths", point.sixteenths, 0, kMostLineSixteenths);
    table.finish();
    if (!points.empty() && (point.slots <= points.back().slots || point.sixteenths < points.back().sixteenths)) {
        table.fail(
            found_expected("a [[line]] out of order", "more slots than in the one before and no fewer sixteenths"));
    }
    points.push_back(point);
}

regs::InstructionForm read_form(TomlTable& table, const regs::CpuProfile& profile) {
    regs::InstructionForm form;
    std::string mnemonics, uops;
    table.read("of", mnemonics);
    table.read("uops", uops);
    table.read("shape", form.shape);
    table.read("bits", form.bits, 0, 64);
    table.read("latency", form.latency, 0, kMostCycles);
    table.read("second_latency", form.second_latency, 0, kMostCycles);
    table.read("busy", form.busy, 1, kMostCycles);
    table.read("slots", form.slots, 0, kMostUops);
    table.read("bits_per_cycle", form.bits_per_cycle, 0, kMostCycles);
    table.read("flags_first", form.flags_first, 0, 1);
    table.read("bits_per_busy", form.bits_per_busy, 0, kMostCycles);
    table.read("source", form.source);
    table.finish();
    form.mnemonics = words(mnemonics);
    form.uops = words(uops);
    if (form.mnemonics.empty()) table.fail(found_expected("[[form]] without mnemonics", "the key of"));
    if (form.uops.size() > kMostUops) table.fail(found_expected("too many uops", fmt::format("at most {}", kMostUops)));
    for (const std::string& group : form.uops) {
        if (!known(profile, group)) {
            table.fail(found_expected(fmt::format("port group {}", in_quotes(group)), "a name of a [[ports]] above"));
        }
    }
    return form;
}

}  // namespace

void read_forms(TomlTable& root, regs::CpuProfile& profile) {
    for (TomlTable& table : root.tables("ports")) profile.port_groups.push_back(read_group(table));
    for (TomlTable& table : root.tables("line")) read_line_point(table, profile.line_points);
    for (TomlTable& table : root.tables("form")) profile.forms.push_back(read_form(table, profile));
    if (profile.schedule.model != "scheduled") return;
    for (const char* needed : {"alu", "load", "store_address", "store_data", "branch"}) {
        if (!known(profile, needed)) {
            root.fail(found_expected(fmt::format("no port group {}", in_quotes(needed)),
                                     "alu, load, store_address, store_data and branch in a scheduled profile"));
        }
    }
}

}  // namespace turnpike::config
