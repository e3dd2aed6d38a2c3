// SPDX-License-Identifier: Apache-2.0
// Update lists and the lookaside rings, out of a memory at address 0.
#include "models/accel/lpm_mover.h"

#include <gtest/gtest.h>

#include "models/accel/lpm_accelerator.h"
#include "tb/unit/lpm_table.h"
#include "tests/accel/initiator.h"
#include "tests/accel/random.h"

namespace turnpike {
namespace {

namespace lpm = regs::lpm;
using tb::LpmTable;

/// Answers after 30 ns, and beyond its end with an error.
class Memory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<Memory> socket;
    std::vector<std::uint64_t> words = std::vector<std::uint64_t>(64 * 1024);

    explicit Memory(sc_core::sc_module_name name) : sc_module(name), socket("socket") {
        socket.register_b_transport(this, &Memory::transport);
    }

  private:
    void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
        sc_core::wait(from_ps(30'000));
        const std::uint64_t at = payload.get_address();
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        if (at + payload.get_data_length() > words.size() * 8) return;
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        if (payload.is_read()) std::memcpy(payload.get_data_ptr(), &words[at / 8], payload.get_data_length());
        if (payload.is_write()) std::memcpy(&words[at / 8], payload.get_data_ptr(), payload.get_data_length());
    }
};

struct Bench {
    explicit Bench(const std::string& mode)
        : lpm("lpm", regs::params::accel_lpm{mode, 250}), cpu("cpu"), looker("looker"), memory("memory") {
        cpu.socket.bind(lpm.registers);
        looker.socket.bind(lpm.lookup);
        lpm.mover().dma.bind(memory.socket);
    }
    void write_list(std::uint64_t address, const std::vector<LpmTable::Word>& records) {
        for (const LpmTable::Word& record : records) {
            memory.words[address / 8] =
                lpm::UPDATE_RECORD_PLACE.of(record.place) | lpm::UPDATE_RECORD_HIGH.of(record.high);
            memory.words[address / 8 + 1] = record.data;
            address += 16;
        }
    }
    /// Has the engine apply what lies there, and waits until it has.
    void update(std::uint64_t address, std::uint64_t count) {
        cpu.write(lpm::UPDATE_BASE, address);
        cpu.write(lpm::UPDATE_DOORBELL, count);
        while (cpu.read(lpm::UPDATE_PENDING) != 0) continue;
    }
    void load(const LpmTable& table) {
        write_list(0, table.words());
        update(0, table.words().size());
        cpu.write(lpm::CTRL, 1);
    }
    void start_rings(std::uint64_t requests, std::uint64_t completions, std::uint64_t entries) {
        cpu.write(lpm::LOOKASIDE_REQUESTS, requests);
        cpu.write(lpm::LOOKASIDE_COMPLETIONS, completions);
        cpu.write(lpm::LOOKASIDE_ENTRIES, entries);
    }

