// SPDX-License-Identifier: Apache-2.0
#include "models/nic/rx/steering.h"

#include <algorithm>

#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::uint8_t kFlowReport = 15;  ///< RX_WB_RSS_TYPE, 7.1.6.2
constexpr unsigned kTcpFlagsAt = 13;      ///< RFC 793 3.1
constexpr std::uint8_t kTcpSyn = 2;
constexpr std::uint64_t kTcp = 0, kUdp = 1, kSctp = 2, kOther = 3;  ///< FTQF.PROTOCOL

std::uint64_t protocol_of(const Packet& packet) {
    if (packet.is(kPacketTcp)) return kTcp;
    if (packet.is(kPacketUdp)) return kUdp;
    return packet.is(kPacketSctp) ? kSctp : kOther;
}

}  // namespace

Steering::Steering(std::string name, RegisterFile& registers, Statistics& statistics, Interrupts& interrupts)
    : registers_(registers), rss_(std::move(name), registers), flows_(registers, statistics, interrupts) {
    const auto changed = [this](std::uint64_t, std::uint64_t) { five_tuples_are_current_ = false; };
    for (unsigned n = 0; n < r::FTQF_COUNT; ++n)
        for (const std::uint64_t reg : {r::FTQF(n), r::SAQF(n), r::DAQF(n), r::SDPQF(n), r::L34TIMIR(n)})
            registers_.on_write(reg, changed);
}

void Steering::reset() {
    five_tuples_are_current_ = false;
    rss_.reset();
    flows_.reset();
}

/// 7.1.2: the first filter that matches and names a queue decides. The hash is told whoever decides.
Steered Steering::choose(std::span<const std::uint8_t> frame, const Packet& packet) {
    Steered result;
    result.rss = rss_.choose(frame, packet);
    result.low_latency = has_urgent_tag(packet);
    if (by_ether_type(packet, result)) return result;
    const bool syn_first = r::SYNQF_PRIORITY.test(registers_.get(r::SYNQF));
    if (syn_first && by_syn(frame, packet, result)) return result;
    if (by_five_tuple(frame, packet, result)) return result;
    if (!syn_first && by_syn(frame, packet, result)) return result;
    if (by_flow(frame, packet, result)) return result;
    result.queue = result.rss.queue;
    return result;
}

/// 7.1.2.3: the filters are to have different types; of two with one type the lower number wins.
bool Steering::by_ether_type(const Packet& packet, Steered& result) const {
    for (unsigned n = 0; n < r::ETQF_COUNT; ++n) {
        const std::uint64_t filter = registers_.get(r::ETQF(n));
        if (!r::ETQF_FILTER_EN.test(filter) || r::ETQF_ETYPE.get(filter) != packet.ether_type) continue;
        const std::uint64_t action = registers_.get(r::ETQS(n));
        result.ether_type_filter = n;
        result.low_latency |= r::ETQS_LLI.test(action);
        if (!r::ETQS_QUEUE_EN.test(action)) return false;
        result.queue = static_cast<unsigned>(r::ETQS_QUEUE.get(action));
        return true;
    }
    return false;
}

/// 7.1.2.6: TCP packets that open a connection.
bool Steering::by_syn(std::span<const std::uint8_t> frame, const Packet& packet, Steered& result) const {
    const std::uint64_t filter = registers_.get(r::SYNQF);
    if (!r::SYNQF_QUEUE_ENABLE.test(filter) || packet.transport == 0 || !packet.is(kPacketTcp)) return false;
    if ((frame[packet.transport + kTcpFlagsAt] & kTcpSyn) == 0) return false;
    result.queue = static_cast<unsigned>(r::SYNQF_QUEUE.get(filter));
    return true;
}

Steering::FiveTuple Steering::five_tuple(const RegisterFile& registers, unsigned n) {
    const std::uint64_t ports = registers.get(r::SDPQF(n));
    return {registers.get(r::FTQF(n)),
            __builtin_bswap32(static_cast<std::uint32_t>(registers.get(r::SAQF(n)))),
            __builtin_bswap32(static_cast<std::uint32_t>(registers.get(r::DAQF(n)))),
            __builtin_bswap16(static_cast<std::uint16_t>(r::SDPQF_SOURCE.get(ports))),
            __builtin_bswap16(static_cast<std::uint16_t>(r::SDPQF_DESTINATION.get(ports))),
            registers.get(r::L34TIMIR(n))};
}

