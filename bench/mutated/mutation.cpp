// SPDX-License-Identifier: Apache-2.0
#include "bench/mutated/mutation.h"

#include <algorithm>

#include "cli/diff/checksum.h"

namespace turnpike::mutated {

namespace {

using diff::be16;
using diff::kEthernetHeader;
using diff::put16;

constexpr std::size_t kIp = kEthernetHeader, kLeastIpHeader = 20;
constexpr std::uint8_t kIgmp = 2;

bool has_ip_header(const Bytes& frame) {
    return frame.size() >= kIp + kLeastIpHeader && diff::ether_type(frame) == diff::kEtherIpv4;
}

void flip_bits(Bytes& frame, Random& random) {
    for (std::uint64_t n = 1 + random.below(8); n > 0; --n)
        frame[random.below(frame.size())] ^= static_cast<std::uint8_t>(1U << random.below(8));
}

/// Values at which limits lie.
void set_word(Bytes& frame, std::size_t at, Random& random) {
    constexpr std::uint16_t kEdges[] = {0,  1,   7,    8,    19,     20,     21,     60,
                                        68, 576, 1480, 1500, 0x1FFF, 0x2000, 0x7FFF, 0xFFFF};
    if (at + 2 <= frame.size())
        put16(frame, at,
              random.one_in(3) ? static_cast<std::uint16_t>(random.next()) : kEdges[random.below(std::size(kEdges))]);
}

void set_ip_field(Bytes& frame, Random& random) {
    if (!has_ip_header(frame)) return;
    switch (random.below(7)) {
        case 0:  // version and header length
            frame[kIp] = random.one_in(4) ? random.byte() : static_cast<std::uint8_t>(0x40 | random.below(16));
            break;
        case 1:  // TOS
            frame[kIp + 1] = random.byte();
            break;
        case 2:  // total length
            set_word(frame, kIp + 2, random);
            break;
        case 3:  // flags and fragment offset
            set_word(frame, kIp + 6, random);
            break;
        case 4:  // TTL
            frame[kIp + 8] = static_cast<std::uint8_t>(random.below(4));
            break;
        case 5: {  // protocol
            constexpr std::uint8_t kProtocols[] = {1, 2, 6, 17, 253, 255};
            frame[kIp + 9] = kProtocols[random.below(std::size(kProtocols))];
            break;
        }
        default:  // one byte of an address
            frame[kIp + 12 + random.below(8)] = random.byte();
    }
}

/// Options in front of what follows the header: of the known types with any length and pointer, or anything.
void insert_options(Bytes& frame, Random& random) {
    if (!has_ip_header(frame)) return;
    constexpr std::uint8_t kTypes[] = {0, 1, 7, 68, 131, 137, 148, 130};
    Bytes options(4 * (1 + random.below(10)));
    for (std::uint8_t& byte : options) byte = random.one_in(3) ? random.byte() : std::uint8_t{0};
    options[0] = kTypes[random.below(std::size(kTypes))];
    options[1] = static_cast<std::uint8_t>(random.one_in(3) ? random.below(44) : options.size() - random.below(2));
    options[2] = static_cast<std::uint8_t>(random.one_in(3) ? random.byte() : 4 + 4 * random.below(3));
    frame.insert(frame.begin() + kIp + kLeastIpHeader, options.begin(), options.end());
    frame[kIp] = static_cast<std::uint8_t>(0x40 | (kLeastIpHeader + options.size()) / 4);
}

void cross_over(Bytes& frame, const Bytes& other, Random& random) {
    const std::size_t at = random.below(std::min(frame.size(), other.size()));
    if (random.one_in(2)) {
        frame.resize(at);
        frame.insert(frame.end(), other.begin() + static_cast<std::ptrdiff_t>(at), other.end());
    } else {
        const std::size_t bytes = random.below(std::min(frame.size(), other.size()) - at) + 1;
        std::copy_n(other.begin() + static_cast<std::ptrdiff_t>(at), bytes,
                    frame.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

void repeat_part(Bytes& frame, Random& random) {
    const std::size_t at = random.below(frame.size());
    const Bytes part(frame.begin() + static_cast<std::ptrdiff_t>(at),
                     frame.begin() + static_cast<std::ptrdiff_t>(at + random.below(frame.size() - at)));
    frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(at), part.begin(), part.end());
}

void lengthen(Bytes& frame, Random& random) {
    const std::size_t bytes = frame.size() + random.below(random.one_in(4) ? kLongestFrame : 64);
    while (frame.size() < bytes) frame.push_back(random.byte());
}

void change_link_header(Bytes& frame, Random& random) {
    if (frame.size() < kEthernetHeader) return;
    constexpr std::uint16_t kTypes[] = {0x0800, 0x0806, 0x8100, 0x86DD, 0x0000, 0x05DC};
    if (random.one_in(2)) {
        put16(frame, 12, kTypes[random.below(std::size(kTypes))]);
    } else {
        frame[random.below(12)] ^= static_cast<std::uint8_t>(1U << random.below(8));
    }
}

void change_once(Bytes& frame, const Bytes& other, Random& random) {
    switch (random.below(12)) {
        case 0:
        case 1:
            return flip_bits(frame, random);
        case 2:
            frame[random.below(frame.size())] = random.byte();
            return;
        case 3:
            return set_word(frame, random.below(frame.size()), random);
        case 4:
        case 5:
        case 6:
            return set_ip_field(frame, random);
        case 7:
            return insert_options(frame, random);
        case 8:
            return frame.resize(1 + random.below(frame.size()));
        case 9:
            return random.one_in(2) ? lengthen(frame, random) : repeat_part(frame, random);
        case 10:
            return cross_over(frame, other, random);
        default:
            return change_link_header(frame, random);
    }
}

}  // namespace

void mutate(Bytes& frame, const Bytes& other, Random& random) {
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
        change_once(frame, other, random);
        frame.resize(std::min(frame.size(), kLongestFrame));
    }
}

void mend_ip(Bytes& frame) {
    if (!has_ip_header(frame)) return;
    const std::size_t bytes = frame.size() - kIp;
    const std::size_t header = std::clamp<std::size_t>((frame[kIp] & 15) * 4U, kLeastIpHeader, bytes / 4 * 4);
    frame[kIp] = static_cast<std::uint8_t>(0x40 | header / 4);
    if (be16(frame, kIp + 2) > bytes || be16(frame, kIp + 2) < header)
        put16(frame, kIp + 2, static_cast<std::uint16_t>(bytes));
    diff::make_ip_checksum(frame);
}

void mend_transport(Bytes& frame) {
    const auto ip = diff::ipv4_view(frame);
    if (!ip || ip->fragment) return;
    if (ip->protocol == diff::kIcmp || ip->protocol == kIgmp) {
        if (ip->payload() + 4 <= ip->packet_end) diff::make_icmp_checksum(frame, *ip);
        return;
    }
    const auto at = diff::transport_checksum_at(frame, *ip);
    if (!at || *at + 2 > ip->packet_end) return;
    put16(frame, *at, 0);
    // RFC 768, RFC 9293 3.1: addresses, protocol and length count.
    std::uint32_t pseudo = ip->protocol + static_cast<std::uint32_t>(ip->packet_end - ip->payload());
    for (std::size_t word = diff::kIpSource; word < diff::kIpSource + 8; word += 2) pseudo += be16(frame, word);
    const auto message = diff::Bytes(frame).subspan(ip->payload(), ip->packet_end - ip->payload());
    put16(frame, *at, diff::internet_checksum(message, pseudo));
}

std::vector<Bytes> fragments(const Bytes& frame, Random& random) {
    constexpr std::uint16_t kMore = 0x2000, kUnit = 8;
    std::vector<Bytes> pieces;
    const auto ip = diff::ipv4_view(frame);
    if (!ip || ip->fragment || ip->payload() + kUnit >= ip->packet_end) return pieces;
    const std::size_t length = ip->packet_end - ip->payload();
    const std::size_t step = kUnit * (1 + random.below(length / kUnit));
    for (std::size_t at = 0; at < length; at += step) {
        if (random.one_in(16)) continue;
        const std::size_t from = random.one_in(12) && at >= kUnit ? at - kUnit : at;
        const std::size_t end = std::min(from + step, length);
        Bytes piece(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(ip->payload()));
        piece.insert(piece.end(), frame.begin() + static_cast<std::ptrdiff_t>(ip->payload() + from),
                     frame.begin() + static_cast<std::ptrdiff_t>(ip->payload() + end));
        put16(piece, diff::kIpFragment, static_cast<std::uint16_t>(from / kUnit | (end < length ? kMore : 0)));
        put16(piece, kIp + 2, static_cast<std::uint16_t>(piece.size() - kIp));
        diff::make_ip_checksum(piece);
        if (random.one_in(16)) pieces.push_back(piece);
        pieces.push_back(std::move(piece));
    }
    for (std::size_t n = pieces.size(); n > 1 && random.one_in(2); --n)
        std::swap(pieces[n - 1], pieces[random.below(n)]);
    return pieces;
}

}  // namespace turnpike::mutated
