// SPDX-License-Identifier: Apache-2.0
// docs/import.md is what these hold.
#include "cli/import/import.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/cli/import_folder.h"

namespace turnpike::import {
namespace {

constexpr std::uint32_t kA = 0x0A000001, kB = 0xC0A80101, kC = 0xC0A80102;
constexpr Mac kPort0 = {2, 0, 0, 0, 0, 1}, kPort1 = {2, 0, 0, 0, 1, 1};

Mac mac_of(const CapturedFrame& frame, std::size_t at) {
    Mac mac;
    std::copy_n(frame.bytes.begin() + static_cast<std::ptrdiff_t>(at), 6, mac.begin());
    return mac;
}

TEST_F(ImportFolder, TwoHostsGetAPortEachAndOnlyTheDestinationMacChanges) {
    between(kA, kAlice, kB, kBob);
    between(kB, kBob, kA, kAlice);
    between(kA, kAlice, kB, kBob);
    const ImportReport report = run();
    EXPECT_EQ(report.kept, 3u);
    const auto eth0 = port("eth0"), eth1 = port("eth1");
    ASSERT_EQ(eth0.size(), 2u);
    ASSERT_EQ(eth1.size(), 1u);
    EXPECT_EQ(eth0[0].bytes, ipv4_frame(kPort0, kAlice, kA, kB));
    EXPECT_EQ(eth1[0].bytes, ipv4_frame(kPort1, kBob, kB, kA));
}

TEST_F(ImportFolder, TheRouterScriptCoversEachSide) {
    between(kA, kAlice, kB, kGateway);
    between(kA, kAlice, kC, kGateway);
    run();
    EXPECT_EQ(text("router.sh"),
              "# made by turnpike import from c.pcap\n"
              "ip link set eth0 up\n"
              "ip addr add 198.18.0.1/24 dev eth0\n"
              "ip neigh add 198.18.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent\n"
              "ip link set eth1 up\n"
              "ip addr add 198.18.1.1/24 dev eth1\n"
              "ip neigh add 198.18.1.2 lladdr 02:00:00:00:01:02 dev eth1 nud permanent\n"
              "sysctl -w net.ipv4.ip_forward=1\n"
              "ip route add 10.0.0.1/32 via 198.18.0.2\n"
              "ip route add 192.168.1.0/30 via 198.18.1.2\n");
}

TEST_F(ImportFolder, TheScenarioIsOneThatCanBeLoaded) {
    between(kA, kAlice, kB, kBob);
    run();
    const config::Scenario scenario = config::load_scenario(folder / "out", {}, TURNPIKE_MACHINES_DIR);
    EXPECT_EQ(scenario.name, "out");
    ASSERT_EQ(scenario.ports.size(), 2u);
    EXPECT_EQ(scenario.ports[0].mac, kPort0);
    EXPECT_EQ(scenario.ports[0].rx, folder / "out/in/eth0.pcap");
    EXPECT_FALSE(scenario.ports[1].rx);  // nothing arrives there
    EXPECT_EQ(scenario.router.commands.size(), 9u);
}

TEST_F(ImportFolder, HostsBehindOneMacStayTogether) {
    // The internet behind the gateway talks to Alice; its hosts are on her other side.
    between(kA, kAlice, kB, kGateway);
    between(kC, kGateway, kA, kAlice);
    between(0x08080808, kGateway, kA, kAlice);
    const ImportReport report = run();
    EXPECT_EQ(report.ports[0].hosts, 1u);
    EXPECT_EQ(report.ports[1].hosts, 3u);
    EXPECT_EQ(report.kept, 3u);
}

TEST_F(ImportFolder, FramesInsideOneSideAreExcludedByReason) {
    // Three hosts that all talk to each other cannot all be on different sides of two; the fewest frames are lost.
    const Mac carol = {0x00, 0x11, 0x22, 0x33, 0x44, 0x0C};
    for (unsigned i = 0; i < 3; ++i) between(kA, kAlice, kB, kBob);
    for (unsigned i = 0; i < 3; ++i) between(kB, kBob, kC, carol);
    between(kC, carol, kA, kAlice);
    const ImportReport report = run();
    EXPECT_EQ(report.kept, 6u);
    EXPECT_EQ(report.excluded, (std::map<std::string, std::uint64_t>{{"both ends on one side", 1}}));
}

TEST_F(ImportFolder, WithThreePortsThreeHostsLoseNothing) {
    const Mac carol = {0x00, 0x11, 0x22, 0x33, 0x44, 0x0C};
    between(kA, kAlice, kB, kBob);
    between(kB, kBob, kC, carol);
    between(kC, carol, kA, kAlice);
    ImportOptions three = options();
    three.ports = 3;
    const ImportReport report = run(three);
    EXPECT_EQ(report.kept, 3u);
    for (const PortReport& port : report.ports) EXPECT_EQ(port.frames, 1u);
}

TEST_F(ImportFolder, AMacThatIsTheSameOnBothEndsSaysNothing) {
    between(kA, kAlice, kB, kAlice);
    between(kB, kAlice, kA, kAlice);
    EXPECT_EQ(run().kept, 2u);
}

TEST_F(ImportFolder, BroadcastAndMulticastStayOnTheirSendersPort) {
    between(kA, kAlice, kB, kBob);
    between(kB, kBob, 0xC0A801FF, kBroadcast);
    between(kB, kBob, 0xE0000001, {0x01, 0x00, 0x5E, 0x00, 0x00, 0x01});
    between(0, kBob, 0xFFFFFFFF, kBroadcast);
    run();
    const auto eth1 = port("eth1");
    ASSERT_EQ(eth1.size(), 3u);
    EXPECT_EQ(mac_of(eth1[0], 0), kBroadcast);
    EXPECT_EQ(mac_of(eth1[1], 0), (Mac{0x01, 0x00, 0x5E, 0x00, 0x00, 0x01}));
    EXPECT_EQ(text("router.sh").find("192.168.1.255"), std::string::npos);
    EXPECT_EQ(text("router.sh").find("224.0.0"), std::string::npos);
    EXPECT_EQ(text("router.sh").find("0.0.0.0"), std::string::npos);
}

TEST_F(ImportFolder, WhatCannotBeRoutedIsCountedByReason) {
    between(kA, kAlice, kB, kBob);
    auto other = [&](std::uint16_t type, std::size_t bytes) {
        std::vector<std::uint8_t> frame(bytes);
        put16(frame, 12, type);
        add(1, frame);
    };
    add(1, std::vector<std::uint8_t>(13));
    other(0x0800, 33);
    other(0x0806, 42);
    other(0x0806, 42);
    other(0x86DD, 60);
    other(0x88CC, 60);
    other(0x8100, 60);
    other(0x1234, 60);
    other(0x0026, 60);
    add(1, ipv4_frame(kBob, kAlice, kA, kB, std::vector<std::uint8_t>(1481)));
    const ImportReport report = run();
    EXPECT_EQ(report.read, 11u);
    EXPECT_EQ(report.kept, 1u);
    EXPECT_EQ(report.excluded, (std::map<std::string, std::uint64_t>{{"shorter than an Ethernet header", 1},
                                                                     {"shorter than an IP header", 1},
                                                                     {"not IPv4: ARP (ethertype 0x0806)", 2},
                                                                     {"not IPv4: IPv6 (ethertype 0x86dd)", 1},
                                                                     {"not IPv4: LLDP (ethertype 0x88cc)", 1},
                                                                     {"not IPv4: VLAN tag (ethertype 0x8100)", 1},
                                                                     {"not IPv4: ethertype 0x1234", 1},
                                                                     {"not Ethernet II: 802.3 length field", 1},
                                                                     {"larger than the MTU of 1500", 1}}));
}

TEST_F(ImportFolder, AFrameOfExactlyTheMtuIsKept) {
    add(1, ipv4_frame(kBob, kAlice, kA, kB, std::vector<std::uint8_t>(1480)));
    EXPECT_EQ(run().kept, 1u);
}

TEST_F(ImportFolder, BrokenHeadersAreRealInputAndSaidToBeThere) {
    between(kA, kAlice, kB, kBob);
    between(kB, kBob, kA, kAlice);
    auto broken = ipv4_frame(kAlice, kBob, kB, kA);
    broken[14] = 0x43;  // a header of 12 bytes
    add(5'000'000, broken);
    const ImportReport report = run();
    EXPECT_EQ(report.kept, 3u);
    EXPECT_EQ(report.broken_headers, 1u);
    EXPECT_EQ(port("eth1").size(), 2u);  // with its sender's other frames
}

TEST_F(ImportFolder, SourcesWithoutAMacGetOneOfTheirOwn) {
    between(kA, {}, kB, {});
    between(kA, {}, kB, {});
    run();
    EXPECT_EQ(mac_of(port("eth0")[0], 6), (Mac{0x06, 0, 0x0A, 0, 0, 1}));
    EXPECT_EQ(mac_of(port("eth0")[1], 6), (Mac{0x06, 0, 0x0A, 0, 0, 1}));
}

TEST_F(ImportFolder, LongGapsAreCutAndStepsBackClosed) {
    const std::uint64_t second = 1'000'000'000;
    for (const std::uint64_t time : {5 * second, 5 * second + 1000, 900'000 * second, 900'000 * second - 10,
                                     900'000 * second + 500, 3 * second, 3 * second + 7000}) {
        add(time, ipv4_frame(kBob, kAlice, kA, kB));
    }
    const ImportReport report = run();
    EXPECT_EQ(report.gaps, 1u);
    EXPECT_EQ(report.backward, 2u);
    std::vector<std::uint64_t> times;
    for (const CapturedFrame& frame : port("eth0")) times.push_back(frame.time_ns - 10'000'000);
    EXPECT_EQ(times,
              (std::vector<std::uint64_t>{0, 1000, 100'001'000, 100'001'001, 100'001'501, 100'001'502, 100'008'502}));
}

TEST_F(ImportFolder, TransferNetworksAreNotTheCapturesOwn) {
    between(0xC6120007, kAlice, 0xC6120107, kBob);  // 198.18.0.7 to 198.18.1.7
    run();
    EXPECT_NE(text("router.sh").find("ip addr add 198.18.2.1/24 dev eth0\n"), std::string::npos);
    EXPECT_NE(text("router.sh").find("ip addr add 198.18.3.1/24 dev eth1\n"), std::string::npos);
}

TEST_F(ImportFolder, LoopbackFramesGetAddressesAndChecksumsThatFollow) {
    // UDP from port 5000 to port 53 and back (RFC 768), with checksums over the pseudo-header
    auto datagram = [](std::uint16_t from, std::uint16_t to, std::uint32_t source, std::uint32_t destination) {
        std::vector<std::uint8_t> udp(12);
        put16(udp, 0, from);
        put16(udp, 2, to);
        put16(udp, 4, 12);
        put32(udp, 8, 0xDEADBEEF);
        std::vector<std::uint8_t> pseudo(12);
        put32(pseudo, 0, source);
        put32(pseudo, 4, destination);
        put16(pseudo, 8, 17);
        put16(pseudo, 10, 12);
        pseudo.insert(pseudo.end(), udp.begin(), udp.end());
        put16(udp, 6, internet_checksum(pseudo));
        return udp;
    };
    const std::uint32_t local = 0x7F000001;
    add(1, ipv4_frame({}, {}, local, local, datagram(5000, 53, local, local)));
    add(2, ipv4_frame({}, {}, local, local, datagram(53, 5000, local, local)));
    const ImportReport report = run();
    EXPECT_EQ(report.loopback, 2u);
    EXPECT_EQ(report.kept, 2u);
    const std::uint32_t client = 0xC6120201, server = 0xC6120301;  // 198.18.2.1 and 198.18.3.1
    EXPECT_EQ(port("eth0")[0].bytes,
              ipv4_frame(kPort0, {0x06, 0, 0xC6, 0x12, 2, 1}, client, server, datagram(5000, 53, client, server)));
    EXPECT_EQ(port("eth1")[0].bytes,
              ipv4_frame(kPort1, {0x06, 0, 0xC6, 0x12, 3, 1}, server, client, datagram(53, 5000, server, client)));
}

TEST_F(ImportFolder, TheSameCaptureGivesTheSameFiles) {
    std::uint32_t state = 1;
    for (unsigned i = 0; i < 500; ++i) {
        state = state * 1664525 + 1013904223;
        const std::uint32_t from = 0x0A000000 + (state >> 28), to = 0x0A000000 + ((state >> 24) & 15);
        between(from, {}, to, {});
    }
    run();
    const std::string script = text("router.sh"), first = text("in/eth0.pcap");
    ImportOptions again = options();
    again.force = true;
    run(again);
    EXPECT_EQ(text("router.sh"), script);
    EXPECT_EQ(text("in/eth0.pcap"), first);
}

TEST_F(ImportFolder, TheReportTellsWhatHappened) {
    between(kA, kAlice, kB, kBob);
    add(1, std::vector<std::uint8_t>(13));
    std::ostringstream out;
    const ImportOptions with{.capture = "c.pcap", .out = "out"};
    print_report(run(), with, out);
    EXPECT_EQ(out.str(),
              "c.pcap: 2 frames read, 1 kept\n"
              "  eth0             1 frames          34 bytes       1 hosts       1 routes\n"
              "  eth1             0 frames           0 bytes       1 hosts       1 routes\n"
              "excluded:\n"
              "         1  shorter than an Ethernet header\n"
              "written: out\n");
}

TEST_F(ImportFolder, MistakesOfTheUserAreToldBeforeAnythingIsWritten) {
    const std::string out = (folder / "out").string(), capture = (folder / "c.pcap").string();
    EXPECT_EQ(error(options()),
              capture + ": found no frame at all, expected at least one IPv4 frame from one host to another");
    add(1, std::vector<std::uint8_t>(13));
    EXPECT_EQ(error(options()), capture +
                                    ": found 1 shorter than an Ethernet header, expected at least one IPv4 frame "
                                    "from one host to another");
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
    between(kA, kAlice, kB, kBob);
    ImportOptions with = options();
    with.ports = 1;
    EXPECT_EQ(error(with), "--ports: found 1, expected 2 to 16");
    with = options();
    with.mtu = 10;
    EXPECT_EQ(error(with), "--mtu: found 10, expected 68 to 9000");
    with = options();
    with.capture = folder / "none.pcap";
    EXPECT_NE(error(with).find("none.pcap: "), std::string::npos);
    EXPECT_EQ(error(options()), "accepted");
    EXPECT_EQ(error(options()),
              out + ": found a folder that is not empty, expected a new folder, or --force to write into this one");
    with = options();
    with.out = folder / "c.pcap";
    EXPECT_EQ(error(with), capture + ": found a file, expected a folder to write");
}

}  // namespace
}  // namespace turnpike::import
