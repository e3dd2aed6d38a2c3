// SPDX-License-Identifier: Apache-2.0
#include "config/local_task.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "config/address.h"

namespace turnpike::config {
namespace {

namespace rc = regs::config;

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17;  // IPPROTO_*
constexpr std::uint64_t kMostBytes = 65507;             // of an IPv4 packet less its header and 8 of UDP or ICMP
constexpr std::uint64_t kMostUs = 1'000'000'000'000;

struct Program {
    std::string_view name;
    std::uint8_t program;
    std::uint8_t protocol;
    std::uint16_t port;  ///< own port unless given: RFC 862, RFC 863; 0: any
    std::uint64_t bytes;
    bool sends;  ///< to somebody, at times of its own
};

constexpr Program kPrograms[] = {
    {"udp-echo", rc::LOCAL_ECHO, kUdp, 7, 0, false},       {"tcp-echo", rc::LOCAL_ECHO, kTcp, 7, 0, false},
    {"udp-discard", rc::LOCAL_DISCARD, kUdp, 9, 0, false}, {"tcp-discard", rc::LOCAL_DISCARD, kTcp, 9, 0, false},
    {"ping", rc::LOCAL_PING, kIcmp, 0, 56, true},          {"udp-sender", rc::LOCAL_SENDER, kUdp, 0, 18, true}};

template <typename Number>
void read_number(TomlTable& table, std::string_view key, Number& into, std::uint64_t least = 0,
                 std::uint64_t most = std::numeric_limits<Number>::max()) {
    std::uint64_t value = into;
    table.read(key, value, least, most);
    into = static_cast<Number>(value);
}

void read_address(TomlTable& table, std::string_view key, std::uint32_t& into) {
    const auto value = table.value(key);
    if (!value) return;
    const auto address = value->is_text() ? parse_ipv4(value->as_text()) : std::nullopt;
    if (!address) value->fail("an IPv4 address in quotes, as \"10.0.0.1\"");
    into = *address;
}

void need(TomlTable& table, std::string_view key, const Program& program, bool there) {
    if (!there) table.fail(found_expected(fmt::format("no '{}'", key), fmt::format("one: {} needs it", program.name)));
}

/// A port's name, as its interface index.
void read_interface(TomlTable& table, const std::vector<std::string>& ports, std::uint32_t& into) {
    constexpr std::uint32_t kFirstPort = 2;  // 1 is the loopback device
    std::string name;
    table.read_choice("interface", name, fmt::format("{}", fmt::join(ports, "|")));
    for (std::size_t n = 0; n < ports.size(); ++n) {
        if (ports[n] == name) into = kFirstPort + static_cast<std::uint32_t>(n);
    }
}

void read_flag(TomlTable& table, std::string_view key, std::uint8_t bit, bool unless_given, std::uint8_t& flags) {
    bool on = unless_given;
    table.read(key, on);
    if (on) flags |= bit;
}

/// ip(7), IP_MTU_DISCOVER.
std::uint8_t read_mtu_discover(TomlTable& table) {
    constexpr std::string_view kModes[] = {"dont", "want", "do", "probe", "interface", "omit"};
    std::string name = "want";
    table.read_choice("mtu_discover", name, fmt::format("{}", fmt::join(kModes, "|")));
    std::uint8_t mode = 1;
    while (kModes[mode - 1] != name) ++mode;
    return mode;
}

/// Options of a socket that sends.
void read_options(TomlTable& table, const Program& program, const std::vector<std::string>& ports,
                  rc::LocalTask& task) {
    task.mc_ttl = 1;  // RFC 1112 6.1
    read_number(table, "multicast_ttl", task.mc_ttl);
    read_interface(table, ports, task.ifindex);
    read_flag(table, "broadcast", rc::LOCAL_F_BROADCAST, true, task.flags);
    read_flag(table, "no_loop", rc::LOCAL_F_NO_LOOP, false, task.flags);
    if (program.protocol == kUdp) read_flag(table, "connect", rc::LOCAL_F_CONNECT, false, task.flags);
    read_flag(table, "errors", rc::LOCAL_F_ERRORS, false, task.flags);
    task.mtu_discover = read_mtu_discover(table);
}

/// The group that a service is in, and when.
void read_membership(TomlTable& table, const std::vector<std::string>& ports, rc::LocalTask& task) {
    const auto value = table.value("group");
    if (!value) return;
    const auto group = value->is_text() ? parse_ipv4(value->as_text()) : std::nullopt;
    if (!group || *group >> 28 != 0xE) value->fail("an address from 224.0.0.0 to 239.255.255.255 in quotes");
    task.group = *group;
    read_interface(table, ports, task.ifindex);
    read_number(table, "join_us", task.join_us, 0, kMostUs);
    read_number(table, "leave_us", task.leave_us, task.join_us + 1, kMostUs);
}

void read_sending(TomlTable& table, const Program& program, rc::LocalTask& task) {
    task.count = 1;
    task.interval_us = 1'000'000;
    read_address(table, "to", task.remote);
    need(table, "to", program, task.remote != 0);
    if (program.protocol == kUdp) {
        read_number(table, "to_port", task.remote_port, 1);
        need(table, "to_port", program, task.remote_port != 0);
    }
    read_number(table, "count", task.count);
    read_number(table, "bytes", task.bytes, 0, kMostBytes);
    read_number(table, "interval_us", task.interval_us, 0, kMostUs);
}

const Program& read_program(TomlTable& table) {
    std::string choices, name;
    for (const Program& program : kPrograms) choices += fmt::format("{}{}", choices.empty() ? "" : "|", program.name);
    table.read_choice("program", name, choices);
    for (const Program& program : kPrograms) {
        if (program.name == name) return program;
    }
    table.fail(found_expected("no 'program'", choices_text(choices)));
}

rc::LocalTask read_task(TomlTable& table, const Program& program, const std::vector<std::string>& ports) {
    rc::LocalTask task;
    task.program = program.program;
    task.protocol = program.protocol;
    task.port = program.port;
    task.bytes = static_cast<std::uint32_t>(program.bytes);
    read_address(table, "address", task.address);
    if (program.protocol != kIcmp) read_number(table, "port", task.port, 1);
    if (program.sends) {
        read_sending(table, program, task);
        read_options(table, program, ports, task);
    } else if (program.protocol == kUdp) {
        read_membership(table, ports, task);
    }
    read_number(table, "tos", task.tos);
    read_number(table, "ttl", task.ttl, 1);
    read_number(table, "start_us", task.start_us, 0, kMostUs);
    table.finish();
    return task;
}

}  // namespace

std::vector<Command> read_local_tasks(TomlTable& root, const std::string& file, const std::vector<std::string>& ports) {
    std::vector<Command> tasks;
    for (TomlTable& table : root.tables("local")) {
        const Program& program = read_program(table);
        rc::LocalTask task = read_task(table, program, ports);
        if (task.program == rc::LOCAL_PING) task.echo_id = static_cast<std::uint16_t>(tasks.size() + 1);
        tasks.push_back(Command{file, table.line(), fmt::format("[[local]] {}", program.name), {encode(task)}, 0});
    }
    return tasks;
}

}  // namespace turnpike::config
