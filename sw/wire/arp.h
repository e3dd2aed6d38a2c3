// SPDX-License-Identifier: Apache-2.0
// Address resolution for IPv4 over Ethernet (RFC 826). A view: whoever makes one has proved that kArpBytes are there.
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"

namespace fw::wire {

/// Header, two link addresses of 6 bytes and two IPv4 addresses.
inline constexpr unsigned kArpBytes = 28;

inline constexpr std::uint16_t ARPHRD_ETHER = 1;
inline constexpr std::uint16_t ARPHRD_IEEE802 = 6;
inline constexpr std::uint16_t ARPOP_REQUEST = 1;
inline constexpr std::uint16_t ARPOP_REPLY = 2;

class Arp {
  public:
    explicit Arp(std::uint8_t* header) : at_(header) {}

    std::uint16_t hardware_type() const { return get16(at_); }
    std::uint16_t protocol_type() const { return get16(at_ + 2); }
    std::uint8_t hardware_bytes() const { return at_[4]; }
    std::uint8_t protocol_bytes() const { return at_[5]; }
    std::uint16_t op() const { return get16(at_ + 6); }
    std::uint8_t* sender_mac() const { return at_ + 8; }
    std::uint32_t sender_ip() const { return get32(at_ + 14); }
    std::uint8_t* target_mac() const { return at_ + 18; }
    std::uint32_t target_ip() const { return get32(at_ + 24); }

    void set_types(std::uint16_t hardware, std::uint16_t protocol) {
        put16(at_, hardware);
        put16(at_ + 2, protocol);
        at_[4] = 6;
        at_[5] = 4;
    }
    void set_op(std::uint16_t op) { put16(at_ + 6, op); }
    void set_sender_ip(std::uint32_t address) { put32(at_ + 14, address); }
    void set_target_ip(std::uint32_t address) { put32(at_ + 24, address); }

  private:
    std::uint8_t* at_;
};

}  // namespace fw::wire
