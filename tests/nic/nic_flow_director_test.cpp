// SPDX-License-Identifier: Apache-2.0
// Flow director (82599 data sheet 7.1.2.7), programmed as Linux programs it (ixgbe_82599.c).
#include <gtest/gtest.h>

#include "tests/nic/packets.h"

namespace turnpike {
namespace {

constexpr std::uint32_t kBucketKey = 0x3DAD14E2, kSignatureKey = 0x174D3614;  // Linux ixgbe_type.h
constexpr std::uint32_t kUdpV4 = 1, kUdpV6 = 5;                               // FDIRCMD.L4TYPE, and IPV6 above it

/// The hash of 7.1.2.7, bit by bit over the folded words of Linux' ixgbe_atr_compute_perfect_hash_82599: bit `bit` is
/// the parity of the words' bits that the key's ones name.
std::uint32_t hash(std::uint32_t key, std::uint32_t kind, std::uint32_t common) {
    std::uint32_t result = 0;
    const std::uint32_t front = kind << 16;
    for (unsigned bit = 0; bit < 15; ++bit) {
        bool sum = false;
        for (unsigned n = 0; n < 32; ++n) {
            if ((key >> n & 1) == 0) continue;
            const std::uint32_t mixed = common ^ front ^ front >> 16;
            std::uint32_t swapped = common >> 16 | common << 16;
            if (n != 0) swapped ^= front ^ front << 16;
            const std::uint32_t word = n < 16 ? swapped : mixed;
            const unsigned at = bit + n % 16;
            sum ^= (word >> at & 1) != 0;
        }
        result |= (sum ? 1U : 0U) << bit;
    }
    return result;
}

struct NicFlowDirector : testing::Test {
    NicFlowDirector() {
        for (unsigned queue = 0; queue < 8; ++queue) bench.start_rx_queue(queue);
        bench.write(r::RXCSUM, r::RXCSUM_PCSD.of(1));
    }
    void initialise(bool perfect, std::uint64_t more = 0, unsigned memory = 1) {
        bench.write(r::FDIRHKEY, kBucketKey);
        bench.write(r::FDIRSKEY, kSignatureKey);
        bench.write(r::FDIRM, r::FDIRM_VLANID.of(1) | r::FDIRM_VLANP.of(1) | r::FDIRM_POOL.of(1) |
                                  r::FDIRM_FLEX.of(perfect ? 1 : 0) | r::FDIRM_DIPV6.of(perfect ? 1 : 0));
        bench.write(r::FDIRCTRL, r::FDIRCTRL_PBALLOC.of(memory) | r::FDIRCTRL_PERFECT_MATCH.of(perfect ? 1 : 0) |
                                     r::FDIRCTRL_DROP_QUEUE.of(127) | r::FDIRCTRL_FLEX_OFFSET.of(6) |
                                     r::FDIRCTRL_MAX_LENGTH.of(10) | more);
        bench.run_ns(100'000);
        EXPECT_TRUE(r::FDIRCTRL_INIT_DONE.test(bench.read(r::FDIRCTRL)));
    }
    /// The bucket of the packet's flow with 64 KiB and exact comparison: 11 bits.
    static std::uint32_t bucket(const PacketSpec& spec, std::uint32_t kind) {
        return hash(kBucketKey, kind,
                    spec.source ^ spec.destination ^ (std::uint32_t{spec.source_port} << 16 | spec.destination_port)) &
               0x7FF;
    }
    void program(const PacketSpec& spec) {
        bench.write(r::FDIRIPSA, __builtin_bswap32(spec.source));
        bench.write(r::FDIRIPDA, __builtin_bswap32(spec.destination));
        bench.write(r::FDIRPORT, spec.source_port | std::uint32_t{spec.destination_port} << 16);
        bench.write(r::FDIRVLAN, 0);
    }
    void add(const PacketSpec& spec, std::uint32_t kind, unsigned index, unsigned queue, std::uint64_t more = 0) {
        program(spec);
        bench.write(r::FDIRHASH, bucket(spec, kind) | index << 16);
        bench.write(r::FDIRCMD, r::FDIRCMD_CMD.of(1) | r::FDIRCMD_L4TYPE.of(kind & 3) | r::FDIRCMD_IPV6.of(kind >> 2) |
                                    r::FDIRCMD_LAST.of(1) | r::FDIRCMD_QUEUE_EN.of(1) | r::FDIRCMD_QUEUE.of(queue) |
                                    more);
    }
    void command(std::uint64_t what, std::uint32_t identity) {
        bench.write(r::FDIRHASH, identity);
        bench.write(r::FDIRCMD, r::FDIRCMD_CMD.of(what));
        EXPECT_EQ(r::FDIRCMD_CMD.get(bench.read(r::FDIRCMD)), 0u) << "done";
    }
    /// Descriptors used of a queue after the packet has arrived.
    unsigned arrive(const PacketSpec& spec, unsigned queue) {
        bench.arrive(packet_frame(spec));
        bench.run_ns(3000);
        return bench.read(r::of_rx_queue(r::RDH(0), queue));
    }
    Bench bench;
};

TEST_F(NicFlowDirector, PerfectMatchSendsOneFlowToItsQueue) {
    initialise(true);
    const PacketSpec flow;
    add(flow, kUdpV4, 77, 5);
    EXPECT_EQ(arrive(flow, 5), 1u);
    EXPECT_EQ(bench.queue_descriptor(5, 0, r::RX_WB_FLM), 1u);
    EXPECT_EQ(arrive({.source_port = 1001}, 5), 1u);
    EXPECT_EQ(arrive({.protocol = kTcp}, 5), 1u);
    EXPECT_EQ(arrive({.source = ip(10, 0, 0, 3)}, 5), 1u);
    EXPECT_EQ(bench.read(r::of_rx_queue(r::RDH(0), 0)), 3u) << "the others have the default queue";
    EXPECT_EQ(bench.queue_descriptor(0, 0, r::RX_WB_FLM), 0u);
    EXPECT_EQ(bench.read(r::FDIRMATCH), 1u);
    EXPECT_EQ(bench.read(r::FDIRMISS), 3u);
    EXPECT_EQ(bench.read(r::FDIRMISS), 0u) << "a read clears";
    EXPECT_EQ(bench.read(r::FDIRUSTAT), 1u);
}

TEST_F(NicFlowDirector, AFilterInAnotherBucketThanItsHashIsNotFound) {
    initialise(true);
    const PacketSpec flow;
    program(flow);
    bench.write(r::FDIRHASH, bucket(flow, kUdpV4) ^ 1);
    bench.write(r::FDIRCMD,
                r::FDIRCMD_CMD.of(1) | r::FDIRCMD_L4TYPE.of(1) | r::FDIRCMD_QUEUE_EN.of(1) | r::FDIRCMD_QUEUE.of(5));
    EXPECT_EQ(arrive(flow, 5), 0u);
    EXPECT_EQ(bench.read(r::FDIRMISS), 1u);
}

TEST_F(NicFlowDirector, FiltersAreQueriedAndRemovedByHashAndIndex) {
    initialise(true);
    const PacketSpec flow;
    add(flow, kUdpV4, 77, 5);
    const std::uint32_t identity = bucket(flow, kUdpV4) | 77 << 16;
    EXPECT_EQ(bench.read(r::FDIRFREE), 2045u) << "of 2,046 with 64 KiB";
    command(3, identity ^ 1 << 16);
    EXPECT_FALSE(r::FDIRCMD_FILTER_VALID.test(bench.read(r::FDIRCMD))) << "another index";
    command(3, identity);
    EXPECT_TRUE(r::FDIRCMD_FILTER_VALID.test(bench.read(r::FDIRCMD)));
    EXPECT_EQ(r::FDIRCMD_QUEUE.get(bench.read(r::FDIRCMD)), 5u);
    command(2, identity);
    EXPECT_EQ(arrive(flow, 5), 0u);
    EXPECT_EQ(bench.read(r::FDIRFREE), 2046u);
    command(2, identity);
    EXPECT_EQ(bench.read(r::FDIRUSTAT), 0x00010001u) << "one added, one removed";
    EXPECT_EQ(bench.read(r::FDIRFSTAT), 0x0100u) << "one removal failed";
    EXPECT_EQ(bench.read(r::FDIRUSTAT), 0u) << "a read clears";
}

TEST_F(NicFlowDirector, AnExistingFilterChangesOnlyByUpdate) {
    initialise(true);
    const PacketSpec flow;
    add(flow, kUdpV4, 1, 5);
    add(flow, kUdpV4, 1, 6);
    EXPECT_EQ(bench.read(r::FDIRFSTAT), 1u) << "one addition failed";
    EXPECT_EQ(arrive(flow, 5), 1u);
    add(flow, kUdpV4, 1, 6, r::FDIRCMD_FILTER_UPDATE.of(1));
    EXPECT_EQ(arrive(flow, 6), 1u);
    EXPECT_EQ(bench.read(r::FDIRFREE), 2045u);
}

TEST_F(NicFlowDirector, TheDropBitDropsTheFlow) {
    initialise(true);
    add({}, kUdpV4, 1, 127, r::FDIRCMD_DROP.of(1));
    EXPECT_EQ(arrive({.id = 3}, 0), 0u);
    EXPECT_EQ(bench.observer.drops.at(3), regs::Fate::rx_flow_dropped);
    EXPECT_EQ(bench.read(r::FDIRMATCH), 1u);
}

TEST_F(NicFlowDirector, AddressAndPortMasksTakeBitsOut) {
    initialise(true);
    bench.write(r::FDIRSIP4M, 0xFFFFFFFF);  // no source at all
    bench.write(r::FDIRDIP4M, 0xFF000000);  // the last byte: highest in the register
    bench.write(r::FDIRUDPM, 0x0001FFFF);   // no source port; bit 0 is the port's bit 15
    PacketSpec filter{.source = 0, .destination = ip(10, 0, 0, 0), .source_port = 0};
    add(filter, kUdpV4, 1, 5);
    EXPECT_EQ(arrive({.source = ip(1, 2, 3, 4), .destination = ip(10, 0, 0, 250), .source_port = 9}, 5), 1u);
    EXPECT_EQ(arrive({.destination_port = 2000 + 0x8000}, 5), 2u);
    EXPECT_EQ(arrive({.destination_port = 2001}, 5), 2u);
    EXPECT_EQ(arrive({.destination = ip(10, 0, 1, 2)}, 5), 2u);
}

TEST_F(NicFlowDirector, TheVlanTagCountsUnlessItIsMasked) {
    initialise(true);
    bench.write(r::FDIRM, r::FDIRM_VLANP.of(1) | r::FDIRM_POOL.of(1) | r::FDIRM_FLEX.of(1) | r::FDIRM_DIPV6.of(1));
    const PacketSpec flow{.tag = 0xE007};
    program(flow);
    bench.write(r::FDIRVLAN, 7);
    // The hash takes the tag in front of the kind's word.
    const std::uint32_t common =
        flow.source ^ flow.destination ^ (std::uint32_t{flow.source_port} << 16 | flow.destination_port);
    const std::uint32_t front = kUdpV4 << 16 | 7;
    const std::uint32_t high = common ^ front ^ front >> 16;
    const std::uint32_t low = (common >> 16 | common << 16) ^ front ^ front << 16;
    std::uint32_t place = 0;
    for (unsigned n = 0; n < 16; ++n) {  // kBucketKey's bit 0 is 0, so that its exception does not matter
        if ((kBucketKey >> n & 1) != 0) place ^= low >> n;
        if ((kBucketKey >> (n + 16) & 1) != 0) place ^= high >> n;
    }
    bench.write(r::FDIRHASH, place & 0x7FF);
    bench.write(r::FDIRCMD,
                r::FDIRCMD_CMD.of(1) | r::FDIRCMD_L4TYPE.of(1) | r::FDIRCMD_QUEUE_EN.of(1) | r::FDIRCMD_QUEUE.of(5));
    EXPECT_EQ(arrive(flow, 5), 1u);
    EXPECT_EQ(arrive({.tag = 0x0007}, 5), 2u) << "the priority is masked";
    EXPECT_EQ(arrive({.tag = 0xE008}, 5), 2u);
    EXPECT_EQ(arrive({}, 5), 2u);
}

TEST_F(NicFlowDirector, StatusInPlaceOfTheHashNamesTheFilter) {  // 7.1.6.2: RSS type 15
    initialise(true, r::FDIRCTRL_REPORT_STATUS.of(1));
    add({}, kUdpV4, 0x123, 5);
    arrive({}, 5);
    EXPECT_EQ(bench.queue_descriptor(5, 0, r::RX_WB_RSS_TYPE), 15u);
    EXPECT_EQ(bench.queue_descriptor(5, 0, r::RX_WB_FLOW_ID), 0x123u);
    EXPECT_EQ(bench.queue_descriptor(5, 0, r::RX_WB_FLOW_HASH), bucket({}, kUdpV4));
}

TEST_F(NicFlowDirector, AFullTableRefusesAndTellsBefore) {  // FDIRCTRL.FULL_THRESHOLD, in units of 16
    initialise(true, r::FDIRCTRL_FULL_THRESHOLD.of(4));
    for (unsigned n = 0; n < 2046; ++n) {
        add({.source = n}, kUdpV4, n, 5);
        const bool told = r::EICR_FLOW_DIRECTOR.test(bench.read(r::EICR));
        EXPECT_EQ(told, 2046 - (n + 1) < 64) << n;
    }
    EXPECT_EQ(bench.read(r::FDIRFREE), 0u);
    EXPECT_EQ(bench.read(r::FDIRFSTAT), 0u);
    add({.source = 5000}, kUdpV4, 5000, 5);
    EXPECT_EQ(bench.read(r::FDIRFSTAT), 1u);
    EXPECT_GT(r::FDIRLEN_LENGTH.get(bench.read(r::FDIRLEN)), 0u);
    EXPECT_EQ(bench.read(r::FDIRLEN), 0u) << "a read clears";
}

TEST_F(NicFlowDirector, ClearingOrInitialisingEmptiesTheTable) {
    initialise(true);
    add({}, kUdpV4, 1, 5);
    bench.write(r::FDIRCMD, r::FDIRCMD_CLEARHT.of(1));
    bench.write(r::FDIRCMD, 0);
    EXPECT_EQ(arrive({}, 5), 0u);
    add({}, kUdpV4, 1, 5);
    initialise(true);
    EXPECT_EQ(arrive({}, 5), 0u);
    EXPECT_EQ(bench.read(r::FDIRFREE), 2046u);
}

/// Linux' ATR: the flexible bytes are the EtherType (offset of 6 words).
TEST_F(NicFlowDirector, SignaturesFindFlowsOfIpv4AndIpv6) {
    initialise(false);
    EXPECT_EQ(bench.read(r::FDIRFREE), 8191u);
    for (const bool v6 : {false, true}) {
        const PacketSpec flow{.v6 = v6};
        const std::uint32_t type = v6 ? 0x86DD : 0x0800;
        const std::uint32_t common = flow.source ^ flow.destination ^ type << 16 ^
                                     (std::uint32_t{flow.source_port} << 16 | flow.destination_port);
        const std::uint32_t kind = v6 ? kUdpV6 : kUdpV4;
        bench.write(r::FDIRHASH, hash(kSignatureKey, kind, common) << 16 | (hash(kBucketKey, kind, common) & 0x1FFF));
        bench.write(r::FDIRCMD, r::FDIRCMD_CMD.of(1) | r::FDIRCMD_FILTER_UPDATE.of(1) | r::FDIRCMD_LAST.of(1) |
                                    r::FDIRCMD_QUEUE_EN.of(1) | kind << 5 | r::FDIRCMD_QUEUE.of(v6 ? 6 : 5));
        EXPECT_EQ(arrive(flow, v6 ? 6 : 5), 1u) << v6;
        EXPECT_EQ(arrive({.v6 = v6, .source_port = 3}, v6 ? 6 : 5), 1u) << v6;
    }
    EXPECT_EQ(bench.read(r::FDIRMATCH), 2u);
}

TEST_F(NicFlowDirector, FragmentsAndIpv6InPerfectModeAreNoCandidates) {
    initialise(true);
    arrive({.fragment = 0x2000}, 0);
    arrive({.v6 = true}, 0);
    bench.arrive(make_frame(0, 60));
    bench.run_ns(3000);
    EXPECT_EQ(bench.read(r::FDIRMISS), 0u);
    arrive({}, 0);
    EXPECT_EQ(bench.read(r::FDIRMISS), 1u);
}

TEST_F(NicFlowDirector, WithoutMemoryNothingIsAddedOrLookedAt) {
    add({}, kUdpV4, 1, 5);
    EXPECT_EQ(arrive({}, 5), 0u);
    EXPECT_EQ(bench.read(r::FDIRFSTAT), 1u);
    EXPECT_EQ(bench.read(r::FDIRMISS), 0u);
    EXPECT_FALSE(r::FDIRCTRL_INIT_DONE.test(bench.read(r::FDIRCTRL)));
}

}  // namespace
}  // namespace turnpike
