// SPDX-License-Identifier: Apache-2.0
// Groups, and programs of the router itself, while all cores forward.
#include "tests/run/many_cores.h"

namespace turnpike::test {
namespace {

constexpr std::uint32_t kGroup = 0xEF010203;  // 239.1.2.3

class LocalOnManyCores : public ManyCores {
  protected:
    /// To UDP port 7 of the router (RFC 862), without a checksum (RFC 768).
    static Bytes echo_request(unsigned port, unsigned flow, unsigned id) {
        Bytes frame = of_flow(port, flow, 0x0A000001 + (port << 8), id).bytes();
        frame[36] = 0, frame[37] = 7;
        frame[40] = frame[41] = 0;
        return frame;
    }
    static Bytes to_group(unsigned flow, unsigned id) {
        UdpFrame udp = of_flow(0, flow, kGroup, id);
        udp.destination_mac = {1, 0, 0x5E, 1, 2, 3};  // RFC 1112 6.4
        return udp.bytes();
    }
    /// A SYN without options to a port where nobody listens (RFC 9293 3.1).
    static Bytes syn(unsigned port, unsigned flow) {
        Bytes frame = of_flow(port, flow, 0x0A000001 + (port << 8), 0).bytes();
        frame[23] = 6;
        put16(frame, 24, 0);
        put16(frame, 24, internet_checksum(frame, 14, 34));
        frame[46] = 0x50, frame[47] = 0x02;
        // The pseudo header's protocol and length stand where the checksum comes to stand.
        put16(frame, 50, 6 + static_cast<unsigned>(frame.size() - 34));
        put16(frame, 50, internet_checksum(frame, 26, frame.size()));
        return frame;
    }
    static std::size_t datagrams_from(const CoresRun& run, unsigned port, unsigned source_port) {
        const std::vector<Bytes> sent = run.sent(port);
        return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [&](const Bytes& frame) {
            return frame[23] == 17 && get16(frame, 34) == source_port;
        }));
    }
};

TEST_F(LocalOnManyCores, PacketsToAGroupLeaveByEachOfItsPortsOnceAndItsReportsAreThoseOfOneCore) {
    constexpr unsigned kFrames = 400;
    for (unsigned n = 0; n < kFrames; ++n) {
        add(0, 20'000 + n * 2'500, to_group(n, n));
        for (unsigned port = 1; port < kPorts; ++port)
            add(port, 20'000 + n * 2'500 + port * 100, of_flow(port, n, 0x0A000002, n).bytes());
    }
    scenario.router +=
        "ip mroute add 0.0.0.0 239.1.2.3 iif eth0 oif eth1 oif eth2 oif eth3\n"
        "ip addr add 239.1.2.3/32 dev eth0 autojoin\nip addr add 239.1.2.9/32 dev eth2 autojoin\n";
    // The routes change, and a group is left, while the copies are made.
    for (unsigned n = 0; n < 10; ++n)
        at(60 + n * 90, n % 2 == 0 ? "ip route add 61.0.0.0/8 via 10.0.1.2" : "ip route del 61.0.0.0/8");
    at(500, "ip addr del 239.1.2.9/32 dev eth2");
    scenario.toml = "[run]\ndrain_s = 4\n";
    std::map<unsigned, std::vector<Bytes>> on_one;
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.busy_cores(), cores);
        EXPECT_EQ(run.fate("forwarded"), kFrames * kPorts);
        for (unsigned port = 1; port < kPorts; ++port) EXPECT_EQ(datagrams_from(run, port, 1111), kFrames) << port;
        for (unsigned port = 0; port < kPorts; ++port) {
            if (cores == 1) on_one[port] = run.sorted(port);
            EXPECT_TRUE(run.sorted(port) == on_one[port]) << port;
        }
        EXPECT_EQ(run.stats["balance"]["sent_generated"], 4) << "reports of each of two groups, twice";
    }
}

/// A program's datagrams take the locks of neighbours, queues and rings that softirqs of its own core take, too.
TEST_F(LocalOnManyCores, ProgramsThatSendAmongForwardedFramesLoseNothingAndHoldNobodyUp) {
    constexpr unsigned kFrames = 1'500, kDatagrams = 400;
    for (unsigned n = 0; n < kFrames; ++n)
        for (unsigned port = 1; port < kPorts; ++port)
            add(port, 20'000 + n * 1'000 + port * 50, of_flow(port, n * 3, 0x0A000002, n).bytes());
    scenario.toml = "[run]\ndrain_s = 0.1\n";
    for (unsigned n = 0; n < 3; ++n)
        scenario.toml +=
            "[[local]]\nprogram = \"udp-sender\"\nto = \"10.0.0.2\"\nto_port = 9\nport = " + std::to_string(500 + n) +
            "\ncount = 400\nbytes = 100\ninterval_us = 3\n";
    // Routes change while programs and softirqs look them up.
    for (unsigned n = 0; n < 12; ++n)
        at(100 + n * 97, n % 2 == 0 ? "ip route add 10.0.0.2/32 dev eth0" : "ip route del 10.0.0.2/32 dev eth0");
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.busy_cores(), cores);
        EXPECT_EQ(run.fate("forwarded"), kFrames * (kPorts - 1));
        EXPECT_EQ(run.counter("UdpOutDatagrams"), 3 * kDatagrams);
        for (unsigned n = 0; n < 3; ++n) EXPECT_EQ(datagrams_from(run, 0, 500 + n), kDatagrams);
    }
}

TEST_F(LocalOnManyCores, TheEchoServiceAnswersWhatEachCoreBringsItOnce) {
    constexpr unsigned kRequests = 200;
    for (unsigned n = 0; n < kRequests; ++n)
        for (unsigned port = 0; port < kPorts; ++port)
            add(port, 50'000 + n * 12'000 + port * 60, echo_request(port, n * 3, n));
    scenario.toml = "[run]\ndrain_s = 0.1\n[[local]]\nprogram = \"udp-echo\"\n";
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.busy_cores(), cores);
        EXPECT_EQ(run.fate("delivered") + run.fate("socket_full"), kRequests * kPorts);
        EXPECT_EQ(run.counter("UdpRcvbufErrors"), run.fate("socket_full"));
        EXPECT_EQ(run.counter("UdpInDatagrams"), run.fate("delivered"));
        EXPECT_EQ(run.counter("UdpOutDatagrams"), run.fate("delivered"));
        std::size_t answers = 0;
        for (unsigned port = 0; port < kPorts; ++port) answers += datagrams_from(run, port, 7);
        EXPECT_EQ(answers, run.fate("delivered"));
        EXPECT_GT(run.fate("delivered"), kRequests * kPorts / 2);
    }
}

TEST_F(LocalOnManyCores, ASegmentToAClosedPortIsResetByWhicheverCoreTakesItIn) {
    constexpr unsigned kSegments = 150;
    for (unsigned n = 0; n < kSegments; ++n)
        for (unsigned port = 0; port < kPorts; ++port) {
            add(port, 50'000 + n * 2'000 + port * 60, syn(port, n));
        }
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.counter("TcpInSegs"), kSegments * kPorts);
        EXPECT_EQ(run.counter("TcpOutRsts"), kSegments * kPorts);
        EXPECT_EQ(run.stats["balance"]["sent_in_answer"], kSegments * kPorts);
    }
}

}  // namespace
}  // namespace turnpike::test
