// SPDX-License-Identifier: Apache-2.0
// Runs the `turnpike` program as a user does, on scenarios made by the test.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace turnpike::test {

namespace fs = std::filesystem;

struct Result {
    int status = -1;
    std::string out;
    std::string err;
};

/// Runs `turnpike ARGS…`; waits for its end.
Result turnpike(const std::vector<std::string>& arguments);
Result run_program(const fs::path& program, const std::vector<std::string>& arguments);

/// A folder of the test's own, removed when it goes.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

std::string read_text(const fs::path& file);
void write_text(const fs::path& file, const std::string& text);
nlohmann::ordered_json read_json(const fs::path& file);

using Bytes = std::vector<std::uint8_t>;
/// The frames of a capture, without their times.
std::vector<Bytes> frame_bytes(const fs::path& capture);

/// An Ethernet frame with an IPv4/UDP datagram; `total` bytes without FCS, at least 42.
struct UdpFrame {
    std::array<std::uint8_t, 6> destination_mac{2, 0, 0, 0, 0, 1};
    std::uint32_t source = 0x0A000002;
    std::uint32_t destination = 0x0A000102;
    std::uint16_t source_port = 1111;
    std::uint16_t id = 0;
    std::uint8_t ttl = 64;
    std::uint8_t tos = 0;
    unsigned total = 60;
    Bytes bytes() const;
};

/// Ports of 10.0.0.0/24 on eth0, 10.0.1.0/24 on eth1 and so on, neighbours .2 on each, forwarding on.
class Scenario {
  public:
    explicit Scenario(const fs::path& folder, unsigned ports = 2);
    fs::path folder;
    std::string toml;    ///< scenario.toml after the ports
    std::string router;  ///< router.sh
    /// Adds a frame that arrives at the port at `ns`.
    void add(unsigned port, std::uint64_t ns, Bytes frame);
    /// Writes all files.
    void write() const;

  private:
    struct Arrival {
        std::uint64_t ns;
        Bytes bytes;
    };
    std::vector<std::vector<Arrival>> arrivals_;  ///< by port
};

}  // namespace turnpike::test
