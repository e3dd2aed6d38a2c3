// SPDX-License-Identifier: Apache-2.0
// `turnpike diff DIR`: does Turnpike send what a real Linux router sends?
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace turnpike::diff {

struct DiffOptions {
    std::filesystem::path scenario;
    std::filesystem::path machines;  ///< folder of the machine files
    std::vector<std::string> set;    ///< key=value, as for `turnpike run`
    std::optional<std::filesystem::path> firmware;
    std::optional<std::filesystem::path> out;     ///< keeps turnpike/ethN.pcap and linux/ethN.pcap there
    std::optional<std::filesystem::path> expect;  ///< recorded ethN.pcap in place of a Linux router
    std::optional<std::filesystem::path> actual;  ///< recorded ethN.pcap in place of Turnpike
    bool strict = false;                          ///< order across flows and the length of ICMP quotes count too
    std::optional<std::string> icmp_quote;        ///< auto | exact | min, in place of the scenario's
    std::optional<std::string> counters;          ///< show: differences are shown; strict: they count
    bool record = false;                          ///< the kernel alone: `out` gets what it sent and counted
};

/// Exit status: 0 equal, 1 different, 2 the scenario or this machine does not allow the comparison.
int run_diff(const DiffOptions& options);

}  // namespace turnpike::diff
