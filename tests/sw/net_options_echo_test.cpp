// SPDX-License-Identifier: Apache-2.0
// Options of answers (RFC 1122 3.2.2.6) and of this host's own packets, as Linux 6.18 makes them.
#include "tests/sw/net_ip_options.h"

namespace fw::test {
namespace {

class Echo : public OptionsRouter {
  protected:
    /// Options of an answer to a packet to this host with these; empty where none can be made.
    static Bytes echo(const Bytes& options) {
        static int result;
        static const nf_hook_ops probe = {[](void*, sk_buff* skb, const nf_hook_state*) {
                                              result = ip_options_echo(&reply_, skb, &IPCB(skb)->opt);
                                              return NF_ACCEPT;
                                          },
                                          nullptr, NF_INET_LOCAL_IN, 0};
        result = 1;
        nf_register_hook(&probe);
        receive_ip(kEth0, ip_packet({.destination = ip4(10, 0, 0, 1), .options = options}, {}));
        nf_unregister_hook(&probe);
        EXPECT_EQ(result, 0);
        return Bytes(reply_.data, reply_.data + reply_.opt.optlen);
    }
    static u32 first_hop() { return reply_.opt.faddr; }

  private:
    static inline ip_options_data reply_ = {};
};

TEST_F(Echo, OfNoOptionsIsNone) { EXPECT_EQ(echo({}), Bytes{}); }

TEST_F(Echo, OfARecordRouteKeepsTheHopsAndAPlaceForUs) {
    EXPECT_EQ(echo({7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0}), (Bytes{7, 11, 12, 10, 0, 0, 1, 0, 0, 0, 0, 0}));
}

TEST_F(Echo, OfAFullRecordRouteIsTheSame) {
    EXPECT_EQ(echo({7, 7, 4, 0, 0, 0, 0, 0}), (Bytes{7, 7, 8, 10, 0, 0, 1, 0}));
}

TEST_F(Echo, OfATimestampGoesOnWithIt) {
    set_time_ms(2);
    EXPECT_EQ(echo({68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0}), (Bytes{68, 12, 13, 0, 0, 0, 0, 2, 0, 0, 0, 0}));
    EXPECT_EQ(echo({68, 20, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
              (Bytes{68, 20, 21, 1, 10, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST_F(Echo, OfPrespecifiedTimesStopsAtAnotherHosts) {
    set_time_ms(2);
    EXPECT_EQ(echo({68, 20, 5, 3, 10, 0, 0, 1, 0, 0, 0, 0, 10, 0, 0, 9, 0, 0, 0, 0}),
              (Bytes{68, 20, 13, 3, 10, 0, 0, 1, 0, 0, 0, 2, 10, 0, 0, 9, 0, 0, 0, 0}));
    EXPECT_EQ(echo({68, 20, 5, 3, 10, 0, 0, 1, 0, 0, 0, 0, 10, 0, 1, 1, 0, 0, 0, 0}),
              (Bytes{68, 20, 21, 3, 10, 0, 0, 1, 0, 0, 0, 2, 10, 0, 1, 1, 0, 0, 0, 0}));
}

TEST_F(Echo, OfASourceRouteLeadsBack) {
    sysctl_write(rc::SysctlId::accept_source_route, rc::SYSCTL_ALL, 1);
    // Came by 1.1.1.1 and 2.2.2.2: 2.2.2.2 is the first hop back, and the last place is for the destination.
    EXPECT_EQ(echo({131, 11, 12, 1, 1, 1, 1, 2, 2, 2, 2, 0}), (Bytes{131, 11, 4, 1, 1, 1, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(first_hop(), ip4(2, 2, 2, 2));
    // RFC 1812 5.2.4.1: where the list begins with the source itself, that is no hop.
    EXPECT_EQ(echo({137, 11, 12, 10, 0, 0, 2, 2, 2, 2, 2, 0}), (Bytes{137, 7, 4, 10, 0, 0, 2, 0}));
    EXPECT_EQ(first_hop(), ip4(2, 2, 2, 2));
}

TEST_F(Echo, OfOtherOptionsIsNone) { EXPECT_EQ(echo({148, 4, 0, 0, 0x9E, 4, 1, 2}), Bytes{}); }

/// A packet of this host with options, to 10.0.1.2 or by a first hop.
class OwnOptions : public OptionsRouter {
  protected:
    static Bytes build(const Bytes& options) {
        ip_options_data data;
        EXPECT_EQ(ip_options_get(&data, options.data(), static_cast<unsigned>(options.size())), 0);
        sk_buff* skb = alloc_skb();
        const Bytes header = ip_packet({.source = ip4(10, 0, 1, 1), .options = Bytes(data.opt.optlen)}, {});
        std::memcpy(skb_put(skb, static_cast<u32>(header.size())), header.data(), header.size());
        skb->network_header = skb_headroom(skb);
        ip_options_build(skb, &data, ip4(10, 0, 1, 2));
        Bytes built(skb->data + 20, skb->data + skb->len);
        consume_skb(skb);
        return built;
    }
    static Bytes get_and_undo(const Bytes& options) {
        ip_options_data data;
        EXPECT_EQ(ip_options_get(&data, options.data(), static_cast<unsigned>(options.size())), 0);
        ip_options_undo(&data);
        return Bytes(data.data, data.data + data.opt.optlen);
    }
    static int get(const Bytes& options) {
        ip_options_data data;
        return ip_options_get(&data, options.data(), static_cast<unsigned>(options.size()));
    }
};

TEST_F(OwnOptions, GetOurAddressAndTheTimeWhenThePacketIsBuilt) {
    set_time_ms(6);
    EXPECT_EQ(build({7, 7, 4, 0, 0, 0, 0}), (Bytes{7, 7, 8, 10, 0, 1, 1, 0}));
    EXPECT_EQ(build({68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0}), (Bytes{68, 12, 13, 1, 10, 0, 1, 1, 0, 0, 0, 6}));
    EXPECT_EQ(build({68, 8, 5, 0, 0, 0, 0, 0}), (Bytes{68, 8, 9, 0, 0, 0, 0, 6}));
}

TEST_F(OwnOptions, ASourceRouteEndsWithTheDestination) {
    EXPECT_EQ(build({131, 11, 4, 1, 1, 1, 1, 2, 2, 2, 2}), (Bytes{131, 11, 4, 2, 2, 2, 2, 10, 0, 1, 2, 0}));
}

TEST_F(OwnOptions, AreToldToTheProgramAsItSetThem) {
    for (const Bytes& options : {Bytes{131, 11, 4, 1, 1, 1, 1, 2, 2, 2, 2, 0}, Bytes{7, 7, 4, 0, 0, 0, 0, 0},
                                 Bytes{68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0}, Bytes{68, 8, 5, 0, 0, 0, 0, 0},
                                 Bytes{68, 12, 5, 3, 10, 0, 0, 1, 0, 0, 0, 0}}) {
        EXPECT_EQ(get_and_undo(options), options);
    }
}

TEST_F(OwnOptions, ThatAreBadAreRefused) {
    EXPECT_EQ(get({131, 11, 8, 1, 1, 1, 1, 2, 2, 2, 2}), -err::inval);
    EXPECT_EQ(get({131, 8, 4, 1, 1, 1, 1, 2}), -err::inval);
    EXPECT_EQ(get({131, 3, 4}), -err::inval);
    EXPECT_EQ(get({7, 2, 4}), -err::inval);
    EXPECT_EQ(get(Bytes(41, 1)), -err::inval);
}

}  // namespace
}  // namespace fw::test
