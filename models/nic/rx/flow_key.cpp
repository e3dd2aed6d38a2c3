// SPDX-License-Identifier: Apache-2.0
// What the flow director compares and hashes of a packet, and of what software programs (82599 data sheet 7.1.2.7).
#include <algorithm>

#include "models/nic/rx/flow_director.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::uint8_t kNoTransport = 0, kUdp = 1, kTcp = 2, kSctp = 3;  ///< FDIRCMD.L4TYPE
constexpr std::uint8_t kTransportMask = 3, kIpv6 = 4;
constexpr std::uint16_t kVlanId = 0x0FFF, kVlanPriority = 0xE000;
constexpr std::uint16_t kHashMask = 0x7FFF;

std::uint32_t swapped32(std::uint64_t value) { return __builtin_bswap32(static_cast<std::uint32_t>(value)); }
std::uint16_t swapped16(std::uint64_t value) { return __builtin_bswap16(static_cast<std::uint16_t>(value)); }

/// FDIRTCPM and its like: bit 15 of a port's mask stands at bit 0, and so on.
std::uint16_t port_mask(std::uint64_t bits) {
    std::uint16_t reversed = 0;
    for (unsigned n = 0; n < 16; ++n) reversed = static_cast<std::uint16_t>(reversed << 1 | (bits >> n & 1));
    return static_cast<std::uint16_t>(~reversed);
}

std::uint32_t folded_ipv6(std::span<const std::uint8_t> frame, std::size_t at, std::uint64_t ignored) {
    std::uint32_t sum = 0;
    for (unsigned n = 0; n < 16; ++n)
        if ((ignored >> n & 1) == 0) sum ^= std::uint32_t{frame[at + n]} << (24 - n % 4 * 8);
    return sum;
}

}  // namespace

/// PBALLOC gives 64, 128 or 256 KiB: 13, 14 or 15 bits of hash for signatures, two less to compare (DPDK
/// drivers/net/ixgbe/ixgbe_fdir.c).
std::uint16_t FlowDirector::bucket_mask() const {
    const std::uint64_t memory = r::FDIRCTRL_PBALLOC.get(registers_.get(r::FDIRCTRL));
    const std::uint64_t bits = (perfect() ? 10 : 12) + std::max<std::uint64_t>(memory, 1);
    return static_cast<std::uint16_t>((1U << bits) - 1);
}

/// 7.1.2.7: each 1 of the key adds a window of the stream without carry. The stream is folded to 32 bits: addresses,
/// ports and flexible bytes; kind and VLAN tag join all of it but what bit 0 of the key sees of its lower half (Linux
/// ixgbe_82599.c, ixgbe_atr_compute_perfect_hash_82599).
std::uint16_t FlowDirector::hash(const Flow& flow, std::uint64_t key_register) const {
    const auto key = static_cast<std::uint32_t>(registers_.get(key_register));
    const std::uint32_t front = std::uint32_t{flow.kind} << 16 | flow.vlan;
    const std::uint32_t common = flow.source ^ flow.destination ^ std::uint32_t{flow.source_port} << 16 ^
                                 flow.destination_port ^ std::uint32_t{flow.flexible} << 16;
    const std::uint32_t high = common ^ front ^ front >> 16;
    const std::uint32_t low_first = common >> 16 | common << 16;
    const std::uint32_t low = low_first ^ front ^ front << 16;
    std::uint32_t sum = 0;
    for (unsigned n = 0; n < 16; ++n) {
        if ((key >> n & 1) != 0) sum ^= (n == 0 ? low_first : low) >> n;
        if ((key >> (n + 16) & 1) != 0) sum ^= high >> n;
    }
    return static_cast<std::uint16_t>(sum & kHashMask);
}

