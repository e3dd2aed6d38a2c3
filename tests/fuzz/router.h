// SPDX-License-Identifier: Apache-2.0
// The whole stack between three ports, with programs on it, fed from a fuzzer's bytes. It is booted once; each input
// begins with its configuration anew (settings.h) and ends when everything that waits has ended: then no packet may be
// left over.
#pragma once
#include <algorithm>
#include <vector>

#include "sw/hal/hal.h"

namespace fw::fuzz {

using Bytes = std::vector<u8>;

inline constexpr u32 kPorts = 3;
inline constexpr u32 kMostPacket = 1500;

/// The fuzzer's bytes, taken one after the other; zeros when they have run out.
class Feed {
  public:
    Feed(const u8* data, std::size_t size) : at_(data), end_(data + size) {}
    bool done() const { return at_ == end_; }
    u8 take() { return done() ? u8{0} : *at_++; }
    u16 take16() {
        const u8 high = take();
        return static_cast<u16>(high << 8 | take());
    }
    u32 take32() {
        const u32 high = take16();
        return high << 16 | take16();
    }
    Bytes take(std::size_t bytes) {
        bytes = std::min(bytes, static_cast<std::size_t>(end_ - at_));
        Bytes out(at_, at_ + bytes);
        at_ += bytes;
        return out;
    }

  private:
    const u8* at_;
    const u8* end_;
};

/// To what link address a frame goes.
enum class To : u8 { port, broadcast, group, other_host };

/// A frame arrives at the port.
void receive(u32 port, u16 ethertype, To to, const Bytes& payload);

/// What comes between two frames: bits 0 and 1 let time pass (none, 1 ms, a retry, the reassembly timer), the others
/// make a change of the configuration.
void happen(u8 what);

/// A header without options in front of `payload`, to one of the addresses that lead to different places.
Bytes ip_packet(u8 protocol, u8 where, u16 frag_off, u16 id, const Bytes& payload);
/// Total length and checksum of a packet whose header has its length.
void fix_ip(Bytes& packet);
/// The checksum of an ICMP, IGMP, UDP or TCP message, if the packet is one in one piece.
void fix_transport(Bytes& packet);
/// Makes a TCP segment the answer to what the router sent last by TCP: addresses, ports, sequence numbers.
void answer_tcp(Bytes& packet);

/// The configuration as `settings` (a bit for each of settings.h) says.
void begin(u32 settings);
/// Lets everything end; a packet left over is a crash.
void finish();

/// Calls `one(feed)` until the input has run out.
template <typename One>
int run(const u8* data, std::size_t size, One one) {
    constexpr std::size_t kMostInput = 4096;
    if (size > kMostInput) return 0;
    Feed feed(data, size);
    begin(feed.take32());
    while (!feed.done()) one(feed);
    finish();
    return 0;
}

}  // namespace fw::fuzz
