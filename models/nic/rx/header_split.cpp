// SPDX-License-Identifier: Apache-2.0
// Where a frame's bytes go in a queue's buffers (82599 data sheet 7.1.5, 7.1.6, 7.1.10).
#include <fmt/format.h>

#include <algorithm>

#include "models/core/diagnosis.h"
#include "models/nic/rx/receiver.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::size_t kHeaderUnit = 64;    // SRRCTL.BSIZEHEADER, 8.2.3.8.7
constexpr std::size_t kPacketUnit = 1024;  // SRRCTL.BSIZEPACKET
constexpr std::size_t kTcpOffsetAt = 12, kUdpHeader = 8;

}  // namespace

Receiver::Buffers Receiver::buffers(const Queue& queue) {
    const std::uint64_t control = get(queue, r::SRRCTL(0));
    const std::size_t bytes = r::SRRCTL_BSIZEPACKET.get(control) * kPacketUnit;
    const std::uint64_t type = r::SRRCTL_DESCTYPE.get(control);
    const bool split = type == r::kDescriptorTypeHeaderSplit || type == r::kDescriptorTypeAlwaysHeader;
    const bool known = split || type == r::kDescriptorTypeAdvancedOneBuffer || type == r::kDescriptorTypeLegacy;
    if (known && bytes != 0) return {bytes, split ? r::SRRCTL_BSIZEHEADER.get(control) * kHeaderUnit : 0, type};
    if (!type_told_)
        diagnose(fmt::format(
            "{}: SRRCTL of queue {} has descriptor type {} and buffers of {} bytes, expected type {}, {}, {} or {} "
            "(legacy, advanced, or advanced with header split) and at least {} bytes; frames are dropped",
            name(), queue.number, type, bytes, r::kDescriptorTypeLegacy, r::kDescriptorTypeAdvancedOneBuffer,
            r::kDescriptorTypeHeaderSplit, r::kDescriptorTypeAlwaysHeader, kPacketUnit));
    type_told_ = true;
    return {};
}

/// 7.1.10: the bytes up to the end of the innermost header that PSRTYPE names; 0: there is none.
std::size_t Receiver::header_bytes(const Stored& stored, std::uint64_t split_types) {
    const Packet& packet = stored.packet;
    const auto& bytes = stored.frame.bytes;
    const bool v4 = packet.is(kPacketIpv4);
    if (packet.transport != 0 && packet.is(kPacketTcp) && r::PSRTYPE_TCP.test(split_types))
        return packet.transport + (bytes[packet.transport + kTcpOffsetAt] >> 4) * std::size_t{4};
    if (packet.transport != 0 && packet.is(kPacketUdp) && r::PSRTYPE_UDP.test(split_types))
        return packet.transport + kUdpHeader;
    if (packet.network != 0 && (v4 ? r::PSRTYPE_IPV4 : r::PSRTYPE_IPV6).test(split_types)) return packet.network_end;
    return r::PSRTYPE_L2.test(split_types) ? packet.link_end : 0;
}

/// 7.1.10, table of header split behaviour. A header larger than its buffer is told (HBO) and not split off; with the
/// type that always uses the header buffer, that one takes the frame's first bytes then.
Receiver::Split Receiver::split(const Buffers& buffer, const Stored& stored) const {
    const std::size_t total = stored.frame.bytes.size();
    if (buffer.header == 0) return {};
    const std::size_t found = std::min(header_bytes(stored, parts_.registers.get(r::PSRTYPE(0))), total);
    Split result;
    result.found = found != 0;
    result.overflow = found > buffer.header;
    result.told = found;
    result.in_header = result.overflow ? 0 : found;
    if (buffer.type != r::kDescriptorTypeAlwaysHeader) return result;
    if (total <= buffer.header) return {total, total, false, false};
    if (!result.found) return {buffer.header, buffer.header, false, false};
    if (result.overflow) result.in_header = buffer.header;
    return result;
}

}  // namespace turnpike::nic
