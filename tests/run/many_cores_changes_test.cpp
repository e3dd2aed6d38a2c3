// SPDX-License-Identifier: Apache-2.0
// Tables that change while all cores forward: routes, rules, neighbours, links, multipath, the route cache.
#include "tests/run/many_cores.h"

namespace turnpike::test {
namespace {

constexpr unsigned kFrames = 600;  // from each port
constexpr unsigned kGapNs = 4'000, kFirstNs = 20'000;
constexpr unsigned kSourceAt = 26, kIdAt = 18;

std::uint64_t arrival_ns(unsigned n) { return kFirstNs + std::uint64_t{n} * kGapNs; }

class ChangesUnderTraffic : public ManyCores {
  protected:
    /// All ports at once, to what `destination` says of the port and the number.
    template <typename Destination>
    void add_traffic(Destination destination) {
        for (unsigned n = 0; n < kFrames; ++n)
            for (unsigned port = 0; port < kPorts; ++port)
                add(port, arrival_ns(n) + port * 70, of_flow(port, n * 7, destination(port, n), n).bytes());
    }
    /// Sender and number of each frame that left, which must not leave twice.
    static std::set<std::string> left(const CoresRun& run) {
        std::set<std::string> frames;
        for (unsigned port = 0; port < kPorts; ++port)
            for (const Bytes& frame : run.sent(port)) {
                if (frame[23] != 17) continue;  // an ICMP error
                std::string name(frame.begin() + kSourceAt, frame.begin() + kSourceAt + 4);
                name += std::to_string(get16(frame, kIdAt));
                EXPECT_TRUE(frames.insert(name).second) << "left twice: " << get16(frame, kIdAt);
            }
        return frames;
    }
};

TEST_F(ChangesUnderTraffic, EachFrameGoesByTheTablesOfOneMomentAndHasOneFate) {
    add_traffic([](unsigned port, unsigned n) {
        const unsigned to = (port + 1 + n % 3) % kPorts;
        return n % 2 == 0 ? 0x0A000002 + (to << 8) : 0x3C000000 + (to << 16) + n;  // 10.0.TO.2, 60.TO.0.N
    });
    for (unsigned port = 0; port < kPorts; ++port) {
        const std::string n = std::to_string(port);
        scenario.router += "ip route add 60." + n + ".0.0/16 via 10.0." + n + ".2\n";
    }
    const char* const kTurns[][2] = {
        {"ip route add blackhole 60.1.0.0/17", "ip route del blackhole 60.1.0.0/17"},
        {"ip rule add from 172.16.2.0/24 lookup 77", "ip rule del from 172.16.2.0/24 lookup 77"},
        {"ip neigh replace 10.0.2.2 lladdr 02:00:00:0a:02:77 dev eth2 nud permanent",
         "ip neigh replace 10.0.2.2 lladdr 02:00:00:0a:02:02 dev eth2 nud permanent"},
        {"ip route replace 60.0.0.0/16 nexthop via 10.0.1.2 weight 1 nexthop via 10.0.2.2 weight 3",
         "ip route replace 60.0.0.0/16 via 10.0.0.2"},
        {"ip route add unreachable 10.0.1.2/32", "ip route del unreachable 10.0.1.2/32"},
        {"ip link set eth3 down", "ip link set eth3 up"},
        {"sysctl -w net.ipv4.conf.all.rp_filter=1", "sysctl -w net.ipv4.conf.all.rp_filter=0"},
        {"ip addr add 10.7.0.1/16 dev eth1", "ip addr del 10.7.0.1/16 dev eth1"},
    };
    scenario.router += "ip route add default via 10.0.1.2 table 77\n";
    for (unsigned n = 0; n < 40; ++n) at(40 + 35 * n, kTurns[n % 8][n / 8 % 2]);
    // Five rounds leave each of them turned on; now all is as at the beginning.
    for (unsigned n = 0; n < 8; ++n) at(1'500 + n, kTurns[n][1]);
    at(1'520, "ip neigh replace 10.0.3.2 lladdr 02:00:00:0a:03:02 dev eth3 nud permanent");
    at(1'521, "ip route replace 172.16.3.0/24 via 10.0.3.2");
    at(1'522, "ip route replace 60.3.0.0/16 via 10.0.3.2");
    scenario.toml = "[run]\ndrain_s = 5\n";  // for neighbours that are asked for meanwhile

    std::set<std::string> late_on_one;
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.busy_cores(), cores);
        const std::set<std::string> frames = left(run);
        EXPECT_EQ(frames.size(), run.fate("forwarded"));
        EXPECT_GT(run.fate("forwarded"), kFrames * kPorts / 2);
        EXPECT_GT(run.fate("blackhole"), 0U);
        std::set<std::string> late;
        for (const std::string& name : frames)
            if (arrival_ns(static_cast<unsigned>(std::stoul(name.substr(4)))) > 2'100'000) late.insert(name);
        if (cores == 1) late_on_one = late;
        EXPECT_TRUE(late == late_on_one) << "behind the last change the number of cores makes a difference";
        EXPECT_EQ(late.size() % kPorts, 0U);
    }
}

/// The route leads to eth2 and to eth3 in turns. A core that kept the other one's entry would send by it.
class CacheUnderTraffic : public ChangesUnderTraffic {
  protected:
    static constexpr unsigned kTurnUs = 200, kTurns = 13, kMarginNs = 30'000;
    CacheUnderTraffic() {
        scenario.router += "sysctl -w net.ipv4.rt_cache_rebuild_count=0\nip route add 60.0.0.0/24 via 10.0.2.2\n";
        for (unsigned turn = 1; turn < kTurns; ++turn)
            at(turn * kTurnUs, turn % 2 == 0 ? "ip route replace 60.0.0.0/24 via 10.0.2.2"
                                             : "ip route replace 60.0.0.0/24 via 10.0.3.2");
    }
    static bool is_close_to_a_change(std::uint64_t ns) {
        const std::uint64_t in_turn = ns % (kTurnUs * 1'000);
        return in_turn < kMarginNs || in_turn + kMarginNs > kTurnUs * 1'000;
    }
    static unsigned port_at(std::uint64_t ns) { return ns / (kTurnUs * 1'000) % 2 == 0 ? 2 : 3; }
};

TEST_F(CacheUnderTraffic, NoCoreUsesAnEntryOfBeforeAChange) {
    for (unsigned n = 0; n < kFrames; ++n)
        for (unsigned port = 0; port < 2; ++port)
            add(port, arrival_ns(n) + port * 70, of_flow(port, n % 16, 0x3C000000 + n % 16, n).bytes());
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.fate("forwarded"), 2 * kFrames);
        // A lookup finds an entry or makes one; ICMP and the like there is none.
        EXPECT_EQ(run.counter("RtCacheInHit") + run.counter("RtCacheInSlowTot"), 2 * kFrames);
        EXPECT_GT(run.counter("RtCacheInHit"), kFrames / 4);
        for (const unsigned port : {2U, 3U})
            for (const Bytes& frame : run.sent(port)) {
                const std::uint64_t ns = arrival_ns(get16(frame, kIdAt));
                EXPECT_TRUE(is_close_to_a_change(ns) || port_at(ns) == port) << get16(frame, kIdAt);
            }
    }
}

TEST_F(CacheUnderTraffic, GarbageIsCollectedByWhicheverCoreFindsTheCacheFull) {
    for (unsigned n = 0; n < kFrames; ++n)
        for (unsigned port = 0; port < 2; ++port)
            add(port, arrival_ns(n) + port * 70, of_flow(port, n * 7, 0x3C000000 + n % 200, n).bytes());
    scenario.router +=
        "sysctl -w net.ipv4.route.gc_thresh=32\nsysctl -w net.ipv4.route.max_size=128\n"
        "sysctl -w net.ipv4.route.gc_elasticity=2\n";
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores, {"cpu.mode=timed", "cpu.profile=simple"});
        EXPECT_EQ(run.fate("forwarded"), 2 * kFrames) << "where there is no room packets go on without the cache";
        EXPECT_GT(run.counter("RtCacheGcTotal"), 0U);
        EXPECT_EQ(run.counter("RtCacheInHit") + run.counter("RtCacheInSlowTot"), 2 * kFrames);
    }
}

}  // namespace
}  // namespace turnpike::test
