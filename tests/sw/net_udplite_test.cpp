// SPDX-License-Identifier: Apache-2.0
// UDP-Lite (RFC 3828): what is counted. What is sent is in tests/linux/scenarios/udp_lite_and_pim.
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

constexpr u8 kUdpLite = 136;

class UdpLite : public IcmpRouter {
  protected:
    /// RFC 3828 3.1, 20 bytes of which the checksum covers `coverage`, 0 meaning all; `spoil` is added to it.
    static Bytes datagram(u16 coverage, u16 spoil = 0) {
        Bytes bytes(20);
        wire::put16(&bytes[0], 1024);
        wire::put16(&bytes[2], 7);
        wire::put16(&bytes[4], coverage);
        Bytes summed(12);
        wire::put32(&summed[0], kHost);
        wire::put32(&summed[4], kOwn);
        summed[9] = kUdpLite;
        wire::put16(&summed[10], static_cast<u16>(bytes.size()));
        const std::size_t covered = coverage == 0 || coverage > bytes.size() ? bytes.size() : coverage;
        summed.insert(summed.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(covered));
        summed.resize((summed.size() + 1) / 2 * 2);
        wire::put16(&bytes[6], static_cast<u16>(internet_checksum(summed.data(), summed.size()) + spoil));
        return bytes;
    }
    static void receive(const Bytes& bytes, u32 destination = kOwn) {
        receive_ip(kEth0, ip_packet({.destination = destination, .protocol = kUdpLite}, bytes));
    }
};

TEST_F(UdpLite, AllPortsAreClosed) {
    for (const u16 coverage : {0, 8, 9, 20}) receive(datagram(coverage));
    EXPECT_EQ(counter(Snmp::UdpLiteNoPorts), 4U);
    EXPECT_EQ(counter(Snmp::IcmpOutDestUnreachs), 4U);
    EXPECT_EQ(fate(Fate::proto_unreachable), 4U);
}

TEST_F(UdpLite, TheChecksumIsMandatoryAndCoversTheHeaderAtLeast) {
    Bytes without = datagram(0);
    without[6] = without[7] = 0;
    receive(without);
    receive(datagram(0, 1));
    receive(datagram(7));
    EXPECT_EQ(counter(Snmp::UdpLiteInCsumErrors), 3U);
    EXPECT_EQ(counter(Snmp::UdpLiteInErrors), 3U);
    EXPECT_EQ(fate(Fate::bad_checksum), 3U);
}

TEST_F(UdpLite, ACoverageBeyondTheDatagramAndAShortHeaderAreDropped) {
    receive(datagram(21));
    receive(Bytes(7));
    EXPECT_EQ(counter(Snmp::UdpLiteInErrors), 2U);
    EXPECT_EQ(fate(Fate::bad_transport), 2U);
}

TEST_F(UdpLite, AGroupIsIgnored) {
    receive(datagram(8), ip4(224, 0, 0, 1));
    EXPECT_EQ(counter(Snmp::UdpLiteIgnoredMulti), 1U);
    EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace fw::test
