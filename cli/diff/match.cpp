// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/match.h"

#include <algorithm>
#include <map>

namespace turnpike::diff {
namespace {

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

Place place_of(const Entry& entry) { return {entry.port, entry.index}; }

Difference changed(const Entry& ours, const Entry& theirs) {
    return {Difference::Kind::changed, place_of(ours), place_of(theirs), differing_fields(ours.bytes, theirs.bytes)};
}

/// As a key of a map.
std::string text_of(const FrameBytes& bytes) { return {bytes.begin(), bytes.end()}; }

using Sequences = std::map<std::string, std::vector<const Entry*>>;

Sequences sequences(const Entries& entries, bool whole_port) {
    Sequences result;
    for (const Entry& entry : entries) result[whole_port ? "" : flow_key(entry.bytes)].push_back(&entry);
    return result;
}

}  // namespace

std::size_t match_multisets(Entries& ours, Entries& theirs) {
    std::map<std::string, std::vector<Entry*>> waiting;
    for (auto entry = theirs.rbegin(); entry != theirs.rend(); ++entry) {
        if (!entry->matched) waiting[text_of(entry->bytes)].push_back(&*entry);
    }
    std::size_t pairs = 0;
    for (Entry& entry : ours) {
        const auto found = waiting.find(text_of(entry.bytes));
        if (entry.matched || found == waiting.end() || found->second.empty()) continue;
        found->second.back()->matched = entry.matched = true;
        found->second.pop_back();
        ++pairs;
    }
    return pairs;
}

std::optional<Difference> first_unequal(const Entries& ours, const Entries& theirs) {
    if (const Entry* expected = first_unmatched(theirs)) {
        if (const Entry* got = most_similar(*expected, ours)) return changed(*got, *expected);
        return Difference{Difference::Kind::missing, std::nullopt, place_of(*expected)};
    }
    if (const Entry* got = first_unmatched(ours)) {
        return Difference{Difference::Kind::extra, place_of(*got), std::nullopt};
    }
    return std::nullopt;
}

std::optional<Difference> first_out_of_order(const Entries& ours, const Entries& theirs, bool whole_port) {
    const Sequences mine = sequences(ours, whole_port);
    const Entry* first = nullptr;
    const Entry* instead = nullptr;
    for (const auto& [flow, expected] : sequences(theirs, whole_port)) {
        const auto& got = mine.at(flow);
        for (std::size_t at = 0; at < expected.size(); ++at) {
            if (got[at]->bytes == expected[at]->bytes) continue;
            if (first == nullptr || expected[at]->index < first->index) {
                first = expected[at];
                instead = got[at];
            }
            break;
        }
    }
    if (first == nullptr) return std::nullopt;
    return Difference{Difference::Kind::order, place_of(*instead), place_of(*first)};
}

}  // namespace turnpike::diff
