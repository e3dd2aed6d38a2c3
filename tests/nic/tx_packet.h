// SPDX-License-Identifier: Apache-2.0
// Transmit descriptors as software writes them (82599 data sheet 7.2.3.2), for the NIC's tests.
#pragma once
#include <algorithm>
#include <span>

#include "tests/nic/packets.h"

namespace turnpike {

struct ContextSpec {
    unsigned link = 14, network = 20, transport = 0;  ///< header lengths
    unsigned mss = 0;
    std::uint64_t kind = r::kContextTcp;
    bool v6 = false;
    std::uint16_t vlan = 0;
    unsigned index = 0;
};

inline void put_tx_words(Bench& bench, unsigned index, const std::uint64_t* words) {
    bench.memory.set_quadword(Bench::kTxRing + index * 16, words[0]);
    bench.memory.set_quadword(Bench::kTxRing + index * 16 + 8, words[1]);
}

inline void put_tx_context(Bench& bench, unsigned index, const ContextSpec& spec) {
    std::uint64_t words[2] = {0, 0};
    r::TX_CONTEXT_MACLEN.put(words, spec.link);
    r::TX_CONTEXT_IPLEN.put(words, spec.network);
    r::TX_CONTEXT_L4LEN.put(words, spec.transport);
    r::TX_CONTEXT_MSS.put(words, spec.mss);
    r::TX_CONTEXT_L4T.put(words, spec.kind);
    r::TX_CONTEXT_IPV4.put(words, spec.v6 ? 0 : 1);
    r::TX_CONTEXT_VLAN.put(words, spec.vlan);
    r::TX_CONTEXT_IDX.put(words, spec.index);
    r::TX_CONTEXT_DEXT.put(words, 1);
    r::TX_CONTEXT_DTYP.put(words, r::kDescriptorTypeContext);
    put_tx_words(bench, index, words);
}

/// Bits of an advanced data descriptor's second quadword.
inline void set_tx_bits(Bench& bench, unsigned index, std::initializer_list<r::DescriptorField> fields) {
    std::uint64_t words[2] = {bench.memory.quadword(Bench::kTxRing + index * 16),
                              bench.memory.quadword(Bench::kTxRing + index * 16 + 8)};
    for (const r::DescriptorField& field : fields) field.put(words, 1);
    put_tx_words(bench, index, words);
}

/// 7.2.3.2.1: a legacy descriptor with EOP, IFCS and RS.
struct LegacySpec {
    bool checksum = false;
    std::uint8_t start = 0, place = 0;
    bool tag = false;
    std::uint16_t vlan = 0;
};

inline void put_tx_legacy(Bench& bench, unsigned index, std::span<const std::uint8_t> data, const LegacySpec& spec) {
    const std::uint64_t address = Bench::kTxBuffers + index * Bench::kBufferBytes;
    std::copy(data.begin(), data.end(), bench.memory.bytes.begin() + static_cast<std::ptrdiff_t>(address));
    std::uint64_t words[2] = {address, 0};
    r::TX_READ_DTALEN.put(words, data.size());
    r::TX_LEGACY_CSO.put(words, spec.place);
    r::TX_LEGACY_CSS.put(words, spec.start);
    r::TX_LEGACY_IC.put(words, spec.checksum);
    r::TX_LEGACY_VLAN.put(words, spec.vlan);
    r::TX_READ_VLE.put(words, spec.tag);
    for (const r::DescriptorField& field : {r::TX_READ_EOP, r::TX_READ_IFCS, r::TX_READ_RS}) field.put(words, 1);
    put_tx_words(bench, index, words);
}

/// The sum that software leaves in a TCP or UDP checksum field: addresses and protocol, and the length unless the
/// device is to cut the packet up (7.2.4.5, 7.2.5.2).
inline std::uint16_t pseudo_sum(std::span<const std::uint8_t> frame, std::size_t network, bool v6,
                                std::uint8_t protocol, std::size_t length) {
    const auto addresses = v6 ? frame.subspan(network + 8, 32) : frame.subspan(network + 12, 8);
    return plain_sum(addresses, protocol + static_cast<std::uint32_t>(length));
}

}  // namespace turnpike
