// SPDX-License-Identifier: Apache-2.0
// Filters that choose a queue, and which of them wins (82599 data sheet 7.1.2).
#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "tests/nic/packets.h"

namespace turnpike {
namespace {

/// Queues 0 to 15 are on; RSS is off, so that a packet without a filter goes to queue 0.
struct NicSteering : testing::Test {
    NicSteering() {
        for (unsigned queue = 0; queue < 16; ++queue) bench.start_rx_queue(queue);
        bench.run_ns(3000);
    }
    /// The queue that the packet came to.
    unsigned queue_of(const PacketSpec& spec) { return queue_of(packet_frame(spec)); }
    unsigned queue_of(Frame frame) {
        unsigned before[16];
        for (unsigned queue = 0; queue < 16; ++queue) before[queue] = bench.read(r::of_rx_queue(r::RDH(0), queue));
        bench.arrive(std::move(frame));
        bench.run_ns(3000);
        for (unsigned queue = 0; queue < 16; ++queue)
            if (bench.read(r::of_rx_queue(r::RDH(0), queue)) != before[queue]) return queue;
        return ~0U;
    }
    /// UDP from 10.0.0.1:1000 to 10.0.0.2:2000, all compared but what `masks` names (FTQF bits 29:25).
    void five_tuple(unsigned n, unsigned queue, std::uint64_t masks = 0, unsigned priority = 1) {
        bench.write(r::SAQF(n), 0x0100000A);
        bench.write(r::DAQF(n), 0x0200000A);
        bench.write(r::SDPQF(n), 0xD007E803);  // 1000 is 03 E8, 2000 is 07 D0
        bench.write(r::L34TIMIR(n), r::L34TIMIR_QUEUE.of(queue));
        bench.write(r::FTQF(n),
                    r::FTQF_PROTOCOL.of(1) | r::FTQF_PRIORITY.of(priority) | masks << 25 | r::FTQF_QUEUE_ENABLE.of(1));
    }
    void flow_director() {
        bench.write(r::FDIRCTRL, r::FDIRCTRL_PBALLOC.of(1) | r::FDIRCTRL_PERFECT_MATCH.of(1));
        bench.run_ns(100'000);
    }
    Bench bench;
};

TEST_F(NicSteering, AFiveTupleFilterComparesEachOfItsFields) {  // 7.1.2.5
    five_tuple(77, 5);
    const PacketSpec spec;
    EXPECT_EQ(queue_of(spec), 5u);
    PacketSpec other = spec;
    other.source = ip(10, 0, 0, 9);
    EXPECT_EQ(queue_of(other), 0u);
    other = spec, other.destination = ip(10, 1, 0, 2);
    EXPECT_EQ(queue_of(other), 0u);
    other = spec, other.source_port = 1001;
    EXPECT_EQ(queue_of(other), 0u);
    other = spec, other.destination_port = 2001;
    EXPECT_EQ(queue_of(other), 0u);
    other = spec, other.protocol = kTcp;
    EXPECT_EQ(queue_of(other), 0u);
    other = spec, other.tag = 0x0007;
    EXPECT_EQ(queue_of(other), 5u) << "a VLAN tag does not matter";
    other = spec, other.fragment = 0x2000;
    EXPECT_EQ(queue_of(other), 0u) << "fragments have no 5-tuple";
    other = spec, other.v6 = true;
    EXPECT_EQ(queue_of(other), 0u) << "IPv4 only";
    bench.write(r::FTQF(77), 0);
    EXPECT_EQ(queue_of(spec), 0u) << "switched off";
}

/// What an FTQF mask bit ignores, the bit counted from 25.
struct MaskCase {
    const char* field;
    unsigned bit;
    PacketSpec differs;
};
void PrintTo(const MaskCase& value, std::ostream* out) { *out << value.field; }
class NicFiveTupleMask : public NicSteering, public testing::WithParamInterface<MaskCase> {};

TEST_P(NicFiveTupleMask, IgnoresItsFieldOnly) {
    five_tuple(0, 3, 1U << GetParam().bit);
    EXPECT_EQ(queue_of(GetParam().differs), 3u);
    PacketSpec another = GetParam().differs;
    another.source ^= 0xFF, another.destination ^= 0xFF, another.source_port ^= 1, another.destination_port ^= 1;
    EXPECT_EQ(queue_of(another), 0u);
}
INSTANTIATE_TEST_SUITE_P(EachMask, NicFiveTupleMask,
                         testing::Values(MaskCase{"source", 0, {.source = ip(1, 2, 3, 4)}},
                                         MaskCase{"destination", 1, {.destination = ip(1, 2, 3, 4)}},
                                         MaskCase{"source_port", 2, {.source_port = 7}},
                                         MaskCase{"destination_port", 3, {.destination_port = 7}},
                                         MaskCase{"protocol", 4, {.protocol = kTcp}}));

TEST_F(NicSteering, ProtocolsOfFiveTuplesAreTcpUdpSctpAndOthers) {  // 8.2.3.7.19
    constexpr std::uint8_t kProtocols[] = {kTcp, kUdp, kSctp, kIcmp};
    for (unsigned n = 0; n < 4; ++n) {
        const bool ports = kProtocols[n] != kIcmp;
        five_tuple(n, n + 4, ports ? 0 : 0xC);
        bench.write(r::FTQF(n), (bench.read(r::FTQF(n)) & ~r::FTQF_PROTOCOL.mask()) | r::FTQF_PROTOCOL.of(n));
    }
    for (unsigned n = 0; n < 4; ++n) EXPECT_EQ(queue_of({.protocol = kProtocols[n]}), n + 4) << n;
}

TEST_F(NicSteering, TheHighestPriorityWinsThenTheLowestNumber) {  // 7.1.2.5
    five_tuple(3, 3, 0x1F, 2);
    five_tuple(9, 9, 0x1F, 7);
    five_tuple(2, 2, 0x1F, 7);
    EXPECT_EQ(queue_of(PacketSpec{}), 2u);
    bench.write(r::FTQF(2), 0);
    EXPECT_EQ(queue_of(PacketSpec{}), 9u);
    bench.write(r::FTQF(9), 0);
    EXPECT_EQ(queue_of(PacketSpec{}), 3u);
}

TEST_F(NicSteering, AnEtherTypeFilterTakesItsTypeAndTellsItsNumber) {  // 7.1.2.3, 7.1.6.2
    bench.write(r::ETQF(3), r::ETQF_ETYPE.of(0x88B5) | r::ETQF_FILTER_EN.of(1));
    bench.write(r::ETQS(3), r::ETQS_QUEUE.of(6) | r::ETQS_QUEUE_EN.of(1));
    EXPECT_EQ(queue_of(make_frame(0, 60)), 6u);
    EXPECT_EQ(bench.queue_descriptor(6, 0, r::RX_WB_PKT_TYPE), 0x803u) << "bit 11: EtherType filter, number 3";
    EXPECT_EQ(queue_of(PacketSpec{}), 0u);
    bench.write(r::ETQS(3), r::ETQS_QUEUE.of(6));
    EXPECT_EQ(queue_of(make_frame(0, 60)), 0u) << "the filter names no queue";
    EXPECT_EQ(bench.queue_descriptor(0, 1, r::RX_WB_PKT_TYPE), 0x803u) << "and still tells its number";
    bench.write(r::ETQF(3), r::ETQF_ETYPE.of(0x88B5));
    bench.write(r::ETQS(3), r::ETQS_QUEUE.of(6) | r::ETQS_QUEUE_EN.of(1));
    EXPECT_EQ(queue_of(make_frame(0, 60)), 0u) << "switched off";
}

TEST_F(NicSteering, TheSynFilterTakesTcpPacketsWithSyn) {  // 7.1.2.6
    bench.write(r::SYNQF, r::SYNQF_QUEUE_ENABLE.of(1) | r::SYNQF_QUEUE.of(8));
    EXPECT_EQ(queue_of({.protocol = kTcp, .flags = kSyn}), 8u);
    EXPECT_EQ(queue_of({.v6 = true, .protocol = kTcp, .flags = kSyn}), 8u);
    EXPECT_EQ(queue_of({.protocol = kTcp, .flags = kAck}), 0u);
    EXPECT_EQ(queue_of({.protocol = kUdp}), 0u);
}

TEST_F(NicSteering, TheSynFilterComesBehindFiveTuplesUnlessItsPriorityIsSet) {  // 8.2.3.7.20
    const PacketSpec syn{.protocol = kTcp, .flags = kSyn};
    five_tuple(0, 4, 0x1F);
    bench.write(r::SYNQF, r::SYNQF_QUEUE_ENABLE.of(1) | r::SYNQF_QUEUE.of(8));
    EXPECT_EQ(queue_of(syn), 4u);
    bench.write(r::SYNQF, r::SYNQF_QUEUE_ENABLE.of(1) | r::SYNQF_QUEUE.of(8) | r::SYNQF_PRIORITY.of(1));
    EXPECT_EQ(queue_of(syn), 8u);
}

TEST_F(NicSteering, FiltersComeInTheOrderOfTheDataSheetsFlow) {  // 7.1.2, figure of queue assignment
    const PacketSpec syn{.protocol = kTcp, .flags = kSyn};
    bench.write(r::MRQC, r::MRQC_MRQE.of(1) | r::MRQC_IPV4.of(1));
    for (unsigned n = 0; n < r::RETA_COUNT; ++n) bench.write(r::RETA(n), 0x0F0F0F0F);
    EXPECT_EQ(queue_of(syn), 15u) << "RSS";
    flow_director();
    bench.write(r::FDIRIPSA, 0x0100000A);
    bench.write(r::FDIRIPDA, 0x0200000A);
    bench.write(r::FDIRPORT, 1000 | 2000 << 16);
    bench.write(r::FDIRHASH, 0);  // key 0: every flow is in bucket 0
    bench.write(r::FDIRCMD,
                r::FDIRCMD_CMD.of(1) | r::FDIRCMD_L4TYPE.of(2) | r::FDIRCMD_QUEUE_EN.of(1) | r::FDIRCMD_QUEUE.of(14));
    bench.write(r::FDIRM, r::FDIRM_FLEX.of(1));
    EXPECT_EQ(queue_of(syn), 14u) << "flow director";
    bench.write(r::SYNQF, r::SYNQF_QUEUE_ENABLE.of(1) | r::SYNQF_QUEUE.of(13));
    EXPECT_EQ(queue_of(syn), 13u) << "SYN";
    five_tuple(0, 12, 0x1F);
    EXPECT_EQ(queue_of(syn), 12u) << "5-tuple";
    bench.write(r::SYNQF, r::SYNQF_QUEUE_ENABLE.of(1) | r::SYNQF_QUEUE.of(11) | r::SYNQF_PRIORITY.of(1));
    EXPECT_EQ(queue_of(syn), 11u) << "SYN with priority";
    bench.write(r::ETQF(0), r::ETQF_ETYPE.of(0x0800) | r::ETQF_FILTER_EN.of(1));
    bench.write(r::ETQS(0), r::ETQS_QUEUE.of(10) | r::ETQS_QUEUE_EN.of(1));
    EXPECT_EQ(queue_of(syn), 10u) << "EtherType";
}

TEST_F(NicSteering, ModesWithClassesOrPoolsAreDiagnosedOnceAndEveryPacketIsOfTheFirst) {  // 8.2.3.7.12
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    for (unsigned n = 0; n < r::RETA_COUNT; ++n) bench.write(r::RETA(n), 0x0F0F0F0F);
    bench.write(r::MRQC, r::MRQC_MRQE.of(1) | r::MRQC_IPV4.of(1));
    bench.write(r::MRQC, r::MRQC_MRQE.of(0));
    EXPECT_EQ(told, 0u);
    bench.write(r::MRQC, r::MRQC_MRQE.of(10) | r::MRQC_IPV4.of(1));
    EXPECT_EQ(queue_of(PacketSpec{}), 3u) << "four queues a pool";
    bench.write(r::MRQC, r::MRQC_MRQE.of(11) | r::MRQC_IPV4.of(1));
    EXPECT_EQ(queue_of(PacketSpec{}), 1u) << "two queues a pool";
    bench.write(r::MRQC, r::MRQC_MRQE.of(4) | r::MRQC_IPV4.of(1));
    EXPECT_EQ(queue_of(PacketSpec{}), 15u) << "sixteen queues a traffic class";
    bench.write(r::MRQC, r::MRQC_MRQE.of(8));
    EXPECT_EQ(queue_of(PacketSpec{}), 0u) << "pools without RSS";
    set_diagnosis_handler({});
    EXPECT_EQ(told, 1u);
}

TEST_F(NicSteering, QueuesFrom64OnReceiveAtTheirOwnRegisters) {  // 8.2.3.8
    for (const unsigned queue : {63U, 64U, 100U, 127U}) {
        bench.start_rx_queue(queue);
        bench.run_ns(3000);
        five_tuple(0, queue, 0x1F);
        bench.arrive(packet_frame({}));
        bench.run_ns(3000);
        EXPECT_EQ(bench.read(queue < 64 ? 0x01010 + queue * 0x40 : 0x0D010 + (queue - 64) * 0x40), 1u) << queue;
        EXPECT_EQ(bench.queue_descriptor(queue, 0, r::RX_WB_STATUS) & 3, 3u) << queue;
    }
}

}  // namespace
}  // namespace turnpike
