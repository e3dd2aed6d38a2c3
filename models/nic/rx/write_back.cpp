// SPDX-License-Identifier: Apache-2.0
// What the receive side tells software in a descriptor (82599 data sheet 7.1.5, 7.1.6.2).
#include "models/nic/rx/receiver.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

/// A UDP fragment's sum, if software wants it (8.2.3.7.5): IPPCSE on, and PCSD off, as the RSS hash has the same place.
std::optional<FragmentChecksum> told_fragment(const RegisterFile& registers, std::span<const std::uint8_t> frame,
                                              const Packet& packet) {
    const std::uint64_t control = registers.get(r::RXCSUM);
    if (r::RXCSUM_PCSD.test(control) || !r::RXCSUM_IPPCSE.test(control)) return std::nullopt;
    return fragment_checksum(frame, packet);
}

}  // namespace

/// 7.1.6.2: hash or fragment checksum, type and status stand in the last descriptor of the frame.
void Receiver::describe_frame(const Stored& stored, std::uint64_t* done) const {
    const Packet& packet = stored.packet;
    r::RX_WB_EOP.put(done, 1);
    const auto filter = stored.steered.ether_type_filter;
    r::RX_WB_PKT_TYPE.put(done, filter ? kPacketEtherTypeFilter | *filter : packet.type);
    r::RX_WB_RXE.put(done, stored.frame.bad_fcs);
    r::RX_WB_VP.put(done, stored.vlan.has_value());
    r::RX_WB_VLAN.put(done, stored.vlan.value_or(0));
    r::RX_WB_PIF.put(done, stored.inexact);
    r::RX_WB_FLM.put(done, stored.steered.flow_matched);
    r::RX_WB_FLOW_LENGTH.put(done, stored.steered.flow_too_long);
    r::RX_WB_LLINT.put(done, stored.steered.low_latency);
    r::RX_WB_RSS_TYPE.put(done, stored.steered.rss.type);
    describe_checksums(stored, done);
    // 8.2.3.7.5: with PCSD the word holds the RSS hash, else an IPv4 packet's identification.
    if (r::RXCSUM_PCSD.test(parts_.registers.get(r::RXCSUM)))
        r::RX_WB_RSS_HASH.put(done, stored.steered.rss.hash);
    else if (packet.is(kPacketIpv4))
        r::RX_WB_IP_ID.put(done, big_endian16(stored.frame.bytes, packet.network + 4));
}

void Receiver::describe_checksums(const Stored& stored, std::uint64_t* done) const {
    const ChecksumVerdict verdict = verify(stored.frame.bytes, stored.packet);
    const auto fragment = told_fragment(parts_.registers, stored.frame.bytes, stored.packet);
    r::RX_WB_IPCS.put(done, verdict.network);
    r::RX_WB_IPE.put(done, verdict.network_bad);
    r::RX_WB_L4I.put(done, verdict.transport);
    r::RX_WB_L4E.put(done, verdict.transport_bad);
    r::RX_WB_UDPCS.put(done, fragment || (verdict.transport && stored.packet.is(kPacketUdp)));
    if (fragment) {
        r::RX_WB_FRAGMENT_CHECKSUM.put(done, fragment->sum);
        r::RX_WB_UDPV.put(done, fragment->udp_valid);
    }
    if (verdict.network_bad || verdict.transport_bad) parts_.statistics.bump(r::XEC);
}

Receiver::Done Receiver::advanced(const Stored& stored, const Split& split, std::size_t bytes, bool last) const {
    Done done;
    r::RX_WB_DD.put(done.words, 1);
    r::RX_WB_LENGTH.put(done.words, bytes);
    r::RX_WB_HDR_LEN.put(done.words, split.told);
    r::RX_WB_SPH.put(done.words, split.found);
    r::RX_WB_HBO.put(done.words, split.overflow);
    if (last) describe_frame(stored, done.words);
    return done;
}

/// 7.1.5: the address stays.
Receiver::Done Receiver::legacy(const Stored& stored, const Descriptor& descriptor, std::size_t bytes,
                                bool last) const {
    Done done{{descriptor.quadwords[0], 0}};
    r::RX_LEGACY_DD.put(done.words, 1);
    r::RX_LEGACY_LENGTH.put(done.words, bytes);
    if (!last) return done;
    Done told;
    describe_checksums(stored, told.words);
    r::RX_LEGACY_EOP.put(done.words, 1);
    r::RX_LEGACY_FRAGMENT_CHECKSUM.put(done.words, r::RX_WB_FRAGMENT_CHECKSUM.get(told.words));
    r::RX_LEGACY_UDPCS.put(done.words, r::RX_WB_UDPCS.get(told.words));
    r::RX_LEGACY_L4CS.put(done.words, r::RX_WB_L4I.get(told.words));
    r::RX_LEGACY_IPCS.put(done.words, r::RX_WB_IPCS.get(told.words));
    r::RX_LEGACY_TCPE.put(done.words, r::RX_WB_L4E.get(told.words));
    r::RX_LEGACY_IPE.put(done.words, r::RX_WB_IPE.get(told.words));
    r::RX_LEGACY_PIF.put(done.words, stored.inexact);
    r::RX_LEGACY_RXE.put(done.words, stored.frame.bad_fcs);
    r::RX_LEGACY_VP.put(done.words, stored.vlan.has_value());
    r::RX_LEGACY_VLAN.put(done.words, stored.vlan.value_or(0));
    return done;
}

Task<bool> Receiver::write_back(Queue& queue, const Stored& stored, const Descriptor& descriptor, const Done& done,
                                bool last) {
    const Dma::Written written = co_await parts_.dma.write(queue.ring.address(descriptor.index), done.words,
                                                           kDescriptorBytes, {this, queue.number, queue.generation});
    if (!written.good || !last) co_return written.good;
    parts_.statistics.count_queue_rx(queue.number, stored.octets);
    parts_.observer.written_back(stored.frame.id, written.visible_ps);
    parts_.interrupts.raise_queue(Direction::rx, queue.number, written.visible_ps, stored.steered.low_latency);
    co_return true;
}

}  // namespace turnpike::nic
