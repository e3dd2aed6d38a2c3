// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <ostream>

#include "cli/import/import.h"

namespace turnpike::import {
namespace {

void line(std::ostream& out, std::uint64_t count, const std::string& text) {
    if (count != 0) out << fmt::format("  {:>8}  {}\n", count, text);
}

}  // namespace

void print_report(const ImportReport& report, const ImportOptions& options, std::ostream& out) {
    out << fmt::format("{}: {} frames read, {} kept\n", options.capture.string(), report.read, report.kept);
    for (const PortReport& port : report.ports) {
        out << fmt::format("  {:<8}  {:>8} frames  {:>10} bytes  {:>6} hosts  {:>6} routes\n", port.name, port.frames,
                           port.bytes, port.hosts, port.routes);
    }
    if (!report.excluded.empty()) out << "excluded:\n";
    for (const auto& [reason, count] : report.excluded) line(out, count, reason);
    const bool notes = report.broken_headers + report.loopback + report.gaps + report.backward != 0;
    if (notes) out << "changed or worth knowing:\n";
    line(out, report.broken_headers, "frames with a broken IP header kept: a router drops them");
    line(out, report.loopback, "frames between loopback addresses got addresses that can be routed");
    line(out, report.gaps, fmt::format("gaps in time cut to {} us", options.max_gap_us));
    line(out, report.backward, "time stamps before their predecessor's moved up to it");
    out << fmt::format("written: {}\n", options.out.string());
}

}  // namespace turnpike::import
