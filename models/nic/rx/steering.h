// SPDX-License-Identifier: Apache-2.0
// Which queue a packet goes to (82599 data sheet 7.1.2): EtherType filters, TCP SYN filter, 5-tuple filters, flow
// director, RSS, in this order.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/nic/irq/interrupts.h"
#include "models/nic/rx/flow_director.h"
#include "models/nic/rx/packet.h"
#include "models/nic/rx/rss.h"
#include "models/nic/statistics.h"

namespace turnpike::nic {

struct Steered {
    unsigned queue = 0;
    RssResult rss;  ///< hash and its type; of the flow director where it is to report
    bool flow_matched = false;
    bool flow_too_long = false;
    bool drop = false;         ///< the flow director says so
    bool low_latency = false;  ///< interrupts at once
    std::optional<unsigned> ether_type_filter;
};

class Steering {
  public:
    Steering(std::string name, RegisterFile& registers, Statistics& statistics, Interrupts& interrupts);
    void reset();
    Steered choose(std::span<const std::uint8_t> frame, const Packet& packet);

  private:
    struct FiveTuple {
        std::uint64_t control;  ///< FTQF
        std::uint32_t source, destination;
        std::uint16_t source_port, destination_port;
        std::uint64_t action;  ///< L34TIMIR
    };
    static FiveTuple five_tuple(const RegisterFile& registers, unsigned n);
    bool by_ether_type(const Packet& packet, Steered& result) const;
    bool by_syn(std::span<const std::uint8_t> frame, const Packet& packet, Steered& result) const;
    bool by_five_tuple(std::span<const std::uint8_t> frame, const Packet& packet, Steered& result);
    bool by_flow(std::span<const std::uint8_t> frame, const Packet& packet, Steered& result);
    bool has_urgent_tag(const Packet& packet) const;

    RegisterFile& registers_;
    Rss rss_;
    FlowDirector flows_;
    std::vector<FiveTuple> five_tuples_;  ///< those that are enabled, the first to win first
    bool five_tuples_are_current_ = false;
};

}  // namespace turnpike::nic
