// SPDX-License-Identifier: Apache-2.0
// Counters of both sides under Linux's names: nstat's, and packets of `ip -s link`.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace turnpike::diff {

struct Counters {
    std::map<std::string, std::uint64_t> nstat;                         ///< "IpInReceives"; what is 0 may be missing
    std::map<std::string, std::map<std::string, std::uint64_t>> ports;  ///< "eth0", "rx_packets"
};

/// Of this namespace of the kernel since it was made.
Counters read_kernel_counters();
/// What was counted between two readings.
Counters counted_between(const Counters& before, const Counters& after);

/// The ports of each group count as one, named after the first.
Counters with_groups(Counters counters, const std::vector<std::vector<std::string>>& groups);

/// Of stats.json, which `turnpike run` writes. Throws EnvironmentError.
Counters read_turnpike_counters(const std::filesystem::path& stats_json);
/// Of counters.json, which recordings of the kernel hold. Throws EnvironmentError.
Counters read_recorded_counters(const std::filesystem::path& counters_json);
void write_recorded_counters(const Counters& counters, const std::filesystem::path& counters_json);

/// "IpInReceives: turnpike 13, linux 12": one for each that differs. Compared are all of the groups Ip, Icmp, IcmpMsg,
/// IpExt, Udp and Tcp that count packets, and each port's packets.
std::vector<std::string> counter_differences(const Counters& ours, const Counters& theirs, std::string_view reference);

}  // namespace turnpike::diff