    LpmAccelerator lpm;
    Initiator cpu;
    Initiator looker;
    Memory memory;
};

class EachLpmMover : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Modes, EachLpmMover, testing::Values("tlm", "rtl", "lockstep"));

TEST_P(EachLpmMover, ATableComesInByAnUpdateList) {
    Bench bench(GetParam());
    Random random(5);
    const LpmTable table = tb::random_lpm_table(random, 60);
    bench.cpu.thread([&] {
        bench.load(table);
        for (unsigned n = 0; n < 500; ++n) {
            const std::uint32_t address = tb::random_lpm_address(random, table);
            ASSERT_EQ(bench.looker.read(std::uint64_t{address} * 4, 4), table.lookup(address)) << std::hex << address;
        }
        EXPECT_EQ(bench.cpu.read(lpm::STATUS), 0u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.lpm.mover().stats().records, table.words().size());
}

TEST_P(EachLpmMover, ListsWaitForOneAnotherAndBeginAnywhere) {
    Bench bench(GetParam());
    bench.write_list(0x1010,
                     {{LpmTable::place(0, 0), 0, 1}, {LpmTable::place(0, 1), 0, 2}, {LpmTable::place(0, 0), 0, 3}});
    bench.write_list(0x2030, {{LpmTable::place(0, 1), 0, 4}});
    bench.cpu.thread([&] {
        bench.cpu.write(lpm::CTRL, 1);
        for (unsigned n = 0; n < 20; ++n) {
            bench.cpu.write(lpm::UPDATE_BASE, 0x1010);
            bench.cpu.write(lpm::UPDATE_DOORBELL, 3);
        }
        bench.update(0x2030, 1);
        EXPECT_EQ(bench.looker.read(0, 4), 3u);
        EXPECT_EQ(bench.looker.read(std::uint64_t{1} << 21, 4), 4u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.lpm.mover().stats().records, 61u);
}

TEST_P(EachLpmMover, AListThatMemoryDoesNotAnswerIsDroppedAndReported) {
    Bench bench(GetParam());
    const std::uint64_t end = bench.memory.words.size() * 8;
    bench.write_list(end - 16, {{LpmTable::place(0, 0), 0, 9}});
    bench.cpu.thread([&] {
        bench.cpu.write(lpm::CTRL, 1);
        bench.update(end - 16, 100);
        EXPECT_EQ(bench.cpu.read(lpm::STATUS), lpm::STATUS_BUS_ERROR.mask());
        EXPECT_EQ(bench.looker.read(0, 4), 9u);
    });
    sc_core::sc_start();
    EXPECT_EQ(bench.lpm.mover().stats().bus_errors, 1u);
}

TEST_P(EachLpmMover, RequestsAreCompletedInOrderWithTheirTagsRoundTheRing) {
    Bench bench(GetParam());
    Random random(8);
    const LpmTable table = tb::random_lpm_table(random, 60);
    constexpr std::uint64_t kRequests = 0x60000;
    constexpr std::uint64_t kCompletions = 0x61000;
    constexpr std::uint64_t kEntries = 64;
    bench.cpu.thread([&] {
        bench.load(table);
        bench.start_rings(kRequests, kCompletions, kEntries);
        std::uint64_t tail = 0;
        while (tail < 1000) {
            const std::uint64_t first = tail;
            const unsigned count = 1 + random.below(kEntries);
            std::vector<std::uint64_t> requests;
            for (unsigned n = 0; n < count; ++n, ++tail) {
                requests.push_back(lpm::LOOKASIDE_REQUEST_ADDRESS.of(tb::random_lpm_address(random, table)) |
                                   lpm::LOOKASIDE_REQUEST_TAG.of(random.word()));
                bench.memory.words[kRequests / 8 + tail % kEntries] = requests.back();
            }
            bench.cpu.write(lpm::LOOKASIDE_TAIL, tail);
            while (bench.cpu.read(lpm::LOOKASIDE_HEAD) != tail) continue;
            for (unsigned n = 0; n < count; ++n) {
                const auto address = static_cast<std::uint32_t>(lpm::LOOKASIDE_REQUEST_ADDRESS.get(requests[n]));
                ASSERT_EQ(bench.memory.words[kCompletions / 8 + (first + n) % kEntries],
                          lpm::LOOKASIDE_COMPLETION_HOP.of(table.lookup(address)) |
                              lpm::LOOKASIDE_COMPLETION_PHASE.of((first + n) / kEntries % 2 == 0 ? 1 : 0) |
                              lpm::LOOKASIDE_COMPLETION_TAG.of(lpm::LOOKASIDE_REQUEST_TAG.get(requests[n])));
            }
        }
        EXPECT_EQ(bench.cpu.read(lpm::STATUS), 0u);
    });
    sc_core::sc_start();
}

TEST_P(EachLpmMover, RingsThatCannotBeAreReportedAndLeftAlone) {
    Bench bench(GetParam());
    bench.cpu.thread([&] {
        for (const std::uint64_t entries : {0, 4, 24, 0x1FFF}) {
            bench.start_rings(0x1000, 0x2000, entries);
            bench.cpu.write(lpm::LOOKASIDE_TAIL, 1);
            wait_until_ns(now_ps() / 1000 + 1000);
            EXPECT_EQ(bench.cpu.read(lpm::STATUS), lpm::STATUS_BAD_RING.mask()) << entries;
            bench.cpu.write(lpm::STATUS, lpm::STATUS_BAD_RING.mask());
            EXPECT_EQ(bench.cpu.read(lpm::LOOKASIDE_HEAD), 0u);
        }
        bench.start_rings(0x1000, 0x2000, 8);
        bench.cpu.write(lpm::LOOKASIDE_TAIL, 9);  // one more than there are entries
        wait_until_ns(now_ps() / 1000 + 1000);
        EXPECT_EQ(bench.cpu.read(lpm::STATUS), lpm::STATUS_BAD_RING.mask());
        bench.cpu.write(lpm::STATUS, lpm::STATUS_BAD_RING.mask());
        bench.cpu.write(lpm::LOOKASIDE_TAIL, 8);  // rung again, rightly
        while (bench.cpu.read(lpm::LOOKASIDE_HEAD) != 8) continue;
        EXPECT_EQ(bench.cpu.read(lpm::STATUS), 0u);
    });
    sc_core::sc_start();
}

TEST_P(EachLpmMover, ABatchThatMemoryDoesNotAnswerStaysUndoneAndIsReported) {
    Bench bench(GetParam());
    bench.cpu.thread([&] {
        bench.start_rings(0x10000000, 0x2000, 8);
        bench.cpu.write(lpm::LOOKASIDE_TAIL, 8);
        wait_until_ns(now_ps() / 1000 + 1000);
        EXPECT_EQ(bench.cpu.read(lpm::STATUS), lpm::STATUS_BUS_ERROR.mask());
        EXPECT_EQ(bench.cpu.read(lpm::LOOKASIDE_HEAD), 0u);
    });
    sc_core::sc_start();
}

}  // namespace
}  // namespace turnpike
