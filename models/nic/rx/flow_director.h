// SPDX-License-Identifier: Apache-2.0
// Flow director (82599 data sheet 7.1.2.7): a table of flows, each with a queue, found by a hash of the packet's
// addresses, ports, VLAN tag and two bytes of software's choice, and then by signature or by exact comparison.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "models/nic/irq/interrupts.h"
#include "models/nic/rx/packet.h"
#include "models/nic/statistics.h"

namespace turnpike::nic {

/// What the table compares; numbers as they read in the packet. Fields that a mask takes out are 0.
struct Flow {
    std::uint32_t source = 0, destination = 0;  ///< of IPv6: the four words of each, added without carry
    std::uint16_t source_port = 0, destination_port = 0;
    std::uint16_t vlan = 0, flexible = 0;
    std::uint8_t kind = 0;  ///< FDIRCMD.L4TYPE, and above it FDIRCMD.IPV6
    bool operator==(const Flow&) const = default;
};

struct FlowMatch {
    std::uint16_t id = 0;    ///< software's index, or the signature
    std::uint16_t hash = 0;  ///< of the bucket
    bool matched = false;
    bool too_long = false;  ///< the bucket holds more filters than FDIRCTRL.MAX_LENGTH
    std::uint64_t command = 0;
};

class FlowDirector {
  public:
    FlowDirector(RegisterFile& registers, Statistics& statistics, Interrupts& interrupts);
    void reset();
    /// The packet's flow in the table; nothing: the table does not look at such packets.
    std::optional<FlowMatch> find(std::span<const std::uint8_t> frame, const Packet& packet);

  private:
    struct Filter {
        std::uint32_t identity;  ///< FDIRHASH: bucket, and index or signature
        Flow flow;
        std::uint64_t command;
    };
    using Bucket = std::vector<Filter>;

    bool perfect() const;
    std::uint16_t bucket_mask() const;
    std::uint16_t hash(const Flow& flow, std::uint64_t key_register) const;
    Flow masked(Flow flow) const;
    Flow flow_of(std::span<const std::uint8_t> frame, const Packet& packet) const;
    Flow programmed(std::uint64_t command) const;
    void initialise();
    void carry_out();
    void add(std::uint32_t identity, std::uint64_t command);
    void remove(std::uint32_t identity);
    void set_free(std::uint64_t free);
    void note_length(std::uint16_t bucket, std::size_t length);
    Filter* named(std::uint32_t identity);

    RegisterFile& registers_;
    Statistics& statistics_;
    Interrupts& interrupts_;
    std::unordered_map<std::uint16_t, Bucket> buckets_;
    std::uint64_t ready_ps_ = 0;  ///< FDIRCTRL.INIT_DONE
};

}  // namespace turnpike::nic
