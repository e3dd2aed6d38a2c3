// SPDX-License-Identifier: Apache-2.0
// Reassembly in whatever order the fragments come (RFC 791 3.2, RFC 815).
#include <numeric>
#include <random>

#include "tests/sw/net_defrag.h"

namespace fw::test {
namespace {

class DefragOrder : public DefragRouter {};

TEST_F(DefragOrder, EveryOrderOfUpToFiveFragmentsGivesTheDatagram) {
    u64 frames = 0;
    for (u32 n = 2; n <= 5; ++n) {
        const Bytes data = numbered(n * 16 - 5);
        std::vector<u32> order(n);
        std::iota(order.begin(), order.end(), 0U);
        do {
            delivered_.clear();
            for (const u32 i : order) {
                receive_piece(data, {i * 16, i + 1 == n ? n * 16 - 5 : i * 16 + 16, i + 1 < n});
            }
            expect_delivered(data);
            frames += n;
        } while (std::next_permutation(order.begin(), order.end()));
    }
    EXPECT_EQ(fate(Fate::delivered), frames);
    EXPECT_EQ(counter(Snmp::IpReasmReqds), frames);
    EXPECT_EQ(counter(Snmp::IpReasmOKs), 2U + 6 + 24 + 120);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 2U + 6 + 24 + 120);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 0U);
    EXPECT_EQ(ip_frag_mem(), 0U);
}

/// Cuts the data in random places, all but the last a multiple of 8.
std::vector<Piece> random_pieces(std::mt19937& random, u32 bytes) {
    std::vector<Piece> pieces;
    for (u32 at = 0; at < bytes;) {
        const u32 len = std::min<u32>((1 + random() % 120) * 8, bytes - at);
        pieces.push_back({at, at + len, at + len < bytes});
        at += len;
    }
    return pieces;
}

TEST_F(DefragOrder, AnyCutInAnyOrderWithDuplicatesGivesTheDatagram) {
    std::mt19937 random(20);
    u64 duplicates = 0;
    for (unsigned round = 0; round < 400; ++round) {
        const u32 bytes = 9 + random() % 6000;
        const Bytes data = numbered(bytes);
        std::vector<Piece> pieces = random_pieces(random, bytes);
        if (pieces.size() < 2) continue;
        std::shuffle(pieces.begin(), pieces.end(), random);
        delivered_.clear();
        for (size_t i = 0; i < pieces.size(); ++i) {
            receive_piece(data, pieces[i]);
            if (i + 1 < pieces.size() && random() % 4 == 0) {
                receive_piece(data, pieces[random() % (i + 1)]);
                ++duplicates;
            }
        }
        expect_delivered(data);
    }
    EXPECT_EQ(fate(Fate::reasm_duplicate), duplicates);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 0U);
    EXPECT_EQ(ip_frag_mem(), 0U);
}

TEST_F(DefragOrder, WhatThisRouterCutsItPutsTogether) {
    std::mt19937 random(21);
    for (u32 mtu = 68; mtu < 600; mtu += 61) {
        const Bytes data = numbered(700 + random() % 700);
        port(kEth1)->mtu = mtu;
        sent_frames().clear();
        receive_ip(kEth0, ip_packet({}, data));
        std::vector<Sent> frames = sent();
        ASSERT_GT(frames.size(), 1U);
        std::shuffle(frames.begin(), frames.end(), random);
        delivered_.clear();
        for (const Sent& one : frames) {
            Bytes packet(one.frame.begin() + 14, one.frame.end());
            wire::put32(&packet[16], kOwn);
            packet[8] = 64;
            checksum_header(packet);
            receive_ip(kEth0, packet);
        }
        expect_delivered(data);
    }
}

TEST_F(DefragOrder, AManyPiecedDatagramComesBackwards) {
    const Bytes data = numbered(8 * 2000);
    for (u32 i = 2000; i-- > 0;) receive_piece(data, {i * 8, i * 8 + 8, i != 1999});
    expect_delivered(data);
}

}  // namespace
}  // namespace fw::test