/// 7.1.2.5: of several that match, the one with the highest priority wins, then the lowest number. IPv4 only, and no
/// fragments.
bool Steering::by_five_tuple(std::span<const std::uint8_t> frame, const Packet& packet, Steered& result) {
    if (!five_tuples_are_current_) {
        five_tuples_.clear();
        for (unsigned n = 0; n < r::FTQF_COUNT; ++n)
            if (r::FTQF_QUEUE_ENABLE.test(registers_.get(r::FTQF(n))))
                five_tuples_.push_back(five_tuple(registers_, n));
        std::stable_sort(five_tuples_.begin(), five_tuples_.end(), [](const FiveTuple& a, const FiveTuple& b) {
            return r::FTQF_PRIORITY.get(a.control) > r::FTQF_PRIORITY.get(b.control);
        });
        five_tuples_are_current_ = true;
    }
    if (five_tuples_.empty() || !packet.is(kPacketIpv4) || packet.fragment) return false;
    const std::uint64_t protocol = protocol_of(packet);
    const std::uint32_t source = big_endian32(frame, packet.network + 12);
    const std::uint32_t destination = big_endian32(frame, packet.network + 16);
    const bool ports = packet.transport != 0;
    const unsigned source_port = ports ? big_endian16(frame, packet.transport) : 0;
    const unsigned destination_port = ports ? big_endian16(frame, packet.transport + 2) : 0;
    for (const FiveTuple& filter : five_tuples_) {
        const std::uint64_t control = filter.control;
        if (!r::FTQF_MASK_PROTOCOL.test(control) && r::FTQF_PROTOCOL.get(control) != protocol) continue;
        if (!r::FTQF_MASK_SOURCE.test(control) && filter.source != source) continue;
        if (!r::FTQF_MASK_DESTINATION.test(control) && filter.destination != destination) continue;
        if (!r::FTQF_MASK_SOURCE_PORT.test(control) && (!ports || filter.source_port != source_port)) continue;
        if (!r::FTQF_MASK_DESTINATION_PORT.test(control) && (!ports || filter.destination_port != destination_port))
            continue;
        result.queue = static_cast<unsigned>(r::L34TIMIR_QUEUE.get(filter.action));
        result.low_latency |= r::L34TIMIR_LLI.test(filter.action);
        return true;
    }
    return false;
}

/// 7.1.2.7: FDIRCTRL.REPORT_STATUS puts the filter's identity in place of the hash.
bool Steering::by_flow(std::span<const std::uint8_t> frame, const Packet& packet, Steered& result) {
    const std::optional<FlowMatch> match = flows_.find(frame, packet);
    if (!match) return false;
    const std::uint64_t control = registers_.get(r::FDIRCTRL);
    const bool report = r::FDIRCTRL_REPORT_STATUS.test(control);
    if (report && (match->matched || r::FDIRCTRL_REPORT_ALWAYS.test(control))) {
        result.rss.type = kFlowReport;
        result.rss.hash = std::uint32_t{match->hash} << 16 | match->id;
        result.flow_too_long = match->too_long;
    }
    if (!match->matched) return false;
    result.flow_matched = true;
    result.low_latency |= r::FDIRCMD_INTERRUPT.test(match->command);
    result.drop = r::FDIRCMD_DROP.test(match->command);
    if (!r::FDIRCMD_QUEUE_EN.test(match->command)) return result.drop;
    result.queue = static_cast<unsigned>(r::FDIRCMD_QUEUE.get(match->command));
    return true;
}

/// 8.2.3.5.20: a VLAN tag of this priority or a higher one.
bool Steering::has_urgent_tag(const Packet& packet) const {
    const std::uint64_t rule = registers_.get(r::IMIRVP);
    return r::IMIRVP_ENABLE.test(rule) && packet.tag && *packet.tag >> 13 >= r::IMIRVP_PRIORITY.get(rule);
}

}  // namespace turnpike::nic
