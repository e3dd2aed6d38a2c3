// SPDX-License-Identifier: Apache-2.0
// ping (RFC 792, echo), with the words of iputils.
#include "sw/user/programs.h"
#include "sw/user/socket.h"
#include "sw/user/text.h"

namespace fw::user {

namespace {

constexpr u8 kIcmp = 1, kEchoReply = 0, kEcho = 8;
constexpr unsigned kHeader = 8, kMostData = 2048, kMostIpHeader = 60;
constexpr unsigned kRemembered = 64;  ///< requests whose time of sending is known
constexpr u64 kLinger = 1'000'000;    ///< us to wait for the last answer

struct Ping {
    const Arguments& arguments;
    int fd;
    u32 received = 0;
    u64 sent_us[kRemembered] = {};  ///< by sequence number; not in the data, so that runs of it are alike
};

/// RFC 1071, of an even number of bytes or with a zero behind them.
u16 checksum(const u8* at, u64 bytes) {
    u32 sum = 0;
    for (; bytes > 1; at += 2, bytes -= 2) sum += wire::get16(at);
    if (bytes != 0) sum += u32{*at} << 8;
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<u16>(~sum);
}

void send_request(Ping& ping, u16 sequence) {
    u8 packet[kHeader + kMostData] = {kEcho};
    const u64 bytes = kHeader + ping.arguments.bytes;
    wire::put16(packet + 4, ping.arguments.echo_id);
    wire::put16(packet + 6, sequence);
    for (u64 i = kHeader; i < bytes; ++i) packet[i] = static_cast<u8>(i - kHeader);
    ping.sent_us[sequence % kRemembered] = now_us();
    wire::put16(packet + 2, checksum(packet, bytes));
    sendto(ping.fd, packet, bytes, address(ping.arguments.remote, 0));
}

/// What has come, if it is an answer to us.
void receive_reply(Ping& ping) {
    u8 packet[kMostIpHeader + kHeader + kMostData];
    sockaddr_in from;
    const i64 bytes = recvfrom(ping.fd, packet, sizeof packet, from);
    if (bytes < 0) return;
    const unsigned header = (packet[0] & 0xF) * 4U;
    const u8* icmp = packet + header;
    if (static_cast<u64>(bytes) < header + kHeader || icmp[0] != kEchoReply) return;
    if (wire::get16(icmp + 4) != ping.arguments.echo_id) return;
    const u16 sequence = wire::get16(icmp + 6);
    ++ping.received;
    Text line;
    line << static_cast<u64>(bytes) - header << " bytes from ";
    line.address(wire::swap32(from.addr)) << ": icmp_seq=" << u64{sequence} << " ttl=" << u64{packet[8]};
    line << " time=";
    (line.milliseconds(now_us() - ping.sent_us[sequence % kRemembered]) << " ms\n").print();
}

/// Takes answers until a time, or until `enough` have come.
void listen_until(Ping& ping, u64 until, u32 enough) {
    for (u64 now = now_us(); now < until && ping.received < enough; now = now_us()) {
        pollfd wanted = {ping.fd, poll_bit::in, 0};
        if (poll(&wanted, 1, static_cast<int>((until - now + 999) / 1000)) <= 0) continue;
        if (wanted.revents & poll_bit::err) report_errors(ping.fd);
        if (wanted.revents & poll_bit::in) receive_reply(ping);
    }
}

void report(const Ping& ping) {
    Text line;
    line << u64{ping.arguments.count} << " packets transmitted, " << u64{ping.received} << " received\n";
    line.print();
}

}  // namespace

int ping(const Arguments& arguments) {
    Ping ping = {arguments, socket(SOCK_RAW, kIcmp)};
    if (ping.fd < 0 || arguments.bytes > kMostData) return 1;
    set_options(ping.fd, arguments);
    if (arguments.address != 0 && bind(ping.fd, address(arguments.address, 0)) < 0) return 1;
    for (u32 n = 0; arguments.count == 0 || n < arguments.count; ++n) {
        send_request(ping, static_cast<u16>(n + 1));
        const bool last = n + 1 == arguments.count;
        listen_until(ping, arguments.start_us + (n + u64{1}) * arguments.interval_us + (last ? kLinger : 0),
                     last ? arguments.count : ~u32{0});
    }
    report(ping);
    return ping.received == arguments.count ? 0 : 1;
}

}  // namespace fw::user
