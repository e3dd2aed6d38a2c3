// SPDX-License-Identifier: Apache-2.0
// A translating router chooses source ports and echo ids freely where the packet's own is taken; the choice differs
// between two routers, but every packet of a connection has the same one. So a chosen number is renamed by what it
// carries.
#include <algorithm>
#include <map>
#include <tuple>

#include "cli/diff/checksum.h"
#include "cli/diff/forgive.h"

namespace turnpike::diff {
namespace {

/// Address, protocol, port or echo id.
using Chosen = std::tuple<std::uint32_t, std::uint8_t, std::uint16_t>;
using Names = std::map<Chosen, std::uint16_t>;

/// One place in a frame where a chosen number may stand, with the sums it is part of.
struct Place {
    std::size_t at;
    std::uint32_t address;
    std::uint8_t protocol;
    std::vector<std::size_t> sums;
};

std::vector<Place> places_in_packet(Bytes frame, const Ipv4View& ip) {
    const auto id = transport_id_at(frame, ip);
    if (!id || !transport_checksum_right(frame, ip)) return {};
    Place place{*id, be32(frame, kIpSource), ip.protocol, {}};
    if (const auto sum = transport_checksum_at(frame, ip)) place.sums.push_back(*sum);
    return {place};
}

/// Of the quoted packet, when it was quoted that far and has one.
std::optional<std::size_t> quoted_sum_at(Bytes frame, const Ipv4View& ip, const Quote& quote) {
    const std::size_t at = quote.transport() + (quote.protocol == kTcp ? 16 : quote.protocol == kUdp ? 6 : 2);
    if (at + 2 > ip.packet_end || (quote.protocol == kUdp && be16(frame, at) == 0)) return std::nullopt;
    return at;
}

/// In the packet that an error quotes the number may stand on either side. Where the quoted packet's own checksum takes
/// the change, the sum of the whole message stays.
std::vector<Place> places_in_quote(Bytes frame, const Ipv4View& ip, const Quote& quote) {
    const std::size_t at = quote.transport();
    if (at + 8 > ip.packet_end || !icmp_checksum_right(frame, ip)) return {};
    const std::vector<std::size_t> sums{quoted_sum_at(frame, ip, quote).value_or(ip.payload() + 2)};
    if (quote.protocol == kIcmp) return {{at + 4, be32(frame, quote.at + 12), kIcmp, sums}};
    if (quote.protocol != kTcp && quote.protocol != kUdp) return {};
    return {{at, be32(frame, quote.at + 12), quote.protocol, sums},
            {at + 2, be32(frame, quote.at + 16), quote.protocol, sums}};
}

std::vector<Place> places_of(Bytes frame) {
    const auto ip = ipv4_view(frame);
    if (!ip) return {};
    const auto quote = icmp_quote(frame);
    return quote ? places_in_quote(frame, *ip, *quote) : places_in_packet(frame, *ip);
}

bool is_free(const Place& place, Bytes frame, const Facts& facts) {
    const auto& rules = facts.rules;
    const std::uint16_t number = be16(frame, place.at);
    if (std::find(rules.nat_port.begin(), rules.nat_port.end(), place.address) == rules.nat_port.end()) return false;
    if (rules.nat_port_range && (number < rules.nat_port_range->first || number > rules.nat_port_range->second)) {
        return false;
    }
    return !facts.transport_ids.contains({place.protocol, number});
}

void rename(FrameBytes& frame, const Place& place, std::uint16_t name) {
    const std::uint16_t before = be16(frame, place.at);
    put16(frame, place.at, name);
    for (const std::size_t sum : place.sums) {
        put16(frame, place.at, before);
        replace_word(frame, place.at, name, sum);
    }
}

/// What a chosen number carries, with the number itself left out: the frames, the smallest first.
Names name_by_content(const Side& side, const Facts& facts) {
    std::map<Chosen, std::vector<std::string>> carried;
    for (const Entries& port : side) {
        for (const Entry& entry : port) {
            for (const Place& place : places_of(entry.bytes)) {
                if (!is_free(place, entry.bytes, facts)) continue;
                FrameBytes anonymous = entry.bytes;
                rename(anonymous, place, 0);
                carried[{place.address, place.protocol, be16(entry.bytes, place.at)}].emplace_back(anonymous.begin(),
                                                                                                   anonymous.end());
            }
        }
    }
    std::vector<std::pair<std::vector<std::string>, Chosen>> ranking;
    for (auto& [chosen, frames] : carried) {
        std::sort(frames.begin(), frames.end());
        ranking.emplace_back(std::move(frames), chosen);
    }
    std::sort(ranking.begin(), ranking.end());
    Names names;
    for (const auto& [frames, chosen] : ranking) names.emplace(chosen, static_cast<std::uint16_t>(names.size() + 1));
    return names;
}

}  // namespace

void forgive_nat_ports(Side& side, const Facts& facts) {
    const Names names = name_by_content(side, facts);
    for_each_frame(side, [&](FrameBytes& frame) {
        for (const Place& place : places_of(frame)) {
            if (!is_free(place, frame, facts)) continue;
            rename(frame, place, names.at({place.address, place.protocol, be16(frame, place.at)}));
        }
    });
}

}  // namespace turnpike::diff
