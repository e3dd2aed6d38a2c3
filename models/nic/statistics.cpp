// SPDX-License-Identifier: Apache-2.0
#include "models/nic/statistics.h"

#include <algorithm>

#include "regs/nic.h"

namespace turnpike::nic {
namespace {

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
    {"rx_missed_errors", regs::nic::MPC, kNoRegister},
    {"rx_no_dma_resources", regs::nic::QPRDC(0), kNoRegister},
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
    constexpr std::uint64_t kMax = 0xFFFFFFFF;
    const std::uint64_t sum = registers_.get(info.low) + amount;
    if (info.high == kNoRegister) {
        registers_.set(info.low, std::min(sum, kMax));  // 8.2.3.23: counters stick at their largest value
    } else {
        registers_.set(info.low, sum & kMax);
        registers_.add(info.high, sum >> 32);
    }
}

std::vector<std::pair<std::string, std::uint64_t>> Statistics::named() const {
    std::vector<std::pair<std::string, std::uint64_t>> list;
    for (unsigned n = 0; n < totals_.size(); ++n) list.emplace_back(kCounters[n].name, totals_[n]);
    return list;
}

}  // namespace turnpike::nic
