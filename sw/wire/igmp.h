// SPDX-License-Identifier: Apache-2.0
// IGMP messages (RFC 1112 appendix I, RFC 2236 2, RFC 3376 4).
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"

namespace fw::wire {

inline constexpr unsigned kIgmpHeaderBytes = 8, kIgmpv3QueryBytes = 12, kIgmpv3RecordBytes = 8;

enum IgmpType : std::uint8_t {
    IGMP_HOST_MEMBERSHIP_QUERY = 0x11,
    IGMP_HOST_MEMBERSHIP_REPORT = 0x12,
    IGMPV2_HOST_MEMBERSHIP_REPORT = 0x16,
    IGMP_HOST_LEAVE_MESSAGE = 0x17,
    IGMPV3_HOST_MEMBERSHIP_REPORT = 0x22,
};

/// Types of a group record, RFC 3376 4.2.12.
enum Igmpv3Record : std::uint8_t {
    IGMPV3_MODE_IS_EXCLUDE = 2,
    IGMPV3_CHANGE_TO_INCLUDE = 3,
    IGMPV3_CHANGE_TO_EXCLUDE = 4,
};

/// A number of RFC 3376 4.1.1 and 4.1.7: from 128 on a mantissa and an exponent.
constexpr std::uint32_t igmpv3_exp(std::uint8_t code) {
    return code < 0x80 ? code : ((code & 0xFU) | 0x10U) << (((code >> 4) & 7U) + 3);
}

class Igmp {
  public:
    explicit Igmp(std::uint8_t* header) : at_(header) {}

    std::uint8_t type() const { return at_[0]; }
    std::uint8_t code() const { return at_[1]; }  ///< time to answer in, 1/10 s
    std::uint32_t group() const { return get32(at_ + 4); }
    // Of a query of version 3.
    std::uint8_t qrv() const { return at_[8] & 7; }
    std::uint8_t qqic() const { return at_[9]; }
    std::uint16_t sources() const { return get16(at_ + 10); }

    void set_type(std::uint8_t value) { at_[0] = value; }
    void set_check(std::uint16_t value) { store16(at_ + 2, value); }  ///< byte order of memory
    void set_group(std::uint32_t value) { put32(at_ + 4, value); }
    void set_records(std::uint16_t count) { put16(at_ + 6, count); }  ///< of a report of version 3

  private:
    std::uint8_t* at_;
};

}  // namespace fw::wire
