// SPDX-License-Identifier: Apache-2.0
// What the comparison forgives: each forgiveness has a name, a key of the scenario's [compare] table that asks for it,
// and one function that turns the frames of a side into the form that is compared. Frames are shown to the user as they
// were.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/diff/packet.h"
#include "config/address.h"
#include "config/compare.h"

namespace turnpike::diff {

/// A frame of one side: where it stands in that side's output, and its bytes as they are compared.
struct Entry {
    std::size_t port;
    std::size_t index;  ///< in the port's output, from 0
    FrameBytes bytes;
    bool matched = false;
};
using Entries = std::vector<Entry>;
/// All that one side sent, by port.
using Side = std::vector<Entries>;

struct PortFacts {
    std::string name;
    config::Mac mac{};
};

/// What both sides have in common and a forgiveness may ask for.
struct Facts {
    using IpId = std::tuple<std::uint8_t, std::uint8_t, std::uint16_t>;  ///< protocol, ICMP type or 0, IP id
    using TransportId = std::pair<std::uint8_t, std::uint16_t>;          ///< protocol, source port or echo id

    std::vector<PortFacts> ports;
    config::CompareConfig rules;
    bool programs = false;                ///< the router has some of its own
    std::set<IpId> ip_ids;                ///< of the input
    std::set<TransportId> transport_ids;  ///< of the input
};
Facts facts_of(std::vector<PortFacts> ports, const config::CompareConfig& rules,
               const std::vector<std::vector<FrameBytes>>& inputs);

struct Forgiveness {
    std::string_view name;
    bool (*asked)(const config::CompareConfig& rules);
    void (*apply)(Side& side, const Facts& facts);
};
/// Applies all that the rules ask for.
void forgive(Side& side, const Facts& facts);

/// pad: zero bytes behind the packet, up to the 60 bytes to which a MAC pads, are nothing: they go.
void forgive_padding(Side& side, const Facts& facts);
/// ip_id: that of ICMP made by the router is 0, and of UDP and TCP where programs run on it. Made by the router is what
/// no input frame has the protocol, ICMP type and IP id of; all fragments of it are treated alike.
void forgive_ip_id(Side& side, const Facts& facts);
/// Of a packet with its transport header, at least the first byte of it.
Facts::IpId ip_id_of(Bytes frame, const Ipv4View& ip);
/// inner_ttl: that of the packet an ICMP error quotes is 0.
void forgive_inner_ttl(Side& side, const Facts& facts);
/// icmp_quote = "min": ICMP errors quote the header and 8 bytes.
void forgive_quote(Side& side, const Facts& facts);
/// mask_ip_ts: the times in IP timestamp options (RFC 791 3.1) are 0, in the packet and in what an error quotes.
void forgive_ip_timestamps(Side& side, const Facts& facts);
/// mask_icmp_ts: receive and transmit time of ICMP timestamp replies (RFC 792) are 0.
void forgive_icmp_timestamps(Side& side, const Facts& facts);
/// refrag: fragments are put together, where all of a datagram are there.
void forgive_fragments(Side& side, const Facts& facts);
/// nat_port: source ports and echo ids that a translating router chose are named by what they carry.
void forgive_nat_ports(Side& side, const Facts& facts);
/// ip_pool: any address of the pool is its first.
void forgive_ip_pool(Side& side, const Facts& facts);
/// dport_pool: any destination port of the pool is its first.
void forgive_dport_pool(Side& side, const Facts& facts);
/// port_groups: which of a group's ports a frame left by is nothing, and so are its Ethernet addresses.
void forgive_port_of_group(Side& side, const Facts& facts);

/// The frame with a quote of header and 8 bytes, when it is an ICMP error that quotes more and its checksums are right.
FrameBytes with_least_quote(const FrameBytes& frame);

template <typename Each>
void for_each_frame(Side& side, const Each& each) {
    for (Entries& port : side)
        for (Entry& entry : port) each(entry.bytes);
}

}  // namespace turnpike::diff
