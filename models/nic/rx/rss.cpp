// SPDX-License-Identifier: Apache-2.0
#include "models/nic/rx/rss.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/core/diagnosis.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

/// MRQC.MRQE, 8.2.3.7.12: off, RSS alone, RSS in traffic classes of 16 and 32 queues and in pools of 4 and 2.
constexpr std::uint64_t kOff = 0, kRssOnly = 1, kRssClasses8 = 4, kRssClasses4 = 5, kRssPools32 = 10, kRssPools64 = 11;
constexpr std::uint32_t kEntries = 128;

// RX_WB_RSS_TYPE, table 7-11.
constexpr std::uint8_t kTcpIpv4 = 1, kIpv4 = 2, kTcpIpv6 = 3, kIpv6 = 5, kUdpIpv4 = 7, kUdpIpv6 = 8;

struct Choice {
    std::uint8_t type;
    bool ports;
};

/// The richest of the functions that MRQC enables for the packet.
Choice choice(std::uint64_t control, const Packet& packet) {
    const bool v4 = packet.is(kPacketIpv4);
    if (packet.transport != 0 && packet.is(kPacketTcp) && (v4 ? r::MRQC_TCP_IPV4 : r::MRQC_TCP_IPV6).test(control))
        return {v4 ? kTcpIpv4 : kTcpIpv6, true};
    if (packet.transport != 0 && packet.is(kPacketUdp) && (v4 ? r::MRQC_UDP_IPV4 : r::MRQC_UDP_IPV6).test(control))
        return {v4 ? kUdpIpv4 : kUdpIpv6, true};
    if (packet.network != 0 && (v4 ? r::MRQC_IPV4 : r::MRQC_IPV6).test(control)) return {v4 ? kIpv4 : kIpv6, false};
    return {0, false};
}

}  // namespace

Rss::Rss(std::string name, RegisterFile& registers) : name_(std::move(name)), registers_(registers) {
    for (unsigned n = 0; n < r::RSSRK_COUNT; ++n)
        registers_.on_write(r::RSSRK(n), [this](std::uint64_t, std::uint64_t) { table_is_current_ = false; });
    registers_.on_write(r::MRQC, [this](std::uint64_t, std::uint64_t) { mode_written(); });
}

void Rss::reset() {
    table_is_current_ = false;
    mode_told_ = false;
}

/// Of the modes with traffic classes or pools only the first class or pool is there.
void Rss::mode_written() {
    const std::uint64_t mode = r::MRQC_MRQE.get(registers_.get(r::MRQC));
    if (mode == kOff || mode == kRssOnly || mode_told_) return;
    diagnose(
        fmt::format("{}: MRQC has mode {}, expected {} or {} (RSS): traffic classes and pools are not modelled; "
                    "every packet belongs to the first",
                    name_, mode, kOff, kRssOnly));
    mode_told_ = true;
}

/// Bits of a RETA entry that count; 0 where RSS is off.
unsigned Rss::queue_mask() const {
    switch (r::MRQC_MRQE.get(registers_.get(r::MRQC))) {
        case kRssOnly:
        case kRssClasses8:
        case kRssClasses4:
            return 0xF;
        case kRssPools32:
            return 0x3;
        case kRssPools64:
            return 0x1;
        default:
            return 0;
    }
}

RssResult Rss::choose(std::span<const std::uint8_t> frame, const Packet& packet) {
    const unsigned mask = queue_mask();
    if (mask == 0) return {};
    const Choice what = choice(registers_.get(r::MRQC), packet);
    if (what.type == 0) return {};
    const bool v4 = packet.is(kPacketIpv4);
    const std::size_t addresses = v4 ? 8 : 32;
    std::array<std::uint8_t, kInputBytes> input;
    std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(packet.network + (v4 ? 12 : 8)), addresses, input.begin());
    if (what.ports)
        std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(packet.transport), 4,
                    input.begin() + static_cast<std::ptrdiff_t>(addresses));
    const std::uint32_t value = hash(std::span(input).first(addresses + (what.ports ? 4 : 0)));
    const std::uint32_t entry = value % kEntries;
    const std::uint64_t word = registers_.get(r::RETA(entry / 4));
    return {value, what.type, static_cast<unsigned>(word >> (entry % 4 * 8) & mask)};
}

std::uint32_t Rss::hash(std::span<const std::uint8_t> input) {
    if (!table_is_current_) make_table();
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < input.size(); ++i) value ^= table_[i][input[i]];
    return value;
}

/// Each 1 of the input, from its first bit on, adds the 32 bits of the key that begin at its place.
void Rss::make_table() {
    const auto key_byte = [this](unsigned n) {
        return static_cast<std::uint32_t>(registers_.get(r::RSSRK(n / 4)) >> (n % 4 * 8) & 0xFF);
    };
    for (unsigned at = 0; at < kInputBytes; ++at) {
        std::uint64_t window = 0;
        for (unsigned n = 0; n < 5; ++n) window = window << 8 | (at + n < r::RSSRK_COUNT * 4 ? key_byte(at + n) : 0);
        for (unsigned value = 0; value < 256; ++value) {
            std::uint32_t sum = 0;
            for (unsigned bit = 0; bit < 8; ++bit)
                if ((value >> (7 - bit) & 1) != 0) sum ^= static_cast<std::uint32_t>(window >> (8 - bit));
            table_[at][value] = sum;
        }
    }
    table_is_current_ = true;
}

}  // namespace turnpike::nic
