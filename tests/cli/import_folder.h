// SPDX-License-Identifier: Apache-2.0
// A folder for one import, and frames made by hand.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/import/import.h"
#include "cli/import/packet.h"
#include "config/error.h"
#include "config/scenario.h"
#include "models/link/capture.h"

namespace turnpike::import {

inline constexpr Mac kAlice = {0x00, 0x11, 0x22, 0x33, 0x44, 0x0A};
inline constexpr Mac kBob = {0x00, 0x11, 0x22, 0x33, 0x44, 0x0B};
inline constexpr Mac kGateway = {0x00, 0x11, 0x22, 0x33, 0x44, 0xFE};
inline constexpr Mac kBroadcast = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

/// RFC 1071 over whole bytes, independent of the code under test.
inline std::uint16_t internet_checksum(const std::vector<std::uint8_t>& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : bytes[i];
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

/// An Ethernet II frame with an IPv4 header (RFC 791) and `payload`.
inline std::vector<std::uint8_t> ipv4_frame(const Mac& to, const Mac& from, std::uint32_t source,
                                            std::uint32_t destination, const std::vector<std::uint8_t>& payload = {},
                                            std::uint8_t protocol = 17) {
    const auto total = static_cast<std::uint16_t>(20 + payload.size());
    std::vector<std::uint8_t> ip = {0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    put16(ip, 2, total);
    put32(ip, 12, source);
    put32(ip, 16, destination);
    put16(ip, 10, internet_checksum(ip));
    std::vector<std::uint8_t> frame(to.begin(), to.end());
    frame.insert(frame.end(), from.begin(), from.end());
    frame.insert(frame.end(), {0x08, 0x00});
    frame.insert(frame.end(), ip.begin(), ip.end());
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

class ImportFolder : public testing::Test {
  protected:
    ImportFolder() { std::filesystem::create_directories(folder); }
    ~ImportFolder() override { std::filesystem::remove_all(folder); }

    /// One more frame of the capture.
    void add(std::uint64_t time_ns, std::vector<std::uint8_t> bytes) {
        frames.push_back({time_ns, static_cast<std::uint32_t>(bytes.size()), std::move(bytes)});
    }
    void between(std::uint32_t source, const Mac& from, std::uint32_t destination, const Mac& to) {
        add(1'000'000 * (frames.size() + 1), ipv4_frame(to, from, source, destination));
    }

    ImportOptions options() const { return {.capture = folder / "c.pcap", .out = folder / "out"}; }

    ImportReport run() { return run(options()); }
    ImportReport run(const ImportOptions& with) {
        CaptureWriter writer(folder / "c.pcap");
        for (const CapturedFrame& frame : frames) writer.write(frame.time_ns, frame.bytes);
        writer.close();
        return import_capture(with);
    }
    std::string error(const ImportOptions& with) {
        try {
            run(with);
        } catch (const std::exception& e) {
            return e.what();
        }
        return "accepted";
    }

    std::vector<CapturedFrame> port(const std::string& name) const {
        return read_capture(folder / "out/in" / (name + ".pcap")).frames;
    }
    std::string text(const std::string& name) const {
        std::ifstream in(folder / "out" / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("tp-import-" + std::to_string(getpid()));
    std::vector<CapturedFrame> frames;
};

}  // namespace turnpike::import
