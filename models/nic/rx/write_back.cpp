// SPDX-License-Identifier: Apache-2.0
#include "models/nic/rx/receiver.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {
namespace r = regs::nic;
}  // namespace

/// 7.1.6.2: hash or fragment checksum, type and status stand in the last descriptor of the frame.
void Receiver::describe_frame(const Stored& stored, std::uint64_t* done) const {
    const ChecksumVerdict verdict = verify(stored.frame.bytes, stored.packet);
    r::RX_WB_EOP.put(done, 1);
    r::RX_WB_PKT_TYPE.put(done, stored.packet.type);
    r::RX_WB_RXE.put(done, stored.frame.bad_fcs);
    r::RX_WB_VP.put(done, stored.vlan.has_value());
    r::RX_WB_VLAN.put(done, stored.vlan.value_or(0));
    r::RX_WB_IPCS.put(done, verdict.network);
    r::RX_WB_IPE.put(done, verdict.network_bad);
    r::RX_WB_L4I.put(done, verdict.transport);
    r::RX_WB_L4E.put(done, verdict.transport_bad);
    if (verdict.network_bad || verdict.transport_bad) parts_.statistics.bump(r::XEC);
    r::RX_WB_RSS_TYPE.put(done, stored.rss.type);
    // 8.2.3.7.5: with PCSD the word holds the RSS hash, else an IPv4 packet's identification.
    if (r::RXCSUM_PCSD.test(parts_.registers.get(r::RXCSUM))) {
        r::RX_WB_RSS_HASH.put(done, stored.rss.hash);
    } else if (stored.packet.is(kPacketIpv4)) {
        const std::uint8_t* id = stored.frame.bytes.data() + stored.packet.network + 4;
        r::RX_WB_IP_ID.put(done, static_cast<std::uint64_t>(id[0] << 8 | id[1]));
    }
}

Task<bool> Receiver::write_back(Queue& queue, const Stored& stored, std::size_t header, std::size_t bytes, bool last,
                                const Descriptor& descriptor) {
    std::uint64_t done[2] = {0, 0};
    r::RX_WB_DD.put(done, 1);
    r::RX_WB_LENGTH.put(done, bytes);
    r::RX_WB_HDR_LEN.put(done, header);
    r::RX_WB_SPH.put(done, header != 0);
    if (last) describe_frame(stored, done);
    const Dma::Written written = co_await parts_.dma.write(queue.ring.address(descriptor.index), done, kDescriptorBytes,
                                                           {this, queue.number, queue.generation});
    if (!written.good || !last) co_return written.good;
    parts_.statistics.count_queue_rx(queue.number, stored.frame.bytes.size() + kFcsBytes);
    parts_.observer.written_back(stored.frame.id, written.visible_ps);
    parts_.interrupts.raise_queue(Direction::rx, queue.number, written.visible_ps);
    co_return true;
}

/// 7.1.10: the bytes up to the end of the innermost header that PSRTYPE names.
std::size_t Receiver::header_bytes(const Stored& stored, std::uint64_t split_types) {
    const Packet& packet = stored.packet;
    const auto& bytes = stored.frame.bytes;
    const bool v4 = packet.is(kPacketIpv4);
    if (packet.transport != 0 && packet.is(kPacketTcp) && r::PSRTYPE_TCP.test(split_types))
        return packet.transport + (bytes[packet.transport + 12] >> 4) * std::size_t{4};
    if (packet.transport != 0 && packet.is(kPacketUdp) && r::PSRTYPE_UDP.test(split_types)) return packet.transport + 8;
    if (packet.network == 0) return 0;
    if (v4 && r::PSRTYPE_IPV4.test(split_types)) return packet.network + (bytes[packet.network] & 0xF) * std::size_t{4};
    if (!v4 && r::PSRTYPE_IPV6.test(split_types)) return packet.network + 40;
    return 0;
}

}  // namespace turnpike::nic
