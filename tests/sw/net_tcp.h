// SPDX-License-Identifier: Apache-2.0
// A TCP peer by hand: makes segments and reads what the router answers (RFC 9293).
#pragma once
#include "sw/wire/tcp.h"
#include "tests/sw/net_socket.h"

namespace fw::test {

inline constexpr u8 FIN = wire::TCP_FIN, SYN = wire::TCP_SYN, RST = wire::TCP_RST, PSH = wire::TCP_PSH,
                    ACK = wire::TCP_ACK;

struct Segment {
    u8 flags = 0;
    u32 seq = 0;
    u32 ack = 0;
    u16 window = 0;
    Bytes options;
    Bytes data;
};

inline constexpr u16 kPeerPort = 4000, kServicePort = 7;
inline constexpr u32 kPeerIss = 1000;

class TcpPeer : public Sockets {
  protected:
    /// The service runs in a program of its own.
    static void start(u8 program) {
        static user::Arguments arguments;
        arguments = {};
        arguments.program = program;
        arguments.protocol = wire::IPPROTO_TCP;
        arguments.port = kServicePort;
        native::run_program([] { user::local_program(&arguments); });
    }

    static void send(const Segment& segment, u16 port = kPeerPort, bool spoil = false) {
        Header header;
        header.destination = kRouter;
        header.protocol = wire::IPPROTO_TCP;
        Bytes bytes(20);
        wire::put16(&bytes[0], port);
        wire::put16(&bytes[2], kServicePort);
        wire::put32(&bytes[4], segment.seq);
        wire::put32(&bytes[8], segment.ack);
        bytes[12] = static_cast<u8>((20 + segment.options.size()) / 4 << 4);
        bytes[13] = segment.flags;
        wire::put16(&bytes[14], segment.window);
        bytes.insert(bytes.end(), segment.options.begin(), segment.options.end());
        bytes.insert(bytes.end(), segment.data.begin(), segment.data.end());
        wire::put16(&bytes[16], static_cast<u16>(transport_checksum(header, bytes) ^ (spoil ? 1 : 0)));
        arrives(header, bytes);
    }

    /// What the router has sent since the last look; each with a right checksum.
    static std::vector<Segment> answers() {
        std::vector<Segment> all;
        for (Bytes& packet : packets_sent()) {
            EXPECT_EQ(packet[9], wire::IPPROTO_TCP);
            Header header;
            header.source = wire::get32(&packet[12]);
            header.destination = wire::get32(&packet[16]);
            header.protocol = wire::IPPROTO_TCP;
            Bytes bytes(packet.begin() + 20, packet.begin() + wire::get16(&packet[2]));
            EXPECT_EQ(transport_checksum(header, bytes), 0);
            const wire::Tcp tcp(bytes.data());
            EXPECT_EQ(tcp.source(), kServicePort);
            const auto head = static_cast<std::ptrdiff_t>(tcp.header_bytes());
            all.push_back({tcp.flags(), tcp.seq(), tcp.ack_seq(), tcp.window(),
                           Bytes(bytes.begin() + 20, bytes.begin() + head), Bytes(bytes.begin() + head, bytes.end())});
        }
        return all;
    }
    static Segment answer() {
        const auto all = answers();
        EXPECT_EQ(all.size(), 1u);
        return all.empty() ? Segment{} : all.back();
    }

    /// The handshake; `iss` is the router's first number.
    void open(u16 window = 20000, u16 mss = 1000) {
        send({SYN, kPeerIss, 0, window, {2, 4, static_cast<u8>(mss >> 8), static_cast<u8>(mss)}, {}});
        const Segment synack = answer();
        EXPECT_EQ(synack.flags, SYN | ACK);
        EXPECT_EQ(synack.ack, kPeerIss + 1);
        iss = synack.seq;
        send({ACK, kPeerIss + 1, iss + 1, window, {}, {}});
        EXPECT_TRUE(answers().empty());
    }
    Segment data(u32 offset, const Bytes& bytes, u32 acked = 0, u16 window = 20000) const {
        return {PSH | ACK, kPeerIss + 1 + offset, iss + 1 + acked, window, {}, bytes};
    }

    u32 iss = 0;
};

}  // namespace fw::test
