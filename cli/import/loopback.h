// SPDX-License-Identifier: Apache-2.0
// Frames of a loopback interface: both ends are 127/8, which no router forwards, so each end gets an address that can
// be routed. Checksums change by the difference (RFC 1624), so that wrong ones stay wrong.
#pragma once
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/import/packet.h"

namespace turnpike::import {

class LoopbackHosts {
  public:
    /// Clients get addresses from one /24 network, servers from the other.
    LoopbackHosts(std::uint32_t clients, std::uint32_t servers) : networks_{clients, servers} {}

    static bool applies(const Packet& packet) {
        return packet.sound && is_loopback(packet.source) && is_loopback(packet.destination);
    }
    /// Replaces both addresses. False: more loopback addresses than a network holds.
    bool rewrite(Packet& packet);

  private:
    using Endpoint = std::pair<std::uint32_t, std::uint16_t>;
    struct Flow {
        std::uint8_t protocol;
        Endpoint low, high;
        bool operator<(const Flow& other) const {
            return std::tie(protocol, low, high) < std::tie(other.protocol, other.low, other.high);
        }
    };
    bool from_client(const Packet& packet);
    /// 0: none left.
    std::uint32_t replacement(unsigned side, std::uint32_t address);

    std::uint32_t networks_[2];
    std::map<Flow, Endpoint> clients_;  ///< who sent first
    std::map<std::uint32_t, std::uint32_t> given_[2];
};

}  // namespace turnpike::import
