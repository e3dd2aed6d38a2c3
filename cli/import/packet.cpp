// SPDX-License-Identifier: Apache-2.0
#include "cli/import/packet.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace turnpike::import {
namespace {

constexpr std::size_t kEthernetBytes = 14, kIpBytes = 20;
constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::uint16_t kLeastEtherType = 0x0600;  // below it is a length, IEEE 802.3 3.2.6

std::string ether_type_text(std::uint16_t type) {
    // IEEE 802 numbers, as IANA lists them
    constexpr std::pair<std::uint16_t, const char*> kNames[] = {
        {0x0806, "ARP"},      {0x8035, "RARP"},         {0x86DD, "IPv6"},  {0x8100, "VLAN tag"},
        {0x88A8, "VLAN tag"}, {0x88CC, "LLDP"},         {0x8847, "MPLS"},  {0x8848, "MPLS"},
        {0x8863, "PPPoE"},    {0x8864, "PPPoE"},        {0x888E, "EAPOL"}, {0x8808, "Ethernet flow control"},
        {0x8809, "LACP"},     {0x9000, "loopback test"}};
    for (const auto& [number, name] : kNames) {
        if (number == type) return fmt::format("not IPv4: {} (ethertype 0x{:04x})", name, type);
    }
    return fmt::format("not IPv4: ethertype 0x{:04x}", type);
}

/// What ip_rcv of a router checks, but for the checksum: a sender's NIC may have filled that in after the capture.
bool is_sound(std::span<const std::uint8_t> frame) {
    const std::size_t header = (frame[kEthernetBytes] & 15u) * 4u;
    const std::size_t total = get16(frame, kEthernetBytes + 2);
    return frame[kEthernetBytes] >> 4 == 4 && header >= kIpBytes && total >= header &&
           kEthernetBytes + total <= frame.size();
}

Mac mac_at(std::span<const std::uint8_t> frame, std::size_t at) {
    Mac mac;
    std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(at), mac.size(), mac.begin());
    return mac;
}

}  // namespace

bool is_zero(const Mac& mac) { return mac == Mac{}; }
bool is_group(const Mac& mac) { return (mac[0] & 1) != 0; }

bool is_host(std::uint32_t address) {
    const std::uint32_t top = address >> 24;
    const bool multicast = address >> 28 == 0xE;
    return top != 0 && !is_loopback(address) && !multicast && address != 0xFFFFFFFF;
}

std::uint16_t get16(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t get32(std::span<const std::uint8_t> bytes, std::size_t at) {
    return std::uint32_t{get16(bytes, at)} << 16 | get16(bytes, at + 2);
}

void put16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}

void put32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
    put16(bytes, at, static_cast<std::uint16_t>(value >> 16));
    put16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

std::string exclusion(const CapturedFrame& frame, std::uint32_t mtu) {
    if (frame.bytes.size() < frame.original_bytes) return "cut off by the capture";
    if (frame.bytes.size() < kEthernetBytes) return "shorter than an Ethernet header";
    const std::uint16_t type = get16(frame.bytes, 12);
    if (type < kLeastEtherType) return "not Ethernet II: 802.3 length field";
    if (type != kEtherTypeIpv4) return ether_type_text(type);
    if (frame.bytes.size() < kEthernetBytes + kIpBytes) return "shorter than an IP header";
    if (frame.bytes.size() > kEthernetBytes + mtu) return fmt::format("larger than the MTU of {}", mtu);
    return "";
}

Packet make_packet(CapturedFrame frame) {
    Packet packet;
    packet.time_ns = frame.time_ns;
    packet.bytes = std::move(frame.bytes);
    packet.destination_mac = mac_at(packet.bytes, 0);
    packet.source_mac = mac_at(packet.bytes, 6);
    packet.sound = is_sound(packet.bytes);
    packet.source = get32(packet.bytes, kEthernetBytes + 12);
    packet.destination = get32(packet.bytes, kEthernetBytes + 16);
    return packet;
}

}  // namespace turnpike::import
