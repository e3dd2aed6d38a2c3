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
    bool strict = false;                          ///< order across flows counts too
};

/// Exit status: 0 equal, 1 different, 2 the scenario or this machine does not allow the comparison.
int run_diff(const DiffOptions& options);

}  // namespace turnpike::diff