/// FDIRM takes whole fields out, the other masks single bits (a 1 does not count).
Flow FlowDirector::masked(Flow flow) const {
    const std::uint64_t fields = registers_.get(r::FDIRM);
    if (r::FDIRM_VLANID.test(fields)) flow.vlan &= static_cast<std::uint16_t>(~kVlanId);
    if (r::FDIRM_VLANP.test(fields)) flow.vlan &= static_cast<std::uint16_t>(~kVlanPriority);
    if (r::FDIRM_FLEX.test(fields)) flow.flexible = 0;
    if ((flow.kind & kIpv6) == 0) {
        flow.source &= ~swapped32(registers_.get(r::FDIRSIP4M));
        flow.destination &= ~swapped32(registers_.get(r::FDIRDIP4M));
    } else if (r::FDIRM_DIPV6.test(fields)) {
        flow.destination = 0;
    }
    const std::uint8_t transport = flow.kind & kTransportMask;
    const std::uint64_t mask = transport == kTcp    ? registers_.get(r::FDIRTCPM)
                               : transport == kUdp  ? registers_.get(r::FDIRUDPM)
                               : transport == kSctp ? registers_.get(r::FDIRSCTPM)
                                                    : 0;
    flow.source_port &= port_mask(mask & 0xFFFF);
    flow.destination_port &= port_mask(mask >> 16);
    if (!r::FDIRM_L4P.test(fields)) return flow;
    flow.kind &= static_cast<std::uint8_t>(~kTransportMask);
    flow.source_port = flow.destination_port = 0;
    return flow;
}

Flow FlowDirector::flow_of(std::span<const std::uint8_t> frame, const Packet& packet) const {
    Flow flow;
    const bool v4 = packet.is(kPacketIpv4);
    const std::uint64_t ignored = registers_.get(r::FDIRIP6M);
    flow.source = v4 ? big_endian32(frame, packet.network + 12)
                     : folded_ipv6(frame, packet.network + 8, r::FDIRIP6M_SOURCE.get(ignored));
    flow.destination = v4 ? big_endian32(frame, packet.network + 16)
                          : folded_ipv6(frame, packet.network + 24, r::FDIRIP6M_DESTINATION.get(ignored));
    flow.kind = packet.is(kPacketTcp)    ? kTcp
                : packet.is(kPacketUdp)  ? kUdp
                : packet.is(kPacketSctp) ? kSctp
                                         : kNoTransport;
    if (!v4) flow.kind |= kIpv6;
    if (packet.transport != 0) {
        flow.source_port = static_cast<std::uint16_t>(big_endian16(frame, packet.transport));
        flow.destination_port = static_cast<std::uint16_t>(big_endian16(frame, packet.transport + 2));
    }
    flow.vlan = packet.tag.value_or(0) & (kVlanId | kVlanPriority);
    const std::size_t at = r::FDIRCTRL_FLEX_OFFSET.get(registers_.get(r::FDIRCTRL)) * 2;
    if (at + 2 <= frame.size()) flow.flexible = static_cast<std::uint16_t>(big_endian16(frame, at));
    return flow;
}

/// The registers that describe the filter to add: addresses and flexible bytes stand as in the packet.
Flow FlowDirector::programmed(std::uint64_t command) const {
    Flow flow;
    flow.source = swapped32(registers_.get(r::FDIRIPSA));
    flow.destination = swapped32(registers_.get(r::FDIRIPDA));
    flow.source_port = static_cast<std::uint16_t>(r::FDIRPORT_SOURCE.get(registers_.get(r::FDIRPORT)));
    flow.destination_port = static_cast<std::uint16_t>(r::FDIRPORT_DESTINATION.get(registers_.get(r::FDIRPORT)));
    flow.vlan =
        static_cast<std::uint16_t>(r::FDIRVLAN_VLAN.get(registers_.get(r::FDIRVLAN))) & (kVlanId | kVlanPriority);
    flow.flexible = swapped16(r::FDIRVLAN_FLEX.get(registers_.get(r::FDIRVLAN)));
    flow.kind = static_cast<std::uint8_t>(r::FDIRCMD_L4TYPE.get(command));
    if (r::FDIRCMD_IPV6.test(command)) flow.kind |= kIpv6;
    return flow;
}

}  // namespace turnpike::nic
