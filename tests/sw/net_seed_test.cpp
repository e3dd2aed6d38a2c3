// SPDX-License-Identifier: Apache-2.0
// What the seed of a run touches: where Linux draws at random (sw/kernel/random.h).
#include <set>

#include "sw/kernel/random.h"
#include "sw/net/multipath.h"
#include "sw/net/neighbour.h"
#include "sw/net/tcp_sock.h"
#include "tests/sw/net_recverr.h"

namespace fw::test {
namespace {

constexpr u64 kSeeds[] = {0, 2, 3, 1U << 31, ~u64{0} >> 1};

class Seed : public Errors {
  protected:
    static u16 id_of_a_datagram(u32 connected) {
        u16 id = 0;
        native::run_program([&] {
            EXPECT_EQ(send(made(user::SOCK_DGRAM, false, connected), 4, connected != 0 ? 0 : kHost), 4);
            id = wire::get16(&packets_sent()[0][4]);
        });
        return id;
    }
    static u16 ephemeral_port() {
        u16 port = 0;
        native::run_program([&] {
            EXPECT_EQ(send(user::socket(user::SOCK_DGRAM, 0), 4, kHost), 4);
            port = wire::get16(&packets_sent()[0][20]);
        });
        return port;
    }
};

TEST_F(Seed, TheDefaultDrawsNothing) {
    for (unsigned n = 0; n < static_cast<unsigned>(RandomKey::count); ++n)
        EXPECT_EQ(random_key(static_cast<RandomKey>(n)), 0u);
    EXPECT_EQ(random_below(100, 7), 7u);
    EXPECT_EQ(ephemeral_port(), 32768);
    EXPECT_EQ(neigh_reachable_time(port(kEth0)), i64{30} * kSec);
}

TEST_F(Seed, TheSameSeedGivesTheSameNumbersAndAnotherOthers) {
    std::set<u64> seen;
    for (const u64 seed : kSeeds) {
        random_seed(seed);
        const u64 key = random_key(RandomKey::multipath), first = random_next(), second = random_next();
        EXPECT_NE(key, 0u);
        EXPECT_NE(first, second);
        random_seed(seed);
        EXPECT_EQ(random_key(RandomKey::multipath), key);
        EXPECT_EQ(random_next(), first);
        EXPECT_EQ(random_next(), second);
        EXPECT_TRUE(seen.insert(key).second && seen.insert(first).second);
        for (unsigned n = 0; n < 100; ++n) EXPECT_LT(random_below(3, 9), 3u);
        EXPECT_EQ(random_below(0, 9), 9u);
    }
}

TEST_F(Seed, ItMovesTheMultipathHashUnlessASysctlDoes) {
    flowi4 flow = {};
    flow.saddr = kRouter, flow.daddr = kHost;
    const u32 usual = fib_multipath_hash(flow, nullptr);
    random_seed(2);
    EXPECT_NE(fib_multipath_hash(flow, nullptr), usual);
    sysctl_write(rc::SysctlId::fib_multipath_hash_seed, 0, 5);
    const u32 given = fib_multipath_hash(flow, nullptr);
    random_seed(3);
    EXPECT_EQ(fib_multipath_hash(flow, nullptr), given);
}

TEST_F(Seed, ItMovesIdentificationsPortsAndSequenceNumbers) {
    random_seed(2);
    const u16 id = id_of_a_datagram(0), connected = id_of_a_datagram(kHost), port = ephemeral_port();
    EXPECT_GE(port, 32768);
    EXPECT_LE(port, 60999);
    EXPECT_NE(port, 32770);
    sock sk = {};
    sk.daddr = kHost, sk.rcv_saddr = kRouter, sk.num = 7, sk.dport = 4000;
    const u32 sequence = tcp_initial_seq(&sk);
    random_seed(3);
    EXPECT_NE(tcp_initial_seq(&sk), sequence);
    EXPECT_NE(id_of_a_datagram(0), static_cast<u16>(id + 1));
    EXPECT_NE(id_of_a_datagram(kHost), connected);
}

TEST_F(Seed, AReachableTimeIsBetweenHalfAndOneAndAHalfTimesTheBase) {
    std::set<i64> times;
    for (const u64 seed : kSeeds) {
        random_seed(seed);
        for (const u32 ifindex : {kEth0, kEth1}) {
            const i64 time = neigh_reachable_time(port(ifindex));
            EXPECT_EQ(neigh_reachable_time(port(ifindex)), time);
            EXPECT_GE(time, i64{15} * kSec);
            EXPECT_LT(time, i64{45} * kSec);
            times.insert(time);
        }
    }
    EXPECT_EQ(times.size(), 2 * std::size(kSeeds));
}

}  // namespace
}  // namespace fw::test
