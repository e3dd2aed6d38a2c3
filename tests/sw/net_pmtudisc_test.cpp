// SPDX-License-Identifier: Apache-2.0
// What sockets do about the MTU of the path (ip(7), IP_MTU_DISCOVER, IP_MTU): DF, length and refusals as of Linux 6.18,
// where a router beyond a link of 1,500 bytes told of 1,000.
#include "tests/sw/net_recverr.h"

namespace fw::test {
namespace {

constexpr i64 kEinval = -22, kEmsgsize = -90, kEnotconn = -107;
enum Mode : int { DONT, WANT, DO, PROBE, INTERFACE, OMIT };

bool has_df(const Bytes& packet) { return (wire::get16(&packet[6]) & wire::IP_DF) != 0; }

class Pmtudisc : public Errors {
  protected:
    /// The IP packets that a datagram of `bytes` becomes.
    static std::vector<Bytes> sent_for(int fd, u64 bytes, u32 to) {
        EXPECT_EQ(send(fd, bytes, to), static_cast<i64>(bytes));
        return packets_sent();
    }
    /// Sends 1,400 bytes, of which a router says that they do not fit through 1,000.
    static void learn(int fd, u32 to) {
        const auto packets = sent_for(fd, 1400, to);
        ASSERT_EQ(packets.size(), 1u);
        icmp_about(packets[0], 3, 4, 1000, 48);
    }
    static void expect_refused(int fd, u64 bytes, u32 to, u32 mtu, u16 port) {
        EXPECT_EQ(send(fd, bytes, to), kEmsgsize);
        EXPECT_EQ(socket_error(fd), 0) << "only the call fails";
        const Told told = errors_of(fd);
        EXPECT_EQ(told.result, 0);
        EXPECT_EQ(told.message.ee.error, 90u);
        EXPECT_EQ(told.message.ee.origin, 1);
        EXPECT_EQ(told.message.ee.type, 0);
        EXPECT_EQ(told.message.ee.info, mtu);
        EXPECT_EQ(told.message.offender.family, 0);
        EXPECT_EQ(told.message.offender.addr, 0u);
        EXPECT_EQ(wire::swap32(told.name.addr), kHost);
        EXPECT_EQ(wire::swap16(told.name.port), port);
    }
    static void expect_told_mtu(int fd) {
        const Told told = errors_of(fd);
        EXPECT_EQ(told.message.ee.error, 90u);
        EXPECT_EQ(told.message.ee.origin, 2);
        EXPECT_EQ(told.message.ee.code, 4);
        EXPECT_EQ(told.message.ee.info, 1000u);
    }
    /// With DO, and nothing known of the path before.
    static void refuses_what_does_not_fit_the_path(u64 type) {
        const int fd = made(type, true, 0, DO);
        expect_refused(fd, 1600, kHost, 1500, 0);
        learn(fd, kHost);
        expect_told_mtu(fd);
        expect_refused(fd, 1400, kHost, 1000, 0);
        const auto packets = sent_for(fd, 900, kHost);
        EXPECT_TRUE(has_df(packets[0]));
        EXPECT_EQ(wire::get16(&packets[0][4]), 0u) << "nobody can cut it, so it has no identification";
        expect_refused(made(type, true, kHost, DO), 1400, 0, 1000, 9);
    }
};

TEST_F(Pmtudisc, TheModeIsWantUnlessASysctlSaysNot) {
    native::run_program([] {
        EXPECT_EQ(option(made(user::SOCK_DGRAM, false), user::SOL_IP, kIpMtuDiscover), WANT);
        sysctl_write(rc::SysctlId::ip_no_pmtu_disc, 0, 1);
        const int fd = made(user::SOCK_DGRAM, false);
        EXPECT_EQ(option(fd, user::SOL_IP, kIpMtuDiscover), DONT);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kIpMtuDiscover, OMIT), 0);
        EXPECT_EQ(option(fd, user::SOL_IP, kIpMtuDiscover), OMIT);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kIpMtuDiscover, -1), kEinval);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kIpMtuDiscover, 6), kEinval);
        EXPECT_EQ(option(fd, user::SOL_IP, kIpMtu), kEnotconn);
    });
}

TEST_F(Pmtudisc, DontAndOmitSetNoDfAndCutWhatIsLonger) {
    native::run_program([] {
        for (const int mode : {DONT, OMIT}) {
            const int fd = made(user::SOCK_DGRAM, true, 0, mode);
            auto packets = sent_for(fd, 1400, kHost);
            ASSERT_EQ(packets.size(), 1u);
            EXPECT_FALSE(has_df(packets[0]));
            packets = sent_for(fd, 1600, kHost);
            ASSERT_EQ(packets.size(), 2u);
            EXPECT_FALSE(has_df(packets[0]));
            EXPECT_EQ(packets[0].size(), 1500u);
            EXPECT_EQ(errors_of(fd).result, -11);
        }
    });
}

