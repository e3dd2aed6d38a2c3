// SPDX-License-Identifier: Apache-2.0
#include "cli/import/networks.h"

#include <gtest/gtest.h>

#include <random>

namespace turnpike::import {
namespace {

bool contains(const config::Prefix& prefix, std::uint32_t address) {
    return ((address ^ prefix.address) & config::netmask(prefix.length)) == 0;
}

TEST(Cover, IsTheCommonBitsOfASide) {
    const auto prefixes = cover({{0x0A000001, 0}, {0x0A0000FE, 0}, {0x0A010000, 1}, {0x0B000000, 0}}, 2);
    EXPECT_EQ(prefixes[0], (std::vector<config::Prefix>{{0x0A000000, 24}, {0x0B000000, 32}}));
    EXPECT_EQ(prefixes[1], (std::vector<config::Prefix>{{0x0A010000, 32}}));
}

TEST(Cover, NoPrefixIsShorterThanEightBits) {
    const auto prefixes = cover({{0x01000001, 0}, {0x02000001, 0}, {0x02FF0001, 0}}, 1);
    EXPECT_EQ(prefixes[0], (std::vector<config::Prefix>{{0x01000001, 32}, {0x02000000, 8}}));
}

TEST(Cover, EveryAddressIsCoveredByItsOwnSideAndByNoOther) {
    std::mt19937 random(7);
    for (unsigned round = 0; round < 200; ++round) {
        std::map<std::uint32_t, unsigned> sides;
        const unsigned spread = 1u << (round % 24);
        for (unsigned i = 0; i < 100; ++i) sides[0x0A000000 + random() % spread] = random() % 3;
        const auto prefixes = cover(sides, 3);
        for (const auto& [address, side] : sides) {
            for (unsigned other = 0; other < 3; ++other) {
                unsigned hits = 0;
                for (const auto& prefix : prefixes[other]) hits += contains(prefix, address) ? 1 : 0;
                EXPECT_EQ(hits, other == side ? 1u : 0u);
            }
        }
    }
}

TEST(FreeNetworks, GoOnToTheNextRangeWhenOneIsUsedUp) {
    std::set<std::uint32_t> used;
    for (std::uint32_t i = 0; i < 512; ++i) used.insert(0xC6120000 + i * 256 + 9);
    FreeNetworks networks(used);
    EXPECT_EQ(networks.take(), 0xC0000200u);  // 192.0.2.0
    EXPECT_EQ(networks.take(), 0xC6336400u);  // 198.51.100.0
}

}  // namespace
}  // namespace turnpike::import
