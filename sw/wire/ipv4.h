// SPDX-License-Identifier: Apache-2.0
// IPv4 header (RFC 791 3.1). A view: whoever makes one has proved that the header's bytes are there.
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"

namespace fw::wire {

inline constexpr unsigned kIpv4HeaderBytes = 20;
inline constexpr unsigned kIpv4MaxHeaderBytes = 60;

inline constexpr std::uint16_t IP_CE = 0x8000;  ///< reserved flag
inline constexpr std::uint16_t IP_DF = 0x4000;
inline constexpr std::uint16_t IP_MF = 0x2000;
inline constexpr std::uint16_t IP_OFFSET = 0x1FFF;  ///< in units of 8 bytes

enum IpProtocol : std::uint8_t {
    IPPROTO_ICMP = 1,
    IPPROTO_IGMP = 2,
    IPPROTO_TCP = 6,
    IPPROTO_UDP = 17,
    IPPROTO_PIM = 103,
    IPPROTO_UDPLITE = 136,
};

/// Addresses as numbers: 10.0.0.1 is 0x0A000001.
constexpr bool ipv4_is_multicast(std::uint32_t address) { return (address >> 28) == 0xE; }
constexpr bool ipv4_is_local_multicast(std::uint32_t address) { return (address >> 8) == 0xE00000; }
constexpr bool ipv4_is_lbcast(std::uint32_t address) { return address == 0xFFFFFFFF; }
constexpr bool ipv4_is_zeronet(std::uint32_t address) { return address == 0; }
constexpr bool ipv4_is_loopback(std::uint32_t address) { return (address >> 24) == 127; }
inline constexpr std::uint32_t INADDR_ALLHOSTS_GROUP = 0xE0000001;

class Ipv4 {
  public:
    explicit Ipv4(std::uint8_t* header) : at_(header) {}

    unsigned version() const { return at_[0] >> 4; }
    unsigned ihl() const { return at_[0] & 0xF; }
    unsigned header_bytes() const { return ihl() * 4; }
    std::uint8_t tos() const { return at_[1]; }
    std::uint16_t tot_len() const { return get16(at_ + 2); }
    std::uint16_t id() const { return get16(at_ + 4); }
    std::uint16_t frag_off() const { return get16(at_ + 6); }
    std::uint8_t ttl() const { return at_[8]; }
    std::uint8_t protocol() const { return at_[9]; }
    std::uint16_t check() const { return load16(at_ + 10); }  ///< byte order of memory, as RFC 1071 sums want it
    std::uint32_t saddr() const { return get32(at_ + 12); }
    std::uint32_t daddr() const { return get32(at_ + 16); }
    std::uint8_t* options() const { return at_ + kIpv4HeaderBytes; }
    unsigned option_bytes() const { return header_bytes() - kIpv4HeaderBytes; }
    bool is_fragment() const { return (frag_off() & (IP_MF | IP_OFFSET)) != 0; }

    void set_version_ihl(unsigned words) { at_[0] = static_cast<std::uint8_t>(0x40 | words); }
    void set_tos(std::uint8_t value) { at_[1] = value; }
    void set_tot_len(std::uint16_t bytes) { put16(at_ + 2, bytes); }
    void set_id(std::uint16_t value) { put16(at_ + 4, value); }
    void set_frag_off(std::uint16_t value) { put16(at_ + 6, value); }
    void set_ttl(std::uint8_t value) { at_[8] = value; }
    void set_protocol(std::uint8_t value) { at_[9] = value; }
    void set_check(std::uint16_t value) { store16(at_ + 10, value); }
    void set_saddr(std::uint32_t value) { put32(at_ + 12, value); }
    void set_daddr(std::uint32_t value) { put32(at_ + 16, value); }

    std::uint8_t* bytes() const { return at_; }

  private:
    std::uint8_t* at_;
};

}  // namespace fw::wire
