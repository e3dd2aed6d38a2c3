// SPDX-License-Identifier: Apache-2.0
// Frames for the comparison's tests, put together byte by byte from RFC 791, 768 and 792.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace turnpike::diff {

using TestFrame = std::vector<std::uint8_t>;

/// UDP 10.0.0.2:`source_port` > 10.0.1.2:2222, TTL 63, with `payload` bytes of 0xAA. The checksums are not valid.
inline TestFrame udp_frame(std::uint16_t ip_id, std::uint8_t source_port = 99, unsigned payload = 30) {
    const auto total = static_cast<std::uint8_t>(20 + 8 + payload);
    const auto udp = static_cast<std::uint8_t>(8 + payload);
    const TestFrame headers{0x02,
                            0,
                            0,
                            0x0b,
                            0x01,
                            0x02,
                            0x02,
                            0,
                            0,
                            0,
                            0x01,
                            0x01,
                            0x08,
                            0x00,
                            0x45,
                            0,
                            0,
                            total,
                            static_cast<std::uint8_t>(ip_id >> 8),
                            static_cast<std::uint8_t>(ip_id),
                            0,
                            0,
                            63,
                            17,
                            0x12,
                            0x34,
                            10,
                            0,
                            0,
                            2,
                            10,
                            0,
                            1,
                            2,
                            0,
                            source_port,
                            0x08,
                            0xAE,
                            0,
                            udp,
                            0x56,
                            0x78};
    TestFrame frame(headers.size() + payload, 0xAA);
    std::copy(headers.begin(), headers.end(), frame.begin());
    return frame;
}

/// Echo request 10.0.0.2 > 10.0.1.2 with the identifier; 8 bytes of ICMP, 42 bytes in all.
inline TestFrame echo_frame(std::uint8_t identifier, std::uint8_t sequence) {
    return {0x02, 0, 0,  0x0b, 0x01, 0x02,     0x02, 0, 0,    0,    0x01, 0x01,       0x08, 0x00,
            0x45, 0, 0,  28,   0,    sequence, 0,    0, 63,   1,    0x12, 0x34,       10,   0,
            0,    2, 10, 0,    1,    2,        8,    0, 0xAB, 0xCD, 0,    identifier, 0,    sequence};
}

}  // namespace turnpike::diff
