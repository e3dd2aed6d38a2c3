// SPDX-License-Identifier: Apache-2.0
// The registers of the LPM accelerator under random accesses, records, doorbells and lookups.
#include <iterator>
#include <map>

#include "tb/unit/lpm_bench.h"

namespace turnpike::tb {
namespace {

namespace lpm = regs::lpm;

/// What the register list promises, written once more. BAD_POINTER is not in it: it depends on the words written.
template <typename Shape>
class Mirror {
  public:
    Mirror() {
        for (const regs::Register& reg : lpm::kRegisters) values_[reg.offset] = reg.reset;
        for (unsigned n = 0; n < 6; ++n) values_[lpm::CAPACITY_LEVEL1 + 8 * n] = Shape::kWords[n];
        values_[lpm::LATENCY] = LpmBench<Shape>::latency();
        values_[lpm::MEMORY_CLOCKS] = Shape::kMemoryClocks;
    }
    std::uint64_t read(std::uint64_t offset) const {
        const auto found = values_.find(offset);
        return found == values_.end() ? 0 : found->second;
    }
    /// The edge at which the ports are as they are now.
    void edge(const typename Shape::Model& ports) {
        const bool taken = ports.valid_o && ports.ready_i;
        const bool updated = ports.update_valid_i && ports.update_ready_o;
        std::uint64_t& drain = values_[lpm::DRAIN];
        const bool drains = ports.req_i && ports.we_i && ports.addr_i == lpm::DRAIN;
        drain = drains ? in_flight_ - taken : drain - (taken && drain > 0);
        const bool accepted = ports.valid_i && ports.ready_o;
        in_flight_ += accepted - taken;
        values_[lpm::LOOKUPS] += accepted;

        if (ports.req_i && ports.we_i) write(ports.addr_i, ports.wdata_i);
        if (updated) place(ports.update_place_i, ports.update_high_i, ports.update_data_i);
        // 25 bits: as many as 17 lists may hold.
        values_[lpm::UPDATE_PENDING] = (values_[lpm::UPDATE_PENDING] - updated - ports.dropped_i) & 0x1FFFFFF;
        values_[lpm::LOOKASIDE_HEAD] = (values_[lpm::LOOKASIDE_HEAD] + ports.completed_i) & 0xFFFFFFFF;
        if (ports.bus_error_i) values_[lpm::STATUS] |= lpm::STATUS_BUS_ERROR.mask();
        if (ports.bad_ring_i) values_[lpm::STATUS] |= lpm::STATUS_BAD_RING.mask();
    }

  private:
    void write(std::uint64_t offset, std::uint64_t value) {
        for (const regs::Register& reg : lpm::kRegisters) {
            if (reg.offset == offset && reg.access == regs::Access::RW) values_[offset] = value & reg.write_mask;
        }
        if (offset == lpm::STATUS) values_[offset] &= ~value;
        if (offset == lpm::UPDATE_DOORBELL) values_[lpm::UPDATE_PENDING] += lpm::UPDATE_DOORBELL_COUNT.get(value);
        if (offset == lpm::LOOKASIDE_ENTRIES) values_[lpm::LOOKASIDE_HEAD] = values_[lpm::LOOKASIDE_TAIL] = 0;
        if (offset == lpm::ENTRY_DATA) {
            std::uint64_t& at = values_[lpm::ENTRY_ADDR];
            place(at, values_[lpm::ENTRY_HIGH], value);
            at = lpm::ENTRY_ADDR_INDEX.set(at, lpm::ENTRY_ADDR_INDEX.get(at) + 1);
        }
    }
    void place(std::uint64_t place, std::uint64_t high, std::uint64_t data) {
        const std::uint64_t memory = lpm::ENTRY_ADDR_MEMORY.get(place);
        const auto words = [](std::uint64_t n) { return n == 0 ? 8192U : Shape::kWords[n - 1]; };
        bool there = memory < 7 && lpm::ENTRY_ADDR_INDEX.get(place) < words(memory);
        if (memory == 0) there = there && lpm::ENTRY_DATA_ROOT_CHILD.get(data) < words(1);
        if (memory >= 1 && memory < 5) there = there && high < words(memory + 1);
        if (!there) values_[lpm::STATUS] |= lpm::STATUS_BAD_ADDRESS.mask();
    }