TEST_F(Pmtudisc, WantSetsDfOnWhatFitsAndCutsTheRestToThePath) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true, kHost, WANT);
        EXPECT_TRUE(has_df(sent_for(fd, 900, 0)[0]));
        EXPECT_FALSE(has_df(sent_for(fd, 1600, 0)[0]));
        EXPECT_EQ(option(fd, user::SOL_IP, kIpMtu), 1500);
        learn(fd, 0);
        expect_told_mtu(fd);
        EXPECT_EQ(option(fd, user::SOL_IP, kIpMtu), 1000);
        const auto packets = sent_for(fd, 1400, 0);
        ASSERT_EQ(packets.size(), 2u);
        EXPECT_EQ(packets[0].size(), 996u);  // 976 bytes of data, a multiple of 8
        EXPECT_FALSE(has_df(packets[0]));
        EXPECT_TRUE(has_df(sent_for(fd, 900, 0)[0]));
    });
}

TEST_F(Pmtudisc, DoRefusesWhatDoesNotFitThePath) {
    native::run_program([] { refuses_what_does_not_fit_the_path(user::SOCK_DGRAM); });
}

TEST_F(Pmtudisc, DoRefusesItOfRawSocketsToo) {
    native::run_program([] { refuses_what_does_not_fit_the_path(user::SOCK_RAW); });
}

TEST_F(Pmtudisc, ProbeSetsDfUpToTheDevicesMtuWhateverIsKnown) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true, kHost, PROBE);
        learn(fd, 0);
        expect_told_mtu(fd);
        EXPECT_EQ(option(fd, user::SOL_IP, kIpMtu), 1000);
        const auto packets = sent_for(fd, 1400, 0);
        ASSERT_EQ(packets.size(), 1u);
        EXPECT_TRUE(has_df(packets[0]));
        expect_refused(fd, 1600, 0, 1500, 9);
    });
}

TEST_F(Pmtudisc, InterfaceBelievesNothingAboutThePathAndOmitNeither) {
    native::run_program([] {
        for (const int mode : {INTERFACE, OMIT}) {
            const int fd = made(user::SOCK_DGRAM, true, kHost, mode);
            learn(fd, 0);
            EXPECT_EQ(errors_of(fd).message.ee.error, 90u) << "told all the same";
            EXPECT_EQ(option(fd, user::SOL_IP, kIpMtu), 1500);
            EXPECT_EQ(sent_for(fd, 1400, 0).size(), 1u);
        }
        // What another socket learns changes nothing for them.
        learn(made(user::SOCK_DGRAM, true, 0, WANT), kHost);
        for (const int mode : {INTERFACE, OMIT}) {
            const auto packets = sent_for(made(user::SOCK_DGRAM, true, 0, mode), 1400, kHost);
            ASSERT_EQ(packets.size(), 1u);
            EXPECT_FALSE(has_df(packets[0]));
        }
        expect_refused(made(user::SOCK_DGRAM, true, 0, INTERFACE), 1600, kHost, 1500, 0);
    });
}

TEST_F(Pmtudisc, WithDontAMessageAboutThePathIsNoErrorOfUdpButOneOfRaw) {
    native::run_program([] {
        const int udp = made(user::SOCK_DGRAM, true, 0, DONT);
        learn(udp, kHost);
        EXPECT_EQ(errors_of(udp).result, -11);
        const int raw = made(user::SOCK_RAW, true, 0, DONT), silent = made(user::SOCK_RAW, false, kHost, DONT);
        EXPECT_EQ(send(raw, 900, kHost), 900);
        icmp_about_last(3, 4, 800);
        EXPECT_EQ(errors_of(raw).message.ee.info, 800u);
        EXPECT_EQ(socket_error(silent), 0);
    });
}

TEST_F(Pmtudisc, AConnectedSocketCountsItsIdentificationsItself) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, false, kHost), other = made(user::SOCK_DGRAM, false, kHost);
        const auto id = [](int from) { return wire::get16(&sent_for(from, 4, 0)[0][4]); };
        const u16 first = id(fd);
        id(other);
        EXPECT_EQ(id(fd), static_cast<u16>(first + 1));
    });
}

}  // namespace
}  // namespace fw::test
