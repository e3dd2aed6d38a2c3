// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <random>

#include "tests/nic/offload_check.h"
#include "tests/nic/tx_packet.h"

namespace turnpike {
namespace {

constexpr std::size_t kMostBytes = (1 << 18) - 1;  ///< PAYLEN has 18 bits (7.2.3.2.4): 256 KiB
constexpr std::size_t kMostDescriptor = 0xFFFF;    ///< DTALEN has 16
constexpr unsigned kRing = 64;
constexpr std::uint8_t kFin = 1, kPush = 8;

struct Cut {
    PacketSpec spec;
    ContextSpec context;
    std::vector<std::uint8_t> packet;
    std::uint32_t sequence = 0;
    std::size_t network() const { return context.link; }
    std::size_t transport() const { return context.link + context.network; }
    std::size_t headers() const { return transport() + context.transport; }
};

Cut make(std::mt19937_64& random) {
    Cut cut;
    cut.spec.v6 = random() % 3 == 0;
    cut.spec.protocol = random() % 3 == 0 ? kUdp : kTcp;
    if (random() % 3 == 0) cut.spec.tag = 0x0123;
    if (!cut.spec.v6) cut.spec.option_words = random() % 3 == 0 ? random() % 11 : 0;
    const unsigned options = cut.spec.protocol == kTcp ? static_cast<unsigned>(random() % 11) * 4 : 0;
    const std::size_t most = random() % 4 == 0 ? 200'000 : 20'000;
    cut.spec.payload = options + 1 + random() % most;
    cut.packet = packet_bytes(cut.spec);
    if (random() % 8 == 0) cut.packet.resize(kMostBytes, 0x5A);
    cut.context = {.link = cut.spec.tag ? 18U : 14U,
                   .network = cut.spec.v6 ? 40U : static_cast<unsigned>(20 + cut.spec.option_words * 4),
                   .transport = (cut.spec.protocol == kTcp ? 20U : 8U) + options,
                   .mss = static_cast<unsigned>(random() % 4 == 0 ? 1 + random() % 64 : 200 + random() % 9000),
                   .kind = cut.spec.protocol == kTcp ? r::kContextTcp : r::kContextUdp,
                   .v6 = cut.spec.v6};
    if (cut.context.mss < 64) cut.packet.resize(std::min<std::size_t>(cut.packet.size(), cut.headers() + 4000));
    cut.packet.resize(std::max(cut.packet.size(), cut.headers() + 1));
    cut.sequence = static_cast<std::uint32_t>(random());
    if (cut.spec.protocol == kTcp) {
        put_word(cut.packet, cut.transport() + 4, cut.sequence >> 16);
        put_word(cut.packet, cut.transport() + 6, cut.sequence & 0xFFFF);
        cut.packet[cut.transport() + 12] = static_cast<std::uint8_t>(cut.context.transport / 4 << 4);
        cut.packet[cut.transport() + 13] = kAck | kPush | kFin;
    }
    put_word(cut.packet, cut.transport() + (cut.spec.protocol == kTcp ? 16 : 6),
             pseudo_sum(cut.packet, cut.network(), cut.spec.v6, cut.spec.protocol, 0));
    return cut;
}

/// Context and data descriptors, cut at random; answers with the place behind them.
unsigned give(Bench& bench, unsigned at, const Cut& cut, std::mt19937_64& random) {
    put_tx_context(bench, at, cut.context);
    std::copy(cut.packet.begin(), cut.packet.end(), bench.memory.bytes.begin() + Bench::kTxBuffers);
    for (std::size_t offset = 0; offset < cut.packet.size();) {
        at = (at + 1) % kRing;
        const std::size_t left = cut.packet.size() - offset;
        const std::size_t bytes = std::min({left, kMostDescriptor, 10'000 + random() % 60'000});
        std::uint64_t words[2] = {Bench::kTxBuffers + offset, 0};
        r::TX_READ_DTALEN.put(words, bytes);
        r::TX_READ_PAYLEN.put(words, cut.packet.size() - cut.headers());
        r::TX_READ_DTYP.put(words, r::kDescriptorTypeAdvancedData);
        for (const auto& field : {r::TX_READ_DEXT, r::TX_READ_IFCS, r::TX_READ_TSE, r::TX_READ_IXSM, r::TX_READ_TXSM})
            field.put(words, 1);
        r::TX_READ_EOP.put(words, bytes == left);
        r::TX_READ_RS.put(words, bytes == left);
        put_tx_words(bench, at, words);
        offset += bytes;
    }
    return (at + 1) % kRing;
}

std::string wrong_network(const Cut& cut, std::span<const std::uint8_t> bytes, std::size_t number) {
    const std::size_t at = cut.network();
    if (cut.spec.v6) return word_at(bytes, at + 4) == bytes.size() - at - 40 ? "" : "IPv6 payload length";
    if (word_at(bytes, at + 2) != bytes.size() - at) return "IPv4 total length";
    if (word_at(bytes, at + 4) != ((cut.spec.identification + number) & 0xFFFF)) return "IPv4 identification";
    return plain_sum(bytes.subspan(at, cut.context.network)) == 0xFFFF ? "" : "IPv4 checksum";
}

std::string wrong_transport(const Cut& cut, std::span<const std::uint8_t> bytes, std::size_t number, bool last) {
    const std::size_t at = cut.transport();
    const std::size_t length = bytes.size() - at;
    const auto pseudo = pseudo_sum(bytes, cut.network(), cut.spec.v6, cut.spec.protocol, length);
    if (plain_sum(bytes.subspan(at), pseudo) != 0xFFFF) return "TCP or UDP checksum";
    if (cut.spec.protocol == kUdp) return word_at(bytes, at + 4) == length ? "" : "UDP length";
    const auto sequence = static_cast<std::uint32_t>(cut.sequence + number * cut.context.mss);
    if ((std::uint32_t{word_at(bytes, at + 4)} << 16 | word_at(bytes, at + 6)) != sequence) return "TCP sequence";
    return bytes[at + 13] == (last ? kAck | kPush | kFin : kAck) ? "" : "TCP flags";
}

std::string judge(const Cut& cut, const std::vector<Frame>& frames) {
    const std::size_t payload = cut.packet.size() - cut.headers();
    const std::size_t expected = (payload + cut.context.mss - 1) / cut.context.mss;
    if (frames.size() != expected) return fmt::format("{} segments, expected {}", frames.size(), expected);
    std::vector<std::uint8_t> joined;
    for (std::size_t n = 0; n < frames.size(); ++n) {
        const std::size_t bytes = std::min<std::size_t>(cut.context.mss, payload - n * cut.context.mss);
        // The MAC pads (TXPADEN).
        if (frames[n].bytes.size() != std::max<std::size_t>(cut.headers() + bytes, 60))
            return fmt::format("segment {} has {} bytes", n, frames[n].bytes.size());
        const auto segment = std::span(frames[n].bytes).first(cut.headers() + bytes);
        std::string wrong = wrong_network(cut, segment, n);
        if (wrong.empty()) wrong = wrong_transport(cut, segment, n, n + 1 == frames.size());
        if (!wrong.empty()) return fmt::format("segment {}: wrong {}", n, wrong);
        joined.insert(joined.end(), segment.begin() + static_cast<std::ptrdiff_t>(cut.headers()), segment.end());
    }
    const bool same =
        std::equal(joined.begin(), joined.end(), cut.packet.begin() + static_cast<std::ptrdiff_t>(cut.headers()));
    return same ? "" : "the payloads do not make the input";
}

}  // namespace

std::string check_segmentation(std::uint64_t packets, std::uint64_t seed) {
    Bench bench;
    std::mt19937_64 random(seed);
    bench.start_tx(kRing);
    unsigned at = 0;
    for (std::uint64_t n = 0; n < packets; ++n) {
        const Cut cut = make(random);
        at = give(bench, at, cut, random);
        bench.sink.frames.clear();
        bench.write(r::TDT(0), at);
        // Of the segments' bytes, headers with them, none takes longer than 1 ns; reads and gaps come on top.
        const std::size_t segments = cut.packet.size() / cut.context.mss + 1;
        bench.run_ns(20'000 + cut.packet.size() + segments * (cut.headers() + 100));
        const std::string wrong = judge(cut, bench.sink.frames);
        if (!wrong.empty())
            return fmt::format("packet {} ({} bytes, headers {}, MSS {}): {}", n, cut.packet.size(), cut.headers(),
                               cut.context.mss, wrong);
    }
    return {};
}

}  // namespace turnpike
