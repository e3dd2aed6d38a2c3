// SPDX-License-Identifier: Apache-2.0
// The longest-prefix-match engine as its contract describes it, made for these tests alone: seven memories, a pipeline
// that reads one memory a clock, a lookup accepted in every clock, and one word written in a clock.
#pragma once
#include <bit>
#include <deque>
#include <functional>
#include <vector>

#include "sw/lpm/tree.h"
#include "tests/lpm/reference.h"

namespace turnpike::lpm_test {

class Pipeline {
  public:
    struct Lookup {
        std::uint32_t address;
        std::uint64_t accepted;  ///< words written before
    };
    /// Asked in every clock for the address to look up.
    std::function<std::uint32_t()> next;
    /// Told every answer. `written`: words written until now.
    std::function<void(const Lookup& lookup, std::uint16_t hop, std::uint64_t written)> answered;
    std::uint64_t written = 0;

    explicit Pipeline(const fw::TreeCapacity& capacity) : root_(8192, {0, 0xFFFF, 0}), results_(capacity.results) {
        for (unsigned level = 0; level < 5; ++level) nodes_[level].resize(capacity.nodes[level]);
        writer_.context = this;
        writer_.root = [](void* at, fw::u32 index, const fw::TreeRoot& word) {
            self(at).root_.at(index) = word;
            self(at).clock_of_write();
        };
        writer_.node = [](void* at, unsigned level, fw::u32 index, const fw::TreeNode& word) {
            self(at).nodes_[level].at(index) = word;
            self(at).clock_of_write();
        };
        writer_.result = [](void* at, fw::u32 index, fw::u16 hop) {
            self(at).results_.at(index) = hop;
            self(at).clock_of_write();
        };
        writer_.drain = [](void* at) { self(at).drain(); };
    }
    const fw::TreeWriter* writer() const { return &writer_; }

    /// Every lookup that is under way comes out; meanwhile others go in.
    void drain() {
        for (unsigned clock = 0; clock < kStages; ++clock) advance();
    }
    void finish() {
        const auto asked = next;
        next = nullptr;
        drain();
        next = asked;
    }

  private:
    static constexpr unsigned kStages = 7;
    struct Flight {
        Lookup lookup;
        unsigned stage = 0;  ///< memory that it reads next: root, levels, result
        bool child = false;
        fw::u32 node = 0;
        fw::u32 result = 0;
        bool matched = false;
        std::uint16_t hop = kMiss;
    };
    static constexpr unsigned kStart[] = {13, 17, 21, 25, 29};

    static Pipeline& self(void* at) { return *static_cast<Pipeline*>(at); }

    void clock_of_write() {
        ++written;
        advance();
    }
    void advance() {
        for (Flight& flight : flights_) step(flight);
        while (!flights_.empty() && flights_.front().stage == kStages) {
            const Flight flight = flights_.front();
            flights_.pop_front();
            if (answered) answered(flight.lookup, flight.hop, written);
        }
        if (next) flights_.push_back({{next(), written}});
    }
    void step(Flight& flight) {
        const unsigned stage = flight.stage++;
        if (stage == 0) {
            const fw::TreeRoot& word = root_.at(flight.lookup.address >> 19);
            flight.hop = word.hop;
            flight.child = word.has_child != 0;
            flight.node = word.child;
        } else if (stage < 6) {
            if (flight.child) read_node(flight, stage - 1);
        } else if (flight.matched) {
            flight.hop = results_.at(flight.result);
        }
    }
    /// The four bits of the stride, 0 to 3 of which a prefix of the node fixes; in the last level the three that
    /// remain.
    void read_node(Flight& flight, unsigned level) {
        const fw::TreeNode& node = nodes_[level].at(flight.node);
        const unsigned nibble = (flight.lookup.address << kStart[level]) >> 28;
        const auto internal = static_cast<unsigned>(node.internal);
        for (int bits = 3; bits >= 0; --bits) {
            const unsigned bit = (1U << bits) - 1 + (nibble >> (4 - bits));
            if (!(internal >> bit & 1)) continue;
            const unsigned before = std::popcount(internal & ((1U << bit) - 1));
            flight.result = node.results + (node.uniform ? 0 : before);
            flight.matched = true;
            break;
        }
        const auto external = static_cast<unsigned>(node.external);
        flight.child = level < 4 && (external >> nibble & 1) != 0;
        flight.node = node.children + static_cast<unsigned>(std::popcount(external & ((1U << nibble) - 1)));
    }

    fw::TreeWriter writer_ = {};
    std::vector<fw::TreeRoot> root_;
    std::vector<fw::TreeNode> nodes_[5];
    std::vector<std::uint16_t> results_;
    std::deque<Flight> flights_;
};

}  // namespace turnpike::lpm_test
