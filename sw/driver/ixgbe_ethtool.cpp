// SPDX-License-Identifier: Apache-2.0
// `ethtool -G` and `-C` (Linux drivers/net/ethernet/intel/ixgbe/ixgbe_ethtool.c).
#include "regs/config.h"
#include "sw/driver/ixgbe.h"
#include "sw/kernel/error.h"

namespace fw {
namespace {

/// As Linux clamps it, but to multiples of the batch in which sent buffers are freed (Linux: of 8).
u32 ring_entries(u32 wanted, u32 now) {
    if (wanted == 0) return now;
    if (wanted < kLeastRingEntries) return kLeastRingEntries;
    if (wanted > kMostRingEntries) return kMostRingEntries;
    return (wanted + kTxCleanBatch - 1) / kTxCleanBatch * kTxCleanBatch;
}

}  // namespace

// A port that is up starts anew with the new rings: what is in the old ones is lost. If there are not enough buffers it
// goes on with rings as before.
int ixgbe_set_ringparam(net_device* dev, u32 rx, u32 tx) {
    auto* adapter = static_cast<ixgbe_adapter*>(dev->priv);
    const u32 old_rx = adapter->rx.entries, old_tx = adapter->tx.entries;
    const bool up = dev->flags & regs::config::IFF_UP;
    if (up) ixgbe_stop(dev);
    adapter->rx.entries = ring_entries(rx, old_rx);
    adapter->tx.entries = ring_entries(tx, old_tx);
    int error = up ? ixgbe_open(dev) : 0;
    if (error != 0) {
        adapter->rx.entries = old_rx;
        adapter->tx.entries = old_tx;
        ixgbe_open(dev);
    }
    if (up) ixgbe_set_rx_mode(dev);
    return error;
}

// The driver of Linux writes the microseconds shifted so that they count as units of 2 us.
int ixgbe_set_coalesce(net_device* dev, u32 rx_usecs) {
    constexpr u32 kMostUsecs = 1022;  // IXGBE_MAX_EITR >> 2
    if (rx_usecs > kMostUsecs) return -err::inval;
    auto* adapter = static_cast<ixgbe_adapter*>(dev->priv);
    adapter->itr_interval = rx_usecs / 2;
    if (dev->flags & regs::config::IFF_UP) ixgbe_write_itr(adapter);
    return 0;
}

}  // namespace fw
