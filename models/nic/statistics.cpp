// SPDX-License-Identifier: Apache-2.0
#include "models/nic/statistics.h"

#include <algorithm>
#include <iterator>

#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::uint64_t kMax = 0xFFFFFFFF;
constexpr std::uint64_t kNoRegister = ~std::uint64_t{0};

struct CounterInfo {
    const char* name;
    std::uint64_t low;   ///< register, or kNoRegister
    std::uint64_t high;  ///< register of bits 32 and up
};

/// In the order of Counter. Names: ixgbe_gstrings_stats of the Linux driver; those it lacks are in its style.
constexpr CounterInfo kCounters[] = {
    {"rx_pkts_nic", regs::nic::GPRC, kNoRegister},
    {"rx_bytes_nic", regs::nic::GORCL, regs::nic::GORCH},
    {"tx_pkts_nic", regs::nic::GPTC, kNoRegister},
    {"tx_bytes_nic", regs::nic::GOTCL, regs::nic::GOTCH},
    {"rx_pkts_mac", regs::nic::TPR, kNoRegister},
    {"tx_pkts_mac", regs::nic::TPT, kNoRegister},
    {"broadcast", regs::nic::BPRC, kNoRegister},
    {"multicast", regs::nic::MPRC, kNoRegister},
    {"rx_crc_errors", regs::nic::CRCERRS, kNoRegister},
    {"rx_length_errors", regs::nic::RLEC, kNoRegister},
    {"rx_undersize_errors", regs::nic::RUC, kNoRegister},
    {"rx_oversize_errors", regs::nic::ROC, kNoRegister},
    {"rx_missed_errors", regs::nic::MPC(0), kNoRegister},
    {"rx_no_dma_resources", kNoRegister, kNoRegister},
    {"rx_bus_errors", kNoRegister, kNoRegister},
    {"tx_bus_errors", kNoRegister, kNoRegister},
    {"tx_bad_descriptors", kNoRegister, kNoRegister},
    {"lsc_int", kNoRegister, kNoRegister},
    {"interrupts", kNoRegister, kNoRegister},
};
static_assert(std::size(kCounters) == static_cast<unsigned>(Counter::count));

}  // namespace

void Statistics::count(Counter counter, std::uint64_t amount) {
    const CounterInfo& info = kCounters[static_cast<unsigned>(counter)];
    totals_[static_cast<unsigned>(counter)] += amount;
    if (info.low == kNoRegister) return;
    if (info.high == kNoRegister)
        bump(info.low, amount);
    else
        add_wide(info.low, info.high, amount);
}

void Statistics::bump(std::uint64_t reg, std::uint64_t amount) {
    registers_.set(reg,
                   std::min(registers_.get(reg) + amount, kMax));  // 8.2.3.23: counters stick at their largest value
}

void Statistics::add_wide(std::uint64_t low, std::uint64_t high, std::uint64_t amount) {
    const std::uint64_t sum = registers_.get(low) + amount;
    registers_.set(low, sum & kMax);
    registers_.add(high, sum >> 32);
}

std::uint64_t Statistics::counter_of(std::uint64_t map, unsigned queue) const {
    return registers_.get(map + queue / 4 * 4) >> (queue % 4 * 8) & 0xF;
}

void Statistics::count_queue_rx(unsigned queue, std::uint64_t bytes) {
    const auto n = static_cast<unsigned>(counter_of(r::RQSMR(0), queue));
    bump(r::QPRC(n));
    add_wide(r::QBRC_L(n), r::QBRC_H(n), bytes);
}

void Statistics::count_queue_tx(unsigned queue, std::uint64_t bytes) {
    const auto n = static_cast<unsigned>(counter_of(r::TQSM(0), queue));
    bump(r::QPTC(n));
    add_wide(r::QBTC_L(n), r::QBTC_H(n), bytes);
}

void Statistics::count_queue_drop(unsigned queue) {
    bump(r::QPRDC(static_cast<unsigned>(counter_of(r::RQSMR(0), queue))));
}

void Statistics::add_octets(std::uint64_t bytes) { add_wide(r::TORL, r::TORH, bytes); }

void Statistics::count_size(std::uint64_t first, std::uint64_t bytes) {
    constexpr std::uint64_t kBelow[] = {65, 128, 256, 512, 1024};
    unsigned n = 0;
    while (n < std::size(kBelow) && bytes >= kBelow[n]) ++n;
    bump(first + n * r::kRegisterBytes);
}

std::vector<std::pair<std::string, std::uint64_t>> Statistics::named() const {
    std::vector<std::pair<std::string, std::uint64_t>> list;
    for (unsigned n = 0; n < totals_.size(); ++n) list.emplace_back(kCounters[n].name, totals_[n]);
    return list;
}

}  // namespace turnpike::nic
