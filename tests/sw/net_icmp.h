// SPDX-License-Identifier: Apache-2.0
// ICMP messages as RFC 792 draws them, for comparison with what the router sends.
#pragma once
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/icmp.h"
#include "tests/sw/net_router.h"

namespace fw::test {

/// Type, code, checksum, second word, data.
inline Bytes icmp_message(u8 type, u8 code, u32 rest, const Bytes& data) {
    Bytes message(8 + data.size());
    message[0] = type;
    message[1] = code;
    wire::put32(&message[4], rest);
    std::copy(data.begin(), data.end(), message.begin() + 8);
    wire::put16(&message[2], internet_checksum(message.data(), message.size()));
    return message;
}

class IcmpRouter : public Router {
  protected:
    static constexpr u32 kHost = ip4(10, 0, 0, 2), kFar = ip4(10, 0, 1, 2), kOwn = ip4(10, 0, 0, 1),
                         kOwnFar = ip4(10, 0, 1, 1);

    void SetUp() override {
        Router::SetUp();
        configure();
    }

    /// The only frame that left, without its link header.
    static Bytes answer(u32 ifindex = kEth0) {
        EXPECT_EQ(sent().size(), 1U);
        if (sent().size() != 1U || sent()[0].frame.size() < wire::kEthHeaderBytes) return {};
        EXPECT_EQ(sent()[0].ifindex, ifindex);
        Bytes frame = sent()[0].frame;
        frame.erase(frame.begin(), frame.begin() + wire::kEthHeaderBytes);
        return frame;
    }
    /// The packet with the identification of `from`, which is the router's to choose.
    static Bytes with_id_of(Bytes packet, const Bytes& from) {
        if (from.size() < 20) return packet;
        packet[4] = from[4];
        packet[5] = from[5];
        checksum_header(packet);
        return packet;
    }
    /// The router's answer is this message in a packet with this header.
    static void expect_answer(Header header, const Bytes& message, u32 ifindex = kEth0) {
        header.protocol = 1;
        const Bytes got = answer(ifindex);
        EXPECT_EQ(got, with_id_of(ip_packet(header, message), got));
    }
    /// An error to kHost about `packet`, from the router's near address.
    static void expect_error(u8 type, u8 code, const Bytes& packet, u32 rest = 0, u8 tos = 0xC0) {
        Header header;
        header.source = kOwn, header.destination = kHost, header.tos = tos;
        expect_answer(header, icmp_message(type, code, rest, packet));
    }
    static u64 icmp_out(u8 type) { return turnpike_counters.cpu[0].icmp_msg[1][type]; }
    static u64 icmp_in(u8 type) { return turnpike_counters.cpu[0].icmp_msg[0][type]; }
};

}  // namespace fw::test
