// SPDX-License-Identifier: Apache-2.0
// Record route, timestamp and router alert in forwarded packets (RFC 791 3.1, RFC 2113), as Linux 6.18 fills them in.
#include "tests/sw/net_ip_options.h"

namespace fw::test {
namespace {

class Record : public OptionsRouter {};

TEST_F(Record, TheRouteGetsTheAddressOfTheDeviceThatThePacketLeavesBy) {
    expect_options({7, 7, 4, 0, 0, 0, 0, 0}, {7, 7, 8, 10, 0, 1, 1, 0});
}

TEST_F(Record, TheRouteGoesOnBehindTheHopsBefore) {
    expect_options({7, 11, 8, 1, 2, 3, 4, 0, 0, 0, 0, 0}, {7, 11, 12, 1, 2, 3, 4, 10, 0, 1, 1, 0});
}

TEST_F(Record, ARouteThatIsFullStaysAsItIs) { expect_options({7, 7, 8, 9, 9, 9, 9, 0}, {7, 7, 8, 9, 9, 9, 9, 0}); }

TEST_F(Record, TheTimeIsMillisecondsSinceMidnight) {
    set_time_ms(0x01020304);
    expect_options({68, 8, 5, 0, 0, 0, 0, 0}, {68, 8, 9, 0, 1, 2, 3, 4});
}

TEST_F(Record, TheTimeBeginsAnewEachDay) {
    set_time_ms(86'400'000 + 5);
    expect_options({68, 8, 5, 0, 0, 0, 0, 0}, {68, 8, 9, 0, 0, 0, 0, 5});
}

TEST_F(Record, TimeWithAddressGetsTheAddressThatTheSenderSees) {
    set_time_ms(7);
    expect_options({68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0}, {68, 12, 13, 1, 10, 0, 0, 1, 0, 0, 0, 7});
}

TEST_F(Record, APrespecifiedAddressOfOursGetsItsTime) {
    set_time_ms(7);
    expect_options({68, 12, 5, 3, 10, 0, 1, 1, 0, 0, 0, 0}, {68, 12, 13, 3, 10, 0, 1, 1, 0, 0, 0, 7});
}

TEST_F(Record, APrespecifiedAddressOfAnotherHostIsLeftToIt) {
    expect_options({68, 12, 5, 3, 10, 0, 1, 9, 0, 0, 0, 0}, {68, 12, 5, 3, 10, 0, 1, 9, 0, 0, 0, 0});
}

TEST_F(Record, WithoutRoomForTheTimeTheOverflowIsCounted) {
    expect_options({68, 8, 9, 0xE0, 0, 0, 0, 1}, {68, 8, 9, 0xF0, 0, 0, 0, 1});
}

TEST_F(Record, PrespecifiedTimesThatAreAllTakenCountNoOverflow) {
    expect_options({68, 12, 13, 3, 1, 2, 3, 4, 0, 0, 0, 1}, {68, 12, 13, 3, 1, 2, 3, 4, 0, 0, 0, 1});
}

TEST_F(Record, SeveralOptionsOfAPacketAreAllFilledIn) {
    set_time_ms(9);
    expect_options({7, 7, 4, 0, 0, 0, 0, 1, 68, 8, 5, 0, 0, 0, 0, 0},
                   {7, 7, 8, 10, 0, 1, 1, 1, 68, 8, 9, 0, 0, 0, 0, 9});
}

/// A socket that wants router alerts of a protocol.
struct AlertSocket {
    ip_ra_chain ra = {};
    static inline std::vector<u32> got = {};

    AlertSocket(u32 number, u8 protocol, u32 device) {
        ra = {nullptr, reinterpret_cast<sock*>(u64{number}), protocol, device, [](ip_ra_chain* self, sk_buff* skb) {
                  got.push_back(static_cast<u32>(reinterpret_cast<u64>(self->sk)));
                  kfree_skb_reason(skb, Fate::delivered);
              }};
        EXPECT_EQ(ip_ra_add(&ra), 0);
    }
    ~AlertSocket() { ip_ra_del(&ra); }
};

class RouterAlert : public OptionsRouter {
  protected:
    void SetUp() override {
        OptionsRouter::SetUp();
        AlertSocket::got.clear();
    }
    const Bytes alert_ = {148, 4, 0, 0};
};

TEST_F(RouterAlert, WithoutASocketThePacketGoesItsWay) { expect_options(alert_, alert_); }

TEST_F(RouterAlert, GoesToEachSocketOfItsProtocolAndDevice) {
    const AlertSocket all(1, 253, 0), here(2, 253, kEth0), there(3, 253, kEth1), other(4, 252, 0);
    EXPECT_EQ(through({.options = alert_}), Bytes{});
    EXPECT_EQ(AlertSocket::got, (std::vector<u32>{1, 2}));
}

TEST_F(RouterAlert, WithAnotherValueIsNone) {
    const AlertSocket all(1, 253, 0);
    expect_options({148, 4, 0, 1}, {148, 4, 0, 1});
    EXPECT_TRUE(AlertSocket::got.empty());
}

TEST_F(RouterAlert, IsAskedForOnceByASocket) {
    AlertSocket first(1, 253, 0);
    ip_ra_chain again = first.ra;
    EXPECT_EQ(ip_ra_add(&again), -err::exist);
    EXPECT_EQ(ip_ra_del(&again), -err::noent);
}

}  // namespace
}  // namespace fw::test
