// SPDX-License-Identifier: Apache-2.0
// The NIC's registers (a subset of the Intel 82599): offsets, fields and the register list, all from nic.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK nic
#define REGS_LIST "regs/nic.def"
#define REGS_BYTES 4
#include "regs/block.inc"

namespace turnpike::regs::nic {

inline constexpr unsigned kQueues = 128;   ///< of each direction
inline constexpr unsigned kVectors = 64;   ///< of MSI-X
inline constexpr unsigned kCounters = 16;  ///< per-queue statistics counters

/// Register of rx queue `n`, given that of queue 0: queues 64 and up lie at a base of their own (8.2.3.8).
constexpr std::uint64_t of_rx_queue(std::uint64_t first, unsigned n) {
    return n < 64 ? first + n * 0x40 : first + (RDBAL64(0) - RDBAL(0)) + (n - 64) * 0x40;
}
constexpr std::uint64_t of_tx_queue(std::uint64_t first, unsigned n) { return first + n * 0x40; }
/// EITR of vector `n`.
constexpr std::uint64_t eitr(unsigned n) { return n < EITR_COUNT ? EITR(n) : EITR24(n - EITR_COUNT); }

}  // namespace turnpike::regs::nic
