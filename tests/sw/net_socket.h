// SPDX-License-Identifier: Apache-2.0
// Programs of the router that use sockets, and hosts on its links that talk to them.
#pragma once
#include <optional>

#include "sw/kernel/interrupt.h"
#include "sw/kernel/sched.h"
#include "sw/net/sock.h"
#include "sw/user/programs.h"
#include "sw/user/socket.h"
#include "tests/sw/net_router.h"

namespace fw::test {

inline constexpr u32 kRouter = ip4(10, 0, 0, 1), kHost = ip4(10, 0, 0, 2), kOther = ip4(10, 0, 0, 3);

class Sockets : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        native::advance(0);
    }

    /// What left by a port since the last look, IP packets without their link header.
    static std::vector<Bytes> packets_sent() {
        std::vector<Bytes> packets;
        for (const Sent& one : sent()) packets.emplace_back(one.frame.begin() + 14, one.frame.end());
        sent_frames().clear();
        return packets;
    }

    /// A host's IP packet arrives, and what it leads to is done.
    static void arrives(const Header& header, const Bytes& payload) {
        receive_ip(kEth0, ip_packet(header, payload));
        settle();
    }
    static void settle() { schedule(); }
};

/// RFC 768, or RFC 9293 3.1, over what follows the IP header of `header`.
inline u16 transport_checksum(const Header& header, const Bytes& segment) {
    Bytes all(12);
    wire::put32(&all[0], header.source);
    wire::put32(&all[4], header.destination);
    all[9] = header.protocol;
    wire::put16(&all[10], static_cast<u16>(segment.size()));
    all.insert(all.end(), segment.begin(), segment.end());
    return internet_checksum(all.data(), all.size());
}

inline Bytes udp_segment(Header& header, u16 source, u16 destination, const Bytes& data) {
    header.protocol = wire::IPPROTO_UDP;
    Bytes segment(8 + data.size());
    wire::put16(&segment[0], source);
    wire::put16(&segment[2], destination);
    wire::put16(&segment[4], static_cast<u16>(8 + data.size()));
    std::copy(data.begin(), data.end(), segment.begin() + 8);
    wire::put16(&segment[6], transport_checksum(header, segment));
    return segment;
}

}  // namespace fw::test
