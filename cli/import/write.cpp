// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/import/plan.h"
#include "config/error.h"

namespace turnpike::import {
namespace {

namespace fs = std::filesystem;

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw config::Error(file.string(), 0, 0, "cannot be written, expected a folder with room");
}

/// A TOML basic string, or text for a comment: printable ASCII stays.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += fmt::format("\\{}", c);
        } else if (byte < 0x20 || byte >= 0x7F) {
            out += fmt::format("\\u00{:02x}", byte);
        } else {
            out += c;
        }
    }
    return out;
}

std::string file_name(const fs::path& path) {
    return fs::absolute(path / "x").lexically_normal().parent_path().filename().string();
}

std::string toml_text(const ImportOptions& options, const std::vector<PortPlan>& ports) {
    std::string text = "# SPDX-License-Identifier: Apache-2.0\n";
    text += fmt::format("name = \"{}\"\n", escaped(file_name(options.out)));
    text += fmt::format("about = \"made by turnpike import from {}\"\n", escaped(file_name(options.capture)));
    for (const PortPlan& port : ports) {
        text += fmt::format("\n[[port]]\nname = \"{}\"\nmac = \"{}\"\nmtu = {}\n", port.name,
                            config::mac_text(port.mac), options.mtu);
        if (!port.frames.empty()) text += fmt::format("rx = \"in/{}.pcap\"\n", port.name);
        text += fmt::format("tx = \"out/{}.pcap\"\n", port.name);
    }
    return text + "\n[run]\npace = \"real\"\ndrain_s = 0.3\n";
}

std::string router_text(const ImportOptions& options, const std::vector<PortPlan>& ports) {
    std::string text = fmt::format("# made by turnpike import from {}\n", escaped(file_name(options.capture)));
    for (const PortPlan& port : ports) {
        text += fmt::format("ip link set {} up\n", port.name);
        text += fmt::format("ip addr add {}/24 dev {}\n", config::ipv4_text(port.address), port.name);
        text += fmt::format("ip neigh add {} lladdr {} dev {} nud permanent\n", config::ipv4_text(port.next_hop),
                            config::mac_text(port.next_hop_mac), port.name);
    }
    text += "sysctl -w net.ipv4.ip_forward=1\n";
    for (const PortPlan& port : ports) {
        for (const config::Prefix& route : port.routes) {
            text +=
                fmt::format("ip route add {} via {}\n", config::prefix_text(route), config::ipv4_text(port.next_hop));
        }
    }
    return text;
}

}  // namespace

void write_scenario(const ImportOptions& options, const std::vector<PortPlan>& ports) {
    for (const PortPlan& port : ports) {
        if (port.frames.empty()) continue;
        CaptureWriter writer(options.out / "in" / (port.name + ".pcap"));
        for (const Packet& frame : port.frames) writer.write(frame.time_ns, frame.bytes);
        writer.close();
    }
    write_text(options.out / "router.sh", router_text(options, ports));
    write_text(options.out / "scenario.toml", toml_text(options, ports));
}

}  // namespace turnpike::import