    std::map<std::uint64_t, std::uint64_t> values_;
    std::uint64_t in_flight_ = 0;
};

/// Somewhere in a memory, or a place that does not exist.
template <typename Shape>
std::uint32_t random_place(Random& random) {
    const unsigned memory = random.below(8);
    const std::uint32_t words = memory == 0 || memory == 7 ? 8192 : Shape::kWords[memory - 1];
    return static_cast<std::uint32_t>(LpmTable::place(memory, random.below(random.percent(80) ? words : 1 << 24)));
}

std::uint64_t random_offset(Random& random) {
    return random.percent(80) ? lpm::kRegisters[random.below(std::size(lpm::kRegisters))].offset : random.below(0x1000);
}

std::uint64_t random_long(Random& random) { return std::uint64_t{random.word()} << 32 | random.word(); }

template <typename Shape>
void random_inputs(LpmBench<Shape>& bench, Random& random) {
    auto& ports = bench.ports;
    ports.req_i = random.percent(60);
    ports.we_i = random.percent(50);
    ports.addr_i = static_cast<std::uint16_t>(random_offset(random));
    ports.wdata_i = random_long(random);
    if (!ports.update_valid_i && random.percent(30)) {
        ports.update_valid_i = 1;
        ports.update_place_i = random_place<Shape>(random);
        ports.update_high_i = random.below(1 << 20);
        ports.update_data_i = random_long(random) & 0x1FFFFFFFFFFFFF;
    }
    ports.completed_i = random.below(9);
    ports.dropped_i = random.percent(10) ? random.below(1 << 20) : 0;
    ports.bus_error_i = random.percent(5);
    ports.bad_ring_i = random.percent(5);
    if (!ports.valid_i && random.percent(50)) {
        ports.valid_i = 1;
        ports.address_i = random.word();
        ports.tag_i = static_cast<std::uint8_t>(random.word());
    }
    ports.ready_i = random.percent(40);
}

template <typename Shape>
class LpmRandomRegisters : public testing::Test {};
TYPED_TEST_SUITE(LpmRandomRegisters, LpmShapes);

TYPED_TEST(LpmRandomRegisters, HoldWhatTheListSays) {
    Random random(16);
    LpmBench<TypeParam> bench;
    auto& ports = bench.ports;
    Mirror<TypeParam> mirror;
    for (unsigned n = 0; n < 20'000; ++n) {
        random_inputs(bench, random);
        bench.settle();
        const std::uint64_t compared = ports.addr_i == lpm::STATUS ? ~lpm::STATUS_BAD_POINTER.mask() : ~0ULL;
        ASSERT_EQ(ports.rdata_o & compared, ports.req_i && !ports.we_i ? mirror.read(ports.addr_i) : 0)
            << std::hex << ports.addr_i;
        ASSERT_EQ(ports.lookaside_requests_o, mirror.read(lpm::LOOKASIDE_REQUESTS));
        ASSERT_EQ(ports.lookaside_completions_o, mirror.read(lpm::LOOKASIDE_COMPLETIONS));
        ASSERT_EQ(ports.lookaside_entries_o, mirror.read(lpm::LOOKASIDE_ENTRIES));
        ASSERT_EQ(ports.update_base_o, mirror.read(lpm::UPDATE_BASE));
        mirror.edge(ports);
        const bool accepted = ports.valid_i && ports.ready_o, applied = ports.update_valid_i && ports.update_ready_o;
        bench.clock();
        if (accepted) ports.valid_i = 0;
        if (applied) ports.update_valid_i = 0;
    }
}

}  // namespace
}  // namespace turnpike::tb
