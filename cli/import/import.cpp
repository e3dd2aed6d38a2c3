// SPDX-License-Identifier: Apache-2.0
#include "cli/import/import.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "cli/import/loopback.h"
#include "cli/import/networks.h"
#include "cli/import/plan.h"
#include "cli/import/sides.h"
#include "cli/import/timeline.h"
#include "config/error.h"
#include "regs/address_map.h"

namespace turnpike::import {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLeastMtu = 68, kMostMtu = 9000;
constexpr std::uint64_t kMostGapUs = 1'000'000'000'000;

[[noreturn]] void fail(std::string_view option, const std::string& found, const std::string& expected) {
    throw config::Error(std::string(option), 0, 0, config::found_expected(found, expected));
}

void check_options(const ImportOptions& options) {
    if (options.ports < 2 || options.ports > regs::map::MAX_PORTS) {
        fail("--ports", fmt::format("{}", options.ports), fmt::format("2 to {}", regs::map::MAX_PORTS));
    }
    if (options.mtu < kLeastMtu || options.mtu > kMostMtu) {
        fail("--mtu", fmt::format("{}", options.mtu), fmt::format("{} to {}", kLeastMtu, kMostMtu));
    }
    if (options.max_gap_us > kMostGapUs) {
        fail("--max-gap-us", fmt::format("{}", options.max_gap_us), fmt::format("at most {}", kMostGapUs));
    }
}

void check_folder(const ImportOptions& options) {
    std::error_code error;
    const fs::file_status status = fs::status(options.out, error);
    if (!fs::exists(status)) return;
    if (!fs::is_directory(status)) fail(options.out.string(), "a file", "a folder to write");
    if (!options.force && !fs::is_empty(options.out, error)) {
        fail(options.out.string(), "a folder that is not empty", "a new folder, or --force to write into this one");
    }
}

void make_folder(const ImportOptions& options) {
    std::error_code error;
    fs::create_directories(options.out / "in", error);
    if (error) fail(options.out.string(), error.message(), "a folder that can be made");
}

std::vector<Packet> read_packets(const ImportOptions& options, ImportReport& report) {
    std::vector<Packet> packets;
    for (CapturedFrame& frame : read_capture(options.capture, {.allow_snapped = true}).frames) {
        ++report.read;
        const std::string reason = exclusion(frame, options.mtu);
        if (reason.empty()) {
            packets.push_back(make_packet(std::move(frame)));
        } else {
            ++report.excluded[reason];
        }
    }
    return packets;
}

FreeNetworks free_networks(const std::vector<Packet>& packets) {
    std::set<std::uint32_t> used;
    for (const Packet& packet : packets) {
        if (!packet.sound) continue;
        used.insert(packet.source);
        used.insert(packet.destination);
    }
    return FreeNetworks(used);
}

std::vector<PortPlan> plan_ports(unsigned count, FreeNetworks& networks) {
    std::vector<PortPlan> ports(count);
    for (unsigned i = 0; i < count; ++i) {
        const auto number = static_cast<std::uint8_t>(i);
        const std::uint32_t network = networks.take();
        ports[i].name = fmt::format("eth{}", i);
        ports[i].mac = {0x02, 0, 0, 0, number, 1};
        ports[i].next_hop_mac = {0x02, 0, 0, 0, number, 2};
        ports[i].address = network + 1;
        ports[i].next_hop = network + 2;
    }
    return ports;
}

void replace_loopback(std::vector<Packet>& packets, FreeNetworks& networks, ImportReport& report) {
    const std::uint32_t clients = networks.take(), servers = networks.take();
    LoopbackHosts hosts(clients, servers);
    std::erase_if(packets, [&](Packet& packet) {
        if (!LoopbackHosts::applies(packet)) return false;
        if (hosts.rewrite(packet)) {
            ++report.loopback;
            return false;
        }
        ++report.excluded["more loopback addresses than can be replaced"];
        return true;
    });
}

/// Unicast frames go to the router; what says nothing about its sender gets an address made of the sender's.
void set_macs(Packet& packet, const PortPlan& port) {
    if (!is_group(packet.destination_mac)) packet.destination_mac = port.mac;
    const bool usable = !is_zero(packet.source_mac) && !is_group(packet.source_mac) && packet.source_mac != port.mac;
    if (!usable) {
        packet.source_mac = {0x06, 0};  // locally administered
        for (unsigned i = 0; i < 4; ++i)
            packet.source_mac[2 + i] = static_cast<std::uint8_t>(packet.source >> (24 - 8 * i));
    }
    std::copy(packet.destination_mac.begin(), packet.destination_mac.end(), packet.bytes.begin());
    std::copy(packet.source_mac.begin(), packet.source_mac.end(), packet.bytes.begin() + 6);
}

void distribute(std::vector<Packet> packets, const Sides& sides, const ImportOptions& options,
                std::vector<PortPlan>& ports, ImportReport& report) {
    Timeline timeline(options.max_gap_us * 1000);
    for (Packet& packet : packets) {
        const unsigned from = sides.sender(packet);
        if (is_to_host(packet) && sides.of_address.at(packet.destination) == from) {
            ++report.excluded["both ends on one side"];
            continue;
        }
        set_macs(packet, ports[from]);
        packet.time_ns = timeline.next(packet.time_ns);
        report.broken_headers += packet.sound ? 0 : 1;
        ++report.kept;
        ports[from].frames.push_back(std::move(packet));
    }
    report.gaps = timeline.gaps();
    report.backward = timeline.backward();
}

void count_ports(const std::vector<PortPlan>& ports, const Sides& sides, ImportReport& report) {
    for (const PortPlan& port : ports) {
        PortReport counts{port.name, port.frames.size(), 0, 0, port.routes.size()};
        for (const Packet& frame : port.frames) counts.bytes += frame.bytes.size();
        report.ports.push_back(counts);
    }
    for (const auto& entry : sides.of_address) ++report.ports[entry.second].hosts;
}

void require_frames(const ImportReport& report, const ImportOptions& options) {
    if (report.kept != 0) return;
    std::string reasons = report.read == 0 ? "no frame at all" : "";
    for (const auto& [reason, count] : report.excluded) {
        reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, reason);
    }
    fail(options.capture.string(), reasons, "at least one IPv4 frame from one host to another");
}

}  // namespace

ImportReport import_capture(const ImportOptions& options) {
    check_options(options);
    check_folder(options);
    ImportReport report;
    std::vector<Packet> packets = read_packets(options, report);
    FreeNetworks networks = free_networks(packets);
    std::vector<PortPlan> ports = plan_ports(options.ports, networks);
    replace_loopback(packets, networks, report);
    const Sides sides = split_hosts(packets, options.ports);
    auto routes = cover(sides.of_address, options.ports);
    for (unsigned i = 0; i < options.ports; ++i) ports[i].routes = std::move(routes[i]);
    distribute(std::move(packets), sides, options, ports, report);
    require_frames(report, options);
    count_ports(ports, sides, report);
    make_folder(options);
    write_scenario(options, ports);
    return report;
}

}  // namespace turnpike::import
