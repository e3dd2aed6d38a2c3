// SPDX-License-Identifier: Apache-2.0
// Fragments of a few datagrams in any order, of any length, overlapping or not, to the router and through it.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        constexpr u16 kMoreFragments = 0x2000, kOffset = 0x1FFF;
        constexpr u8 kProtocols[] = {17, 1, 6, 253};
        const u8 how = feed.take(), who = feed.take();
        const u16 place = feed.take16();
        const fuzz::Bytes payload(feed.take() * std::size_t{(how & 8) ? 5U : 1U}, how);
        const u16 offset = (how & 16) ? place & kOffset : place & 63;
        const u16 frag_off = static_cast<u16>(offset | ((how & 1) ? kMoreFragments : 0));
        const u16 id = static_cast<u16>(1 + (how >> 1 & 3));
        fuzz::Bytes packet = fuzz::ip_packet(kProtocols[how >> 5 & 3], who & 0x3F, frag_off, id, payload);
        packet[1] = who >> 6;  // what ECN marks (RFC 3168)
        const u8 words = (how & 0x80) ? 2 : 0;
        const u8 record_route[] = {7, 7, 4, 0, 0, 0, 0, 0};
        packet.insert(packet.begin() + 20, record_route, record_route + words * 4);
        packet[0] = static_cast<u8>(0x45 + words);
        packet.resize(std::min<std::size_t>(packet.size(), fuzz::kMostPacket));
        fuzz::fix_ip(packet);
        fuzz::receive(0, 0x0800, fuzz::To::port, packet);
        fuzz::happen(feed.take());
    });
}
