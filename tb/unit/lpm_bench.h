// SPDX-License-Identifier: Apache-2.0
// The LPM accelerator under test, in several shapes: capacities (and with them the widths of pointers) and clocks of
// the memories are parameters of the RTL.
#pragma once
#include <Vlpm_accelerator.h>
#include <Vlpm_fast.h>
#include <Vlpm_slow.h>

#include <array>
#include <deque>

#include "regs/lpm.h"
#include "tb/unit/bench.h"
#include "tb/unit/lpm_table.h"

namespace turnpike::tb {

/// A shape as rtl/CMakeLists.txt verilates it. Words of memories 1 to 6; clocks of memories 0 to 6, 4 bits each.
struct ListShape {
    using Model = Vlpm_accelerator;
    static constexpr std::array<std::uint32_t, 6> kWords = {8192, 98304, 417792, 24576, 16384, 1310720};
    static constexpr std::uint64_t kMemoryClocks = 0x2222211;
};
struct FastShape {
    using Model = Vlpm_fast;
    static constexpr std::array<std::uint32_t, 6> kWords = {100, 150, 200, 250, 300, 500};
    static constexpr std::uint64_t kMemoryClocks = 0x1111111;
};
struct SlowShape {
    using Model = Vlpm_slow;
    static constexpr std::array<std::uint32_t, 6> kWords = {1048570, 1048571, 1048572, 1048573, 1048574, 2097140};
    static constexpr std::uint64_t kMemoryClocks = 0x5423143;
};

using LpmShapes = testing::Types<ListShape, FastShape, SlowShape>;

template <typename Shape>
class LpmBench : public Bench<typename Shape::Model> {
  public:
    using Bench<typename Shape::Model>::ports;
    using Bench<typename Shape::Model>::edge;
    static constexpr std::uint64_t latency() {
        std::uint64_t clocks = 7;
        for (unsigned memory = 0; memory < 7; ++memory) clocks += Shape::kMemoryClocks >> (4 * memory) & 0xF;
        return clocks;
    }
    /// A random table that this shape can hold, anywhere in its memories.
    static LpmTable random_table(Random& random, unsigned prefixes) {
        for (;;) {
            const LpmTable table = random_lpm_table(random, prefixes);
            if (fits(table)) return placed(random, table);
        }
    }
    /// The table somewhere in the memories.
    static LpmTable placed(Random& random, const LpmTable& table) {
        std::array<std::uint32_t, 7> first = {};
        for (unsigned memory = 1; memory < 7; ++memory) {
            first[memory] = random.below(Shape::kWords[memory - 1] - table.used(memory) + 1);
        }
        return LpmTable(table.prefixes(), first);
    }

    void write_word(unsigned memory, std::uint64_t index, std::uint64_t data, std::uint64_t high = 0) {
        this->write(regs::lpm::ENTRY_ADDR, LpmTable::place(memory, index));
        this->write(regs::lpm::ENTRY_HIGH, high);
        this->write(regs::lpm::ENTRY_DATA, data);
    }
    /// By the update port, a word a clock; sees to it that the bench is idle before.
    void load(const LpmTable& table) {
        for (const LpmTable::Word& word : table.words()) {
            ports.update_valid_i = 1;
            ports.update_place_i = static_cast<std::uint32_t>(word.place);
            ports.update_high_i = static_cast<std::uint32_t>(word.high);
            ports.update_data_i = word.data;
            this->clock();
        }
        ports.update_valid_i = 0;
        this->write(regs::lpm::CTRL, regs::lpm::CTRL_ENABLE.mask());
    }
    static bool fits(const LpmTable& table) {
        for (unsigned memory = 1; memory < 7; ++memory) {
            if (table.used(memory) > Shape::kWords[memory - 1]) return false;
        }
        return true;
    }
    /// One lookup with nothing else going on.
    std::uint16_t look_up(std::uint32_t address) {
        ports.valid_i = 1;
        ports.address_i = address;
        this->clock();
        ports.valid_i = 0;
        while (!ports.valid_o) this->clock();
        const std::uint16_t index = ports.index_o;
        this->clock();
        return index;
    }
};

/// Chances in percent that a lookup is offered, and that an answer is taken, in a clock.
struct Traffic {
    unsigned offer;
    unsigned take;
};

/// Random lookups, offered and taken with the given chances; checks answers, order, tags and clocks. Returns the clocks
/// it took.
template <typename Shape>
std::uint64_t run_lookups(LpmBench<Shape>& bench, const LpmTable& table, Random& random, unsigned count,
                          Traffic traffic) {
    struct Asked {
        std::uint32_t address;
        std::uint8_t tag;
        std::uint64_t edge;
    };
    auto& ports = bench.ports;
    std::deque<Asked> asked;
    unsigned offered = 0;
    unsigned answered = 0;
    const std::uint64_t begin = bench.edge;
    bool waiting = false;  // an offer stays until it is taken
    while (answered < count) {
        if (!waiting && offered < count && random.percent(traffic.offer)) {
            ports.valid_i = 1;
            ports.address_i = random_lpm_address(random, table);
            ports.tag_i = static_cast<std::uint8_t>(random.word());
            ++offered;
            waiting = true;
        }
        ports.ready_i = random.percent(traffic.take);
        bench.settle();
        const bool accepted = waiting && ports.ready_o;
        if (accepted) asked.push_back({ports.address_i, ports.tag_i, bench.edge});
        if (ports.valid_o && ports.ready_i) {
            if (asked.empty()) {
                ADD_FAILURE() << "an answer that nobody asked for";
                return 0;
            }
            const Asked lookup = asked.front();
            asked.pop_front();
            ++answered;
            EXPECT_EQ(ports.index_o, table.lookup(lookup.address)) << std::hex << lookup.address;
            EXPECT_EQ(ports.tag_o, lookup.tag);
            if (traffic.take == 100) {
                EXPECT_EQ(bench.edge, lookup.edge + bench.latency());
            }
        }
        bench.clock();
        if (accepted) {
            waiting = false;
            ports.valid_i = 0;
        }
    }
    EXPECT_TRUE(asked.empty());
    ports.ready_i = 1;
    return bench.edge - begin;
}

}  // namespace turnpike::tb
