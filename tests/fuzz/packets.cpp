// SPDX-License-Identifier: Apache-2.0
// Packets that are right where the fuzzer would not get it right by chance.
#include <cstring>

#include "sw/wire/bytes.h"
#include "sw/wire/checksum.h"
#include "sw/wire/ipv4.h"
#include "tests/fuzz/router.h"

namespace fw::fuzz {

void fix_ip(Bytes& packet) {
    if (packet.size() < 20) return;
    const auto words = std::clamp<std::size_t>(packet[0] & 15, 5, packet.size() / 4);
    packet[0] = static_cast<u8>(0x40 | words);
    wire::Ipv4 ip(packet.data());
    ip.set_tot_len(static_cast<u16>(packet.size()));
    wire::ip_send_check(ip);
}

void fix_transport(Bytes& packet) {
    if (packet.size() < 20 || (wire::get16(&packet[6]) & 0x3FFF) != 0) return;
    const std::size_t header = (packet[0] & 15) * 4U;
    std::size_t place = 2;  // of the checksum, in ICMP and IGMP
    u64 sum = 0;
    switch (packet[9]) {
        case wire::IPPROTO_TCP:
        case wire::IPPROTO_UDP: {
            place = packet[9] == wire::IPPROTO_TCP ? 16 : 6;
            u8 pseudo[12] = {};  // RFC 768
            std::memcpy(pseudo, &packet[12], 8);
            pseudo[9] = packet[9];
            wire::put16(pseudo + 10, static_cast<u16>(packet.size() - header));
            sum = wire::csum_partial(pseudo, sizeof pseudo);
            break;
        }
        case wire::IPPROTO_ICMP:
        case wire::IPPROTO_IGMP:
            break;
        default:
            return;
    }
    if (packet.size() < header + place + 2) return;
    u8* at = packet.data() + header;
    wire::put16(at + place, 0);
    sum += wire::csum_partial(at, static_cast<u32>(packet.size() - header));
    const u16 check = static_cast<u16>(~wire::csum_fold(sum));
    std::memcpy(at + place, &check, sizeof check);
}

Bytes ip_packet(u8 protocol, u8 where, u16 frag_off, u16 id, const Bytes& payload) {
    constexpr u32 kTo[] = {0x0A000001,  // the router …
                           0x0A000102,  // … a neighbour that is there
                           0x0A0000FF,  // … a network's broadcast
                           0xE0000001,  // … all systems
                           0x0A000163,  // … a neighbour that never answers
                           0xC0A80101,  // … beyond the small link
                           0xFFFFFFFF, 0x7F000001,
                           0xEF010101,   // … a group that is forwarded
                           0xAC100001,   // … several next hops
                           0xC6120101,   // … unreachable
                           0xC6120201,   // … prohibited
                           0xC6120501,   // … a route with an MTU
                           0xC6120401,   // … a gateway that never answers
                           0x0A000009,   // … back to where it came from
                           0xCB007105};  // … translated
    Bytes packet(20 + payload.size());
    packet[0] = 0x45;
    wire::put16(&packet[4], id);
    wire::put16(&packet[6], frag_off);
    packet[8] = (where & 64) ? 1 : 64;
    packet[9] = protocol;
    wire::put32(&packet[12], (where & 16) ? 0x0A000102 : (where & 32) ? 0xC0A80055 : 0x0A000002);
    wire::put32(&packet[16], kTo[where & 15]);
    std::copy(payload.begin(), payload.end(), packet.begin() + 20);
    packet.resize(std::min<std::size_t>(packet.size(), kMostPacket));
    fix_ip(packet);
    return packet;
}

}  // namespace fw::fuzz
