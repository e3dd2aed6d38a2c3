// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/compare.h"

#include <algorithm>
#include <map>

namespace turnpike::diff {
namespace {

/// A frame as it is compared.
struct Entry {
    std::size_t index;  ///< in the capture
    FrameBytes bytes;   ///< normalised
    bool matched = false;
};
using Entries = std::vector<Entry>;

Entries prepare(const std::vector<FrameBytes>& frames, const CompareRules& rules) {
    Entries entries;
    for (std::size_t index = 0; index < frames.size(); ++index) {
        if (!is_compared(frames[index])) continue;
        Entry entry{index, frames[index]};
        for (const std::string& name : rules.normalise) normaliser(name).apply(entry.bytes);
        entries.push_back(std::move(entry));
    }
    return entries;
}

/// Pairs equal frames, whatever their order; returns how many pairs there are.
std::size_t match_multisets(Entries& ours, Entries& theirs) {
    std::map<FrameBytes, std::vector<Entry*>> waiting;
    for (auto entry = theirs.rbegin(); entry != theirs.rend(); ++entry) waiting[entry->bytes].push_back(&*entry);
    std::size_t pairs = 0;
    for (Entry& entry : ours) {
        const auto found = waiting.find(entry.bytes);
        if (found == waiting.end() || found->second.empty()) continue;
        found->second.back()->matched = entry.matched = true;
        found->second.pop_back();
        ++pairs;
    }
    return pairs;
}

const Entry* first_unmatched(const Entries& entries) {
    const auto found = std::find_if(entries.begin(), entries.end(), [](const Entry& entry) { return !entry.matched; });
    return found == entries.end() ? nullptr : &*found;
}

std::size_t differing_bytes(Bytes a, Bytes b) {
    std::size_t count = std::max(a.size(), b.size()) - std::min(a.size(), b.size());
    for (std::size_t at = 0; at < std::min(a.size(), b.size()); ++at) count += a[at] != b[at];
    return count;
}

/// The unmatched frame most like `wanted`, or nullptr when the best one shares less than half its bytes: showing two
/// frames that have nothing to do with each other helps nobody.
const Entry* most_similar(const Entry& wanted, const Entries& candidates) {
    const Entry* best = nullptr;
    std::size_t best_distance = wanted.bytes.size() / 2;
    for (const Entry& candidate : candidates) {
        if (candidate.matched) continue;
        const std::size_t distance = differing_bytes(wanted.bytes, candidate.bytes);
        if (distance < best_distance) {
            best = &candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::vector<std::string> differing_fields(Bytes ours, Bytes theirs) {
    std::vector<std::string> names;
    const std::vector<Field> fields = decode_fields(theirs.size() >= ours.size() ? theirs : ours);
    for (std::size_t at = 0; at < std::min(ours.size(), theirs.size()); ++at) {
        if (ours[at] == theirs[at]) continue;
        const std::string name(field_at(fields, at));
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    if (ours.size() != theirs.size()) names.emplace_back("length");
    return names;
}

Difference changed(const Entry& ours, const Entry& theirs) {
    return {Difference::Kind::changed, ours.index, theirs.index, differing_fields(ours.bytes, theirs.bytes)};
}

/// The first frame without an equal one on the other side.
std::optional<Difference> first_unequal(const Entries& ours, const Entries& theirs) {
    if (const Entry* expected = first_unmatched(theirs)) {
        if (const Entry* got = most_similar(*expected, ours)) return changed(*got, *expected);
        return Difference{Difference::Kind::missing, std::nullopt, expected->index, {}};
    }
    if (const Entry* got = first_unmatched(ours)) {
        return Difference{Difference::Kind::extra, got->index, std::nullopt, {}};
    }
    return std::nullopt;
}

using Sequences = std::map<std::string, std::vector<const Entry*>>;

Sequences sequences(const Entries& entries, Order order) {
    Sequences result;
    for (const Entry& entry : entries) result[order == Order::flow ? flow_key(entry.bytes) : ""].push_back(&entry);
    return result;
}

/// The earliest place in the reference where a sequence differs; both sides hold the same frames.
std::optional<Difference> first_out_of_order(const Entries& ours, const Entries& theirs, Order order) {
    const Sequences mine = sequences(ours, order);
    std::optional<Difference> first;
    for (const auto& [flow, expected] : sequences(theirs, order)) {
        const auto& got = mine.at(flow);
        for (std::size_t at = 0; at < expected.size(); ++at) {
            if (got[at]->bytes == expected[at]->bytes) continue;
            if (!first || expected[at]->index < *first->theirs) {
                first = Difference{Difference::Kind::order, got[at]->index, expected[at]->index, {}};
            }
            break;
        }
    }
    return first;
}

}  // namespace

bool is_compared(Bytes frame) { return ether_type(frame) != kEtherIpv6 && ether_type(frame) != kEtherLldp; }

PortResult compare_port(const std::string& port, const std::vector<FrameBytes>& ours,
                        const std::vector<FrameBytes>& theirs, const CompareRules& rules) {
    Entries mine = prepare(ours, rules);
    Entries reference = prepare(theirs, rules);
    PortResult result{port, mine.size(), reference.size(), match_multisets(mine, reference), std::nullopt};
    result.first = first_unequal(mine, reference);
    if (!result.first && rules.order != Order::none) result.first = first_out_of_order(mine, reference, rules.order);
    return result;
}

}  // namespace turnpike::diff
