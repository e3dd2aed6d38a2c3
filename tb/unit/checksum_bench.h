// SPDX-License-Identifier: Apache-2.0
// The checksum accelerator under test: packets as beats, and the ports that take them.
#pragma once
#include <Vchecksum_accelerator.h>

#include <vector>

#include "tb/unit/bench.h"

namespace turnpike::tb {

struct Beat {
    std::uint8_t bytes[64];
    std::uint64_t keep;
    bool last;
    bool error;
    std::uint16_t start;
    std::uint16_t seed;
    bool udp = false;
};

/// `packet` as beats, its first byte in lane `lane`; lanes outside it hold noise.
inline std::vector<Beat> beats_of(const std::vector<std::uint8_t>& packet, unsigned lane, std::uint16_t seed,
                                  Random& random) {
    const std::size_t end = lane + packet.size();
    std::vector<Beat> beats(end == 0 ? 1 : (end + 63) / 64);
    for (std::size_t n = 0; n < beats.size(); ++n) {
        Beat& beat = beats[n];
        beat.keep = 0;
        for (std::size_t b = 0; b < 64; ++b) {
            const std::size_t at = n * 64 + b;
            const bool inside = at >= lane && at < end;
            beat.bytes[b] = inside ? packet[at - lane] : static_cast<std::uint8_t>(random.word());
            if (inside) beat.keep |= 1ULL << b;
        }
        beat.last = n + 1 == beats.size();
        beat.error = false;
        beat.start = static_cast<std::uint16_t>(lane);
        beat.seed = seed;
    }
    return beats;
}

inline std::vector<std::uint8_t> random_packet(Random& random, std::size_t length) {
    std::vector<std::uint8_t> packet(length);
    // All-ones and all-zero stretches find the carries and both zeroes of ones-complement arithmetic.
    const unsigned kind = random.below(4);
    for (std::uint8_t& byte : packet) {
        byte = kind == 0 ? 0xFF : kind == 1 ? 0x00 : static_cast<std::uint8_t>(random.word());
    }
    return packet;
}

class ChecksumBench : public Bench<Vchecksum_accelerator> {
  public:
    void offer(const Beat& beat) {
        ports.valid_i = 1;
        for (unsigned n = 0; n < 16; ++n) {
            ports.data_i[n] = beat.bytes[4 * n] | beat.bytes[4 * n + 1] << 8 | beat.bytes[4 * n + 2] << 16 |
                              static_cast<std::uint32_t>(beat.bytes[4 * n + 3]) << 24;
        }
        ports.keep_i = beat.keep;
        ports.last_i = beat.last;
        ports.error_i = beat.error;
        ports.start_i = beat.start;
        ports.udp_i = beat.udp;
        ports.seed_i = beat.seed;
    }
    std::uint16_t sum(const std::vector<Beat>& beats) {
        ports.ready_i = 1;
        for (const Beat& beat : beats) {
            offer(beat);
            clock();
        }
        ports.valid_i = 0;
        while (!ports.valid_o) clock();
        const std::uint16_t result = ports.sum_o;
        clock();
        return result;
    }
};

}  // namespace turnpike::tb
