// SPDX-License-Identifier: Apache-2.0

#include <array>
#include <fstream>
#include <sstream>

#include "cli/diff/counters.h"
#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

using Values = std::map<std::string, std::uint64_t>;

/// /proc/net follows the first thread of a process; this one may have gone to another namespace.
std::ifstream open_proc(const std::string& name) {
    std::ifstream file("/proc/thread-self/net/" + name);
    if (!file) throw EnvironmentError("cannot read /proc/thread-self/net/" + name);
    return file;
}

/// snmp and netstat: a line of names and a line of values, both begun by the group's name and a colon.
void read_groups(const std::string& file_name, Values& into) {
    std::ifstream file = open_proc(file_name);
    std::string name_line, value_line;
    while (std::getline(file, name_line) && std::getline(file, value_line)) {
        std::istringstream names(name_line), values(value_line);
        std::string group, name;
        std::int64_t value = 0;  // TcpMaxConn may be -1
        names >> group;
        values >> name;
        group.pop_back();
        while (names >> name && values >> value) into[group + name] = static_cast<std::uint64_t>(value);
    }
}

/// dev: two lines of headings, then "eth0: " and 8 counters of what was received, 8 of what was sent.
void read_ports(std::map<std::string, Values>& into) {
    std::ifstream file = open_proc("dev");
    std::string line;
    while (std::getline(file, line)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        const std::string name = line.substr(line.find_first_not_of(' '), colon - line.find_first_not_of(' '));
        std::istringstream numbers(line.substr(colon + 1));
        std::array<std::uint64_t, 16> values{};
        for (std::uint64_t& value : values) numbers >> value;
        if (name != "lo") into[name] = {{"rx_packets", values[1]}, {"tx_packets", values[9]}};
    }
}

}  // namespace

Counters read_kernel_counters() {
    Counters counters;
    read_groups("snmp", counters.nstat);
    read_groups("netstat", counters.nstat);
    read_ports(counters.ports);
    return counters;
}

}  // namespace turnpike::diff
