// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/forgive.h"

#include <array>

namespace turnpike::diff {
namespace {

using Rules = config::CompareConfig;

/// In the order in which they are applied: datagrams are whole before their ports are looked at.
constexpr std::array kForgivenesses{
    Forgiveness{"pad", [](const Rules& rules) { return rules.pad; }, forgive_padding},
    Forgiveness{"ip_id", [](const Rules& rules) { return rules.ip_id == "generated"; }, forgive_ip_id},
    Forgiveness{"refrag", [](const Rules& rules) { return rules.any_refrag; }, forgive_fragments},
    Forgiveness{"inner_ttl", [](const Rules& rules) { return rules.any_inner_ttl; }, forgive_inner_ttl},
    Forgiveness{"icmp_quote", [](const Rules& rules) { return rules.icmp_quote == "min"; }, forgive_quote},
    Forgiveness{"mask_ip_ts", [](const Rules& rules) { return rules.mask_ip_ts; }, forgive_ip_timestamps},
    Forgiveness{"mask_icmp_ts", [](const Rules& rules) { return rules.mask_icmp_ts; }, forgive_icmp_timestamps},
    Forgiveness{"nat_port", [](const Rules& rules) { return !rules.nat_port.empty(); }, forgive_nat_ports},
    Forgiveness{"ip_pool", [](const Rules& rules) { return rules.ip_pool.has_value(); }, forgive_ip_pool},
    Forgiveness{"dport_pool", [](const Rules& rules) { return rules.dport_pool.has_value(); }, forgive_dport_pool},
    Forgiveness{"port_groups", [](const Rules& rules) { return !rules.port_groups.empty(); }, forgive_port_of_group},
};

void add_facts(Facts& facts, Bytes frame) {
    const auto ip = ipv4_view(frame);
    if (!ip || later_fragment(frame)) return;
    if (ip->payload() < ip->packet_end) facts.ip_ids.insert(ip_id_of(frame, *ip));
    if (const auto id = transport_id_at(frame, *ip)) facts.transport_ids.insert({ip->protocol, be16(frame, *id)});
}

}  // namespace

Facts facts_of(std::vector<PortFacts> ports, const Rules& rules, const std::vector<std::vector<FrameBytes>>& inputs) {
    Facts facts{std::move(ports), rules, false, {}, {}};
    for (const auto& port : inputs)
        for (const FrameBytes& frame : port) add_facts(facts, frame);
    return facts;
}

void forgive(Side& side, const Facts& facts) {
    for (const Forgiveness& each : kForgivenesses) {
        if (each.asked(facts.rules)) each.apply(side, facts);
    }
}

}  // namespace turnpike::diff
