// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <random>

#include "tests/nic/offload_check.h"
#include "tests/nic/packets.h"

namespace turnpike {
namespace {

constexpr unsigned kRing = 256, kBurst = 128;

/// Where a frame's parts are, as its maker knows.
struct Made {
    Frame frame;
    PacketSpec spec;
    std::size_t network = 0, transport = 0, end = 0;
};

/// Flags of the descriptor: IPCS, IPE, L4I, L4E.
struct Verdict {
    bool network = false, network_bad = false, transport = false, transport_bad = false;
    bool operator==(const Verdict&) const = default;
};

PacketSpec random_spec(std::mt19937_64& random) {
    const auto one_in = [&](unsigned n) { return random() % n == 0; };
    PacketSpec spec;
    if (one_in(4)) spec.tag = static_cast<std::uint16_t>(random());
    spec.v6 = one_in(4);
    spec.source = static_cast<std::uint32_t>(random());
    spec.destination = static_cast<std::uint32_t>(random());
    spec.protocol = one_in(2) ? kTcp : one_in(8) ? kIcmp : kUdp;
    spec.source_port = static_cast<std::uint16_t>(random());
    spec.destination_port = static_cast<std::uint16_t>(random());
    spec.payload = one_in(8) ? random() % 1400 : random() % 100;
    if (!spec.v6 && one_in(4)) spec.option_words = 1 + random() % 10;
    if (!spec.v6 && one_in(8)) spec.fragment = static_cast<std::uint16_t>(random() & 0x3FFF);
    spec.udp_zero = one_in(8);
    return spec;
}

Made make(std::mt19937_64& random) {
    Made made;
    made.spec = random_spec(random);
    made.frame.bytes = packet_bytes(made.spec);
    made.network = made.spec.tag ? 18 : 14;
    made.transport = made.network + (made.spec.v6 ? 40 : 20 + made.spec.option_words * 4);
    const std::size_t header = made.spec.protocol == kTcp ? 20 : 8;
    made.end = made.transport + header + made.spec.payload;
    return made;
}

/// One bit that changes no structure: identification, time to live, checksums, addresses, ports, payload.
void spoil(Made& made, std::mt19937_64& random) {
    const bool v4 = !made.spec.v6;
    std::vector<std::size_t> places;
    const auto take = [&](std::size_t from, std::size_t to) {
        for (std::size_t at = from; at < to; ++at) places.push_back(at);
    };
    if (v4) take(made.network + 4, made.network + 6), take(made.network + 10, made.network + 20);
    if (!v4) take(made.network + 8, made.network + 40);
    take(made.transport, made.transport + 4);
    const std::size_t checksum = made.transport + (made.spec.protocol == kTcp ? 16 : 6);
    if (made.spec.protocol != kIcmp) take(checksum, checksum + 2);
    take(made.end - made.spec.payload, made.end);
    made.frame.bytes[places[random() % places.size()]] ^= static_cast<std::uint8_t>(1U << random() % 8);
}

Verdict software(const Made& made) {
    const std::span<const std::uint8_t> bytes = made.frame.bytes;
    Verdict verdict;
    if (!made.spec.v6) {
        verdict.network = true;
        verdict.network_bad = plain_sum(bytes.subspan(made.network, made.transport - made.network)) != 0xFFFF;
        if ((made.spec.fragment & 0x3FFF) != 0) return verdict;
    }
    const bool udp = made.spec.protocol == kUdp;
    if ((!udp && made.spec.protocol != kTcp) || (udp && word_at(bytes, made.transport + 6) == 0)) return verdict;
    const auto segment = bytes.subspan(made.transport, made.end - made.transport);
    const auto addresses = made.spec.v6 ? bytes.subspan(made.network + 8, 32) : bytes.subspan(made.network + 12, 8);
    verdict.transport = true;
    verdict.transport_bad =
        plain_sum(segment, plain_sum(addresses, made.spec.protocol + static_cast<std::uint32_t>(segment.size()))) !=
        0xFFFF;
    return verdict;
}

Verdict hardware(const Bench& bench, unsigned index) {
    return {bench.rx_descriptor(index, r::RX_WB_IPCS) != 0, bench.rx_descriptor(index, r::RX_WB_IPE) != 0,
            bench.rx_descriptor(index, r::RX_WB_L4I) != 0, bench.rx_descriptor(index, r::RX_WB_L4E) != 0};
}

std::string fault(const Made& made, const Verdict& expected, const Verdict& got, std::uint64_t number) {
    const auto text = [](const Verdict& verdict) {
        return fmt::format("IPCS {:d} IPE {:d} L4I {:d} L4E {:d}", verdict.network, verdict.network_bad,
                           verdict.transport, verdict.transport_bad);
    };
    return fmt::format("frame {} (protocol {}, IPv{}, {} bytes): the NIC says {}, software {}", number,
                       made.spec.protocol, made.spec.v6 ? 6 : 4, made.frame.bytes.size(), text(got), text(expected));
}

}  // namespace

std::string check_verdicts(std::uint64_t frames, std::uint64_t seed) {
    Bench bench;
    std::mt19937_64 random(seed);
    bench.start_rx(kRing, kRing - 1);
    bench.run_ns(3000);
    unsigned at = 0;
    for (std::uint64_t done = 0; done < frames;) {
        std::vector<Made> burst;
        for (unsigned n = 0; n < kBurst && done + n < frames; ++n) {
            burst.push_back(make(random));
            if (random() % 2 == 0) spoil(burst.back(), random);
            bench.arrive(burst.back().frame);
        }
        bench.run_ns(200'000);
        for (std::size_t n = 0; n < burst.size(); ++n) {
            if (bench.rx_descriptor(at, r::RX_WB_DD) == 0) return fmt::format("frame {} did not arrive", done + n);
            const Verdict expected = software(burst[n]), got = hardware(bench, at);
            if (!(expected == got)) return fault(burst[n], expected, got, done + n);
            bench.give_rx_descriptor(at);
            at = (at + 1) % kRing;
        }
        bench.write(r::RDT(0), (at + kRing - 1) % kRing);
        done += burst.size();
    }
    return {};
}

}  // namespace turnpike
