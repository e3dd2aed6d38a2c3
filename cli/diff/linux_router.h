// SPDX-License-Identifier: Apache-2.0
// A real Linux router: one network namespace with a veth pair per port, whose far ends lie in a second namespace where
// this process injects and captures. Nothing of it can reach the machine's own network.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/diff/counters.h"
#include "cli/diff/local_programs.h"
#include "cli/diff/netns.h"
#include "cli/diff/packet_socket.h"
#include "cli/diff/script.h"

namespace turnpike::diff {

struct LinuxPort {
    std::string name;
    std::string mac;
    unsigned mtu;
};

/// A frame to inject at `port` (index) `at` after zero, when the run begins.
struct Injection {
    std::chrono::nanoseconds at;
    std::size_t port;
    const FrameBytes* frame;
};

struct LinuxRun {
    struct Sent {
        std::chrono::nanoseconds at;  ///< after the start of the run
        FrameBytes frame;
    };
    std::vector<std::vector<Sent>> sent;  ///< by port, in the order in which frames left
    std::chrono::nanoseconds latest{};    ///< the most that an injection came too late
    std::size_t refused = 0;              ///< frames that the kernel does not let out of a packet socket
    Counters counters;                    ///< what the router counted
};

class LinuxRouter {
  public:
    /// Ports exist, are down and have no addresses; sysctls are as docs/diff.md lists them.
    explicit LinuxRouter(std::vector<LinuxPort> ports);

    /// Runs a configuration script line by line. Throws EnvironmentError naming file and line of one that fails.
    void configure(const std::filesystem::path& script);

    /// The router's own programs, which begin with the run. Throws EnvironmentError.
    void start_programs(const std::vector<config::Command>& tasks);

    /// Injects, runs the script's timed lines, captures until `drain` after the last injection (or line, when that is
    /// later).
    LinuxRun run(const std::vector<Injection>& injections, std::chrono::nanoseconds drain);

  private:
    void make_port(const LinuxPort& port);
    void wait_for_carrier();
    Counters counters() const;
    void inject(LinuxRun& run, const Injection& injection, std::chrono::steady_clock::time_point start);
    void run_timed_lines(LinuxRun& run, std::chrono::steady_clock::time_point start, std::chrono::nanoseconds until);
    void collect(LinuxRun& run, std::chrono::steady_clock::time_point start);
    void collect_until(LinuxRun& run, std::chrono::steady_clock::time_point start,
                       std::chrono::steady_clock::time_point end);

    std::vector<LinuxPort> ports_;
    NetNamespace router_;
    NetNamespace far_;
    std::vector<std::unique_ptr<PacketSocket>> sockets_;
    Script script_;
    std::size_t next_timed_ = 0;
    std::unique_ptr<LocalPrograms> programs_;
};

}  // namespace turnpike::diff
