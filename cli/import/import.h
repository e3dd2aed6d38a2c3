// SPDX-License-Identifier: Apache-2.0
// Makes a scenario of a capture: hosts to one side or another of the router, routes to match, frames readdressed.
#pragma once
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace turnpike::import {

struct ImportOptions {
    std::filesystem::path capture;
    std::filesystem::path out;
    std::uint64_t max_gap_us = 100'000;  ///< longer gaps between frames are cut to this
    unsigned ports = 2;                  ///< sides to split the hosts into
    std::uint32_t mtu = 1500;
    bool force = false;  ///< write into a folder that is not empty
};

struct PortReport {
    std::string name;
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;  ///< without FCS
    std::uint64_t hosts = 0;
    std::uint64_t routes = 0;
};

struct ImportReport {
    std::uint64_t read = 0;
    std::uint64_t kept = 0;
    std::vector<PortReport> ports;
    std::map<std::string, std::uint64_t> excluded;  ///< frames by reason
    std::uint64_t broken_headers = 0;               ///< kept, with an IP header that a router drops
    std::uint64_t loopback = 0;                     ///< kept, with 127/8 addresses replaced
    std::uint64_t gaps = 0;                         ///< longer than max_gap
    std::uint64_t backward = 0;                     ///< time stamps before their predecessor's
};

/// Reads the capture and writes OUT/scenario.toml, router.sh and in/NAME.pcap. Throws config::Error or CaptureError
/// before anything is written.
ImportReport import_capture(const ImportOptions& options);

void print_report(const ImportReport& report, const ImportOptions& options, std::ostream& out);

}  // namespace turnpike::import
