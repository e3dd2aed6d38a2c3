// SPDX-License-Identifier: Apache-2.0
#include "cli/import/sides.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace turnpike::import {
namespace {

using Grouping = std::map<std::uint32_t, std::optional<Mac>>;  ///< address → the MAC that its group goes by, or none

bool is_known(const Mac& mac) { return !is_zero(mac) && !is_group(mac); }
bool is_from_host(const Packet& packet) { return packet.sound && is_host(packet.source); }

/// For each address the MAC address that it was seen behind most often, as a sender if it ever was one.
Grouping group_by_mac(const std::vector<Packet>& packets) {
    std::map<std::uint32_t, std::map<Mac, std::uint64_t>> as_sender, as_receiver;
    for (const Packet& packet : packets) {
        if (is_from_host(packet)) ++as_sender[packet.source][packet.source_mac];
        if (is_to_host(packet)) ++as_receiver[packet.destination][packet.destination_mac];
    }
    as_sender.merge(as_receiver);
    Grouping grouping;
    for (const auto& [address, macs] : as_sender) {
        const auto most = std::max_element(macs.begin(), macs.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        grouping[address] = is_known(most->first) ? std::optional(most->first) : std::nullopt;
    }
    return grouping;
}

/// Who talks to whom, and how much: one node for each group of addresses, numbered in order of appearance.
class Graph {
  public:
    Graph(const std::vector<Packet>& packets, const Grouping& grouping) : grouping_(grouping) {
        for (const Packet& packet : packets) {
            const bool from = is_from_host(packet), to = is_to_host(packet);
            if (from) node(packet.source);
            if (to) node(packet.destination);
            if (from && to) connect(node(packet.source), node(packet.destination));
        }
    }

    void colour(unsigned sides) {
        sides_ = sides;
        colours_.assign(edges_.size(), kNone);
        hosts_.assign(sides, 0);
        for (std::size_t start = 0; start < edges_.size(); ++start) {
            if (colours_[start] == kNone) spread(start);
        }
        improve();
    }

    /// Frames between nodes of one side.
    std::uint64_t lost() const {
        std::uint64_t sum = 2 * inside_;
        for (std::size_t i = 0; i < edges_.size(); ++i) sum += weight_to(i, colours_[i]);
        return sum / 2;
    }

    unsigned side(std::uint32_t address) const { return colours_[nodes_.at(address)]; }
    const std::map<std::uint32_t, std::size_t>& nodes() const { return nodes_; }

  private:
    static constexpr unsigned kNone = ~0u;

    std::size_t node(std::uint32_t address) {
        const auto found = nodes_.find(address);
        if (found != nodes_.end()) return found->second;
        std::size_t index = edges_.size();
        if (const auto& mac = grouping_.at(address)) index = groups_.try_emplace(*mac, index).first->second;
        if (index == edges_.size()) edges_.emplace_back();
        nodes_.emplace(address, index);
        return index;
    }

    void connect(std::size_t a, std::size_t b) {
        if (a == b) {
            ++inside_;
            return;
        }
        ++edges_[a][b];
        ++edges_[b][a];
    }

    std::uint64_t weight_to(std::size_t from, unsigned side) const {
        std::uint64_t sum = 0;
        for (const auto& [to, frames] : edges_[from]) sum += colours_[to] == side ? frames : 0;
        return sum;
    }

    /// The side that `index` talks to least; of several the emptiest.
    unsigned best_side(std::size_t index) const {
        unsigned best = 0;
        for (unsigned side = 1; side < sides_; ++side) {
            const auto mine = std::pair(weight_to(index, side), hosts_[side]);
            if (mine < std::pair(weight_to(index, best), hosts_[best])) best = side;
        }
        return best;
    }

    /// Breadth first, so that each node is placed next to a neighbour that already has a side.
    void spread(std::size_t start) {
        std::deque<std::size_t> queue{start};
        colours_[start] = 0;
        ++hosts_[0];
        while (!queue.empty()) {
            const std::size_t at = queue.front();
            queue.pop_front();
            for (const auto& edge : edges_[at]) {
                if (colours_[edge.first] != kNone) continue;
                colours_[edge.first] = best_side(edge.first);
                ++hosts_[colours_[edge.first]];
                queue.push_back(edge.first);
            }
        }
    }

    /// Moves single nodes while that keeps more frames; each move lowers the loss, so that it ends. The bound is for
    /// captures with very many hosts.
    void improve() {
        constexpr unsigned kMostPasses = 50;
        bool moved = true;
        for (unsigned pass = 0; moved && pass < kMostPasses; ++pass) {
            moved = false;
            for (std::size_t i = 0; i < edges_.size(); ++i) {
                const unsigned best = best_side(i);
                if (weight_to(i, best) >= weight_to(i, colours_[i])) continue;
                --hosts_[colours_[i]];
                ++hosts_[best];
                colours_[i] = best;
                moved = true;
            }
        }
    }

    const Grouping& grouping_;
    std::map<std::uint32_t, std::size_t> nodes_;
    std::map<Mac, std::size_t> groups_;
    std::vector<std::map<std::size_t, std::uint64_t>> edges_;
    std::uint64_t inside_ = 0;
    unsigned sides_ = 0;
    std::vector<unsigned> colours_;
    std::vector<std::uint64_t> hosts_;
};

Sides sides_of(const Graph& graph, const std::vector<Packet>& packets) {
    Sides sides;
    for (const auto& entry : graph.nodes()) sides.of_address[entry.first] = graph.side(entry.first);
    for (const Packet& packet : packets) {
        if (!is_from_host(packet) || !is_known(packet.source_mac)) continue;
        sides.of_mac.try_emplace(packet.source_mac, sides.of_address.at(packet.source));
    }
    return sides;
}

}  // namespace

bool is_to_host(const Packet& packet) {
    return packet.sound && is_host(packet.destination) && !is_group(packet.destination_mac);
}

unsigned Sides::sender(const Packet& packet) const {
    if (packet.sound) {
        if (const auto found = of_address.find(packet.source); found != of_address.end()) return found->second;
    }
    if (const auto found = of_mac.find(packet.source_mac); found != of_mac.end()) return found->second;
    if (!is_to_host(packet)) return 0;
    const auto destination = of_address.find(packet.destination);
    return destination != of_address.end() && destination->second == 0 ? 1 : 0;
}

Sides split_hosts(const std::vector<Packet>& packets, unsigned sides) {
    const Grouping together = group_by_mac(packets);
    Grouping alone = together;
    for (auto& entry : alone) entry.second.reset();
    Graph by_mac(packets, together), by_address(packets, alone);
    by_mac.colour(sides);
    by_address.colour(sides);
    return sides_of(by_mac.lost() <= by_address.lost() ? by_mac : by_address, packets);
}

}  // namespace turnpike::import
