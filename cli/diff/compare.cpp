// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/compare.h"

#include <algorithm>
#include <iterator>

#include "cli/diff/groups.h"
#include "cli/diff/match.h"

namespace turnpike::diff {
namespace {

Side side_of(const Output& output, const Facts& facts) {
    Side side(output.size());
    for (std::size_t port = 0; port < output.size(); ++port) {
        for (std::size_t index = 0; index < output[port].size(); ++index) {
            if (is_compared(output[port][index])) side[port].push_back({port, index, output[port][index]});
        }
    }
    forgive(side, facts);
    return side;
}

/// The frames of a group come port by port: a pair of addresses stays on one, so the order inside flows is kept.
Entries entries_of(const Unit& unit, const Side& side) {
    Entries entries;
    for (const std::size_t port : unit.ports)
        std::copy(side[port].begin(), side[port].end(), std::back_inserter(entries));
    return entries;
}

void cut_quotes(Entries& entries) {
    for (Entry& entry : entries) entry.bytes = with_least_quote(entry.bytes);
}

/// icmp_quote = "auto": a quote of another length is forgiven, but told.
std::size_t match_by_least_quote(Entries& ours, Entries& theirs) {
    Entries mine = ours;
    Entries reference = theirs;
    cut_quotes(mine);
    cut_quotes(reference);
    const std::size_t pairs = match_multisets(mine, reference);
    if (pairs != 0) {
        ours = std::move(mine);
        theirs = std::move(reference);
    }
    return pairs;
}

PortResult compare_unit(const Unit& unit, const Side& ours, const Side& theirs, const Facts& facts) {
    Entries mine = entries_of(unit, ours);
    Entries reference = entries_of(unit, theirs);
    PortResult result{unit.name, mine.size(), reference.size(), match_multisets(mine, reference), 0, std::nullopt};
    if (facts.rules.icmp_quote == "auto") result.quotes = match_by_least_quote(mine, reference);
    result.matched += result.quotes;
    result.first = first_unequal(mine, reference);
    if (!result.first && facts.rules.order != "none") {
        result.first = first_out_of_order(mine, reference, facts.rules.order == "port" && unit.ports.size() == 1);
    }
    if (const auto fault = group_fault(unit, ours, facts); fault && !result.first) {
        result.first = Difference{Difference::Kind::group, std::nullopt, std::nullopt, {}, *fault};
    }
    return result;
}

}  // namespace

bool is_compared(Bytes frame) { return ether_type(frame) != kEtherIpv6 && ether_type(frame) != kEtherLldp; }

std::vector<PortResult> compare_outputs(const Output& ours, const Output& theirs, const Facts& facts) {
    const Side mine = side_of(ours, facts);
    const Side reference = side_of(theirs, facts);
    std::vector<PortResult> results;
    for (const Unit& unit : units_of(facts)) results.push_back(compare_unit(unit, mine, reference, facts));
    return results;
}

}  // namespace turnpike::diff
