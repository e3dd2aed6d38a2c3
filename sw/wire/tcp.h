// SPDX-License-Identifier: Apache-2.0
// TCP header (RFC 9293 3.1). A view: whoever makes one has proved that the header's bytes are there.
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"

namespace fw::wire {

inline constexpr unsigned kTcpHeaderBytes = 20;
inline constexpr unsigned kTcpMssOptionBytes = 4;
inline constexpr unsigned kTcpMd5OptionBytes = 18;  ///< RFC 2385
inline constexpr std::uint8_t TCPOPT_EOL = 0, TCPOPT_NOP = 1, TCPOPT_MSS = 2, TCPOPT_MD5SIG = 19, TCPOPT_AO = 29;
inline constexpr std::uint8_t TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10;

class Tcp {
  public:
    explicit Tcp(std::uint8_t* header) : at_(header) {}

    std::uint16_t source() const { return get16(at_); }
    std::uint16_t dest() const { return get16(at_ + 2); }
    std::uint32_t seq() const { return get32(at_ + 4); }
    std::uint32_t ack_seq() const { return get32(at_ + 8); }
    unsigned header_bytes() const { return (at_[12] >> 4) * 4U; }
    std::uint8_t flags() const { return at_[13]; }
    bool has(std::uint8_t flag) const { return (at_[13] & flag) != 0; }
    std::uint16_t window() const { return get16(at_ + 14); }
    std::uint8_t* bytes() const { return at_; }
    std::uint8_t* options() const { return at_ + kTcpHeaderBytes; }

    void set_ports(std::uint16_t source, std::uint16_t dest) { put16(at_, source), put16(at_ + 2, dest); }
    void set_seq(std::uint32_t value) { put32(at_ + 4, value); }
    void set_ack_seq(std::uint32_t value) { put32(at_ + 8, value); }
    void set_header_bytes(unsigned bytes) { at_[12] = static_cast<std::uint8_t>(bytes / 4 << 4); }
    void set_flags(std::uint8_t value) { at_[13] = value; }
    void set_window(std::uint16_t value) { put16(at_ + 14, value); }
    void set_check(std::uint16_t value) {
        store16(at_ + 16, value);
    }  ///< byte order of memory, as RFC 1071 sums want it

  private:
    std::uint8_t* at_;
};

/// Order of sequence numbers, which wrap (RFC 9293 3.4).
constexpr bool tcp_before(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }
constexpr bool tcp_after(std::uint32_t a, std::uint32_t b) { return tcp_before(b, a); }

}  // namespace fw::wire
