// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "tests/fabric/fabric_bench.h"

namespace turnpike::test {
namespace {

constexpr std::uint64_t kBase = Bench::kBase;

TEST(FabricTiming, AReadTakesHeaderLatenciesMemoryAndData) {
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        std::array<std::uint8_t, 64> data{};
        EXPECT_EQ(cpu.read_bytes(kBase, data), tlm::TLM_OK_RESPONSE);
        // 12 + 250 + 10 to the target, 6 for the header there, 70 memory, (12+64)/2 + 10 + 76 + 250 back.
        EXPECT_EQ(now_ps(), 722'000u);
        EXPECT_EQ(cpu.delay, sc_core::SC_ZERO_TIME);
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricTiming, AnAnnotatedDelayComesFirst) {
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        std::array<std::uint8_t, 64> data{};
        cpu.delay = ns(33);
        cpu.read_bytes(kBase, data);
        EXPECT_EQ(now_ps(), 755'000u);
        EXPECT_EQ(cpu.delay, sc_core::SC_ZERO_TIME);
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricTiming, AReadReturnsWhenItHasReachedTheTargetAndTellsWhenTheAnswerIsThere) {
    Bench bench;
    Recorder slow("slow", ns(20));
    bench.fabric.add_target("slow", 0x10000000, 0x1000, target_path()).bind(slow.socket);
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        std::array<std::uint8_t, 64> data{};
        sc_core::sc_time delay;
        tlm::tlm_generic_payload payload;
        TestInitiator::prepare(payload, tlm::TLM_READ_COMMAND, kBase, data.data(), data.size());
        cpu.socket->b_transport(payload, delay);
        EXPECT_EQ(now_ps(), (12 + 250 + 10) * 1000u);
        EXPECT_EQ(delay, ns(722) - ns(272));
        sc_core::wait(delay);
        // A target that waits is waited for: 12 + 250 + 10 there and 20 in it. What is left are the header's 6 on its
        // link, which this one does not wait for, and (12+64)/2 + 10 + 76 + 250 back.
        delay = sc_core::SC_ZERO_TIME;
        payload.set_address(0x10000000);
        cpu.socket->b_transport(payload, delay);
        EXPECT_EQ(now_ps(), (722 + 272 + 20) * 1000u);
        EXPECT_EQ(delay, ns(6 + 38 + 10 + 76 + 250));
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricTiming, AWriteReturnsAtOnceAndTellsWhenItIsVisible) {
    Bench bench;
    TestInitiator& nic = bench.initiator("nic");
    std::vector<std::uint64_t> seen;
    bench.memory.set_write_observer([&](std::uint64_t address, std::uint64_t length) {
        EXPECT_EQ(address, 0x40u);
        EXPECT_EQ(length, 64u);
        seen.push_back(now_ps());
    });
    bench.program([&] {
        EXPECT_EQ(nic.write_bytes(kBase + 0x40, bytes(64, 0xA5)), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(now_ps(), 0u);
        EXPECT_EQ(nic.delay, ns(76 + 250 + 10));
        EXPECT_EQ(bench.memory.data()[0x40], 0);
        sc_core::wait(nic.delay);
        sc_core::wait(sc_core::SC_ZERO_TIME);
        EXPECT_EQ(bench.memory.data()[0x40], 0xA5);
        EXPECT_EQ(bench.memory.data()[0x7F], 0xA5);
        EXPECT_EQ(bench.memory.data()[0x80], 0);
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(seen, std::vector<std::uint64_t>{336'000});
}

TEST(FabricTiming, WritesQueueOnTheLinkOfTheirInitiator) {
    Bench bench;
    TestInitiator& nic = bench.initiator("nic");
    bench.program([&] {
        nic.write_bytes(kBase, bytes(64, 1));
        nic.delay = sc_core::SC_ZERO_TIME;
        nic.write_bytes(kBase, bytes(64, 2));
        EXPECT_EQ(nic.delay, ns(2 * 76 + 260));
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(bench.memory.data()[0], 2);
}

TEST(FabricTiming, BackToBackPacketsDoNotAccumulateRounding) {
    Bench bench;
    TestInitiator& nic = bench.initiator("nic", {sc_core::SC_ZERO_TIME, 58'000});
    bench.program([&] {
        for (int n = 0; n < 100; ++n) {
            nic.delay = sc_core::SC_ZERO_TIME;
            nic.write_bytes(kBase, bytes(64, 1));
        }
        // 7600 bytes at 58 Gbit/s are 1048275.86 ps; hundred times 10482.76 ps rounded up would be 1048300.
        EXPECT_EQ(to_ps(nic.delay), 1'048'276u + 10'000u);
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricTiming, AReadFollowsTheWritesBeforeItAndSeesThem) {
    Bench bench;
    TestInitiator& nic = bench.initiator("nic");
    bench.program([&] {
        nic.write_bytes(kBase, bytes(64, 7));
        nic.delay = sc_core::SC_ZERO_TIME;
        std::array<std::uint8_t, 64> data{};
        nic.read_bytes(kBase, data);
        EXPECT_EQ(data[63], 7);
        // The header leaves after the write's 76 bytes and reaches memory 12 ns behind it, at 348 ns; the memory's
        // link takes the write in until 374 ns, then the header until 380 ns.
        EXPECT_EQ(now_ps(), (380 + 70 + 38 + 10 + 76 + 250) * 1000u);
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricTiming, TwoReadersShareTheMemorysBandwidth) {
    Bench bench;
    TestInitiator& first = bench.initiator("first");
    TestInitiator& second = bench.initiator("second");
    // The program of the second runs first: equal arrivals are ordered by initiator all the same.
    std::uint64_t first_ps = 0, second_ps = 0;
    bench.program([&] {
        std::array<std::uint8_t, 64> data{};
        second.read_bytes(kBase + 64, data);
        second_ps = now_ps();
    });
    bench.program([&] {
        std::array<std::uint8_t, 64> data{};
        first.read_bytes(kBase, data);
        first_ps = now_ps();
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(first_ps, 722'000u);
    // Its header is in at 284 ns, its data ready at 354 ns; the way back is the first one's until 386 ns.
    EXPECT_EQ(second_ps, (386 + 38 + 10 + 76 + 250) * 1000u);
}

TEST(FabricTiming, ReadsOfOneInitiatorAreInFlightTogether) {
    Bench bench;
    TestInitiator& nic = bench.initiator("nic");
    std::vector<std::uint64_t> done;
    for (int n = 0; n < 3; ++n) {
        bench.program([&] {
            std::array<std::uint8_t, 64> data{};
            sc_core::sc_time delay;
            tlm::tlm_generic_payload payload;
            TestInitiator::prepare(payload, tlm::TLM_READ_COMMAND, kBase, data.data(), data.size());
            nic.socket->b_transport(payload, delay);
            done.push_back(now_ps() + to_ps(delay));
        });
    }
    ASSERT_TRUE(bench.run());
    // Bound by the 76 ns that each answer takes on the initiator's link.
    EXPECT_EQ(done, (std::vector<std::uint64_t>{722'000, 798'000, 874'000}));
}

TEST(FabricTiming, AWriteWithoutCreditsWaitsForTheTarget) {
    Bench bench(256);
    TestInitiator& nic = bench.initiator("nic");
    bench.program([&] {
        for (int n = 0; n < 4; ++n) {
            nic.delay = sc_core::SC_ZERO_TIME;
            nic.write_bytes(kBase, bytes(64, 1));
            EXPECT_EQ(now_ps(), 0u);
        }
        nic.delay = sc_core::SC_ZERO_TIME;
        nic.write_bytes(kBase, bytes(64, 1));
        // The first arrives at 336 ns and is taken in 38 ns later.
        EXPECT_EQ(now_ps(), 374'000u);
        EXPECT_EQ(nic.delay, ns(76 + 260));
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricTiming, AWriteOfAnInitiatorThatIsAheadArrivesAsIfItHadWaited) {
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    std::vector<std::uint64_t> seen;
    bench.memory.set_write_observer([&](std::uint64_t, std::uint64_t) { seen.push_back(now_ps()); });
    bench.program([&] {
        cpu.delay = ns(33);
        cpu.write_bytes(kBase, bytes(64, 1));
        EXPECT_EQ(now_ps(), 0u);
        EXPECT_EQ(cpu.delay, ns(33 + 76 + 260));
        cpu.delay = ns(50);  // while the first is on the link, until 109 ns
        cpu.write_bytes(kBase, bytes(64, 2));
        EXPECT_EQ(cpu.delay, ns(33 + 2 * 76 + 260));
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{369'000, 445'000}));
}

TEST(FabricTiming, CreditsThatAreBackByTheTimeOfAnInitiatorThatIsAheadNeedNoWait) {
    Bench bench(256);
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        for (int n = 0; n < 4; ++n) {
            cpu.delay = sc_core::SC_ZERO_TIME;
            cpu.write_bytes(kBase, bytes(64, 1));
        }
        sc_core::wait(ns(340));  // the first has arrived, and is taken in at 374 ns
        cpu.delay = ns(34);
        cpu.write_bytes(kBase, bytes(64, 1));
        EXPECT_EQ(now_ps(), 340'000u);
        EXPECT_EQ(cpu.delay, ns(34 + 76 + 260));
        // The second arrives at 412 ns and is taken in at 450 ns.
        cpu.delay = ns(80);
        cpu.write_bytes(kBase, bytes(64, 1));
        EXPECT_EQ(now_ps(), 450'000u);
        EXPECT_EQ(cpu.delay, ns(76 + 260));
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricTiming, WritersThatWaitForCreditsGoOnInTheOrderOfTheirCalls) {
    Bench bench(64);
    TestInitiator& nic = bench.initiator("nic");
    std::vector<int> order;
    bench.memory.set_write_observer([&](std::uint64_t address, std::uint64_t) { order.push_back(int(address)); });
    for (std::uint64_t n = 0; n < 4; ++n) {
        bench.program([&, n] {
            auto data = bytes(64, 1);
            sc_core::sc_time delay;
            tlm::tlm_generic_payload payload;
            TestInitiator::prepare(payload, tlm::TLM_WRITE_COMMAND, kBase + 64 * n, data.data(), data.size());
            nic.socket->b_transport(payload, delay);
        });
    }
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(order, (std::vector<int>{0, 64, 128, 192}));
}

TEST(FabricTiming, AWriteLargerThanAllCreditsPassesAlone) {
    Bench bench(256);
    TestInitiator& nic = bench.initiator("nic");
    bench.program([&] {
        nic.write_bytes(kBase, bytes(1024, 3));
        EXPECT_EQ(now_ps(), 0u);
        EXPECT_EQ(nic.delay, ns(1024 + 12 + 260));
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(bench.memory.data()[1023], 3);
}

TEST(FabricTiming, AReadOfANearTargetDoesNotPassAWriteToAFarOne) {
    Bench bench;
    Recorder far("far"), near("near");
    bench.fabric.add_target("far", 0x10000000, 0x1000, {ns(500), 16000}, Service::immediate).bind(far.socket);
    bench.fabric.add_target("near", 0x20000000, 0x1000, {ns(0), 16000}, Service::immediate).bind(near.socket);
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        cpu.write_bytes(0x10000000, bytes(4, 1));
        cpu.delay = sc_core::SC_ZERO_TIME;
        std::array<std::uint8_t, 4> data{};
        cpu.read_bytes(0x20000010, data);
    });
    ASSERT_TRUE(bench.run());
    ASSERT_EQ(far.entries.size(), 1u);
    ASSERT_EQ(near.entries.size(), 1u);
    EXPECT_EQ(far.entries[0].at_ps, (16 + 250 + 500) * 1000u);
    EXPECT_EQ(near.entries[0].at_ps, far.entries[0].at_ps);
    EXPECT_EQ(near.entries[0].address, 0x10u);
}

TEST(FabricTiming, ACoresReadOfANearTargetPassesItsWriteToAFarOneButNotOneToTheSameTarget) {
    Bench bench;
    Recorder far("far"), near("near");
    bench.fabric.add_target("far", 0x10000000, 0x1000, {ns(500), 16000}, Service::immediate).bind(far.socket);
    bench.fabric.add_target("near", 0x20000000, 0x1000, {ns(0), 16000}, Service::immediate).bind(near.socket);
    TestInitiator& cpu = bench.initiator("cpu", initiator_path(), Ordering::each_target);
    bench.program([&] {
        std::array<std::uint8_t, 4> data{};
        for (const std::uint64_t address : {0x10000000, 0x20000000}) {
            cpu.write_bytes(address, bytes(4, 1));
            cpu.delay = sc_core::SC_ZERO_TIME;
        }
        cpu.read_bytes(0x20000010, data);
    });
    ASSERT_TRUE(bench.run());
    ASSERT_EQ(near.entries.size(), 2u);
    EXPECT_EQ(near.entries[0].address, 0u);
    EXPECT_EQ(near.entries[1].address, 0x10u);
    EXPECT_EQ(near.entries[1].at_ps, (16 + 16 + 12 + 250) * 1000u);
    ASSERT_EQ(far.entries.size(), 1u);
    EXPECT_EQ(far.entries[0].at_ps, (16 + 250 + 500) * 1000u);
}

}  // namespace
}  // namespace turnpike::test
