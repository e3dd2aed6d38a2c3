// SPDX-License-Identifier: Apache-2.0
// `ethtool -G`, `-C`, `-L` and `-N` (Linux drivers/net/ethernet/intel/ixgbe/ixgbe_ethtool.c).
#include "regs/config.h"
#include "sw/driver/ixgbe.h"
#include "sw/kernel/error.h"
#include "sw/kernel/sch_generic.h"

namespace fw {
namespace {

ixgbe_adapter* adapter_of(const net_device* dev) { return static_cast<ixgbe_adapter*>(dev->priv); }

bool is_up(const net_device* dev) { return dev->flags & regs::config::IFF_UP; }

/// As Linux clamps it, but to multiples of the batch in which sent buffers are freed (Linux: of 8).
u32 ring_entries(u32 wanted, u32 now) {
    if (wanted == 0) return now;
    if (wanted < kLeastRingEntries) return kLeastRingEntries;
    if (wanted > kMostRingEntries) return kMostRingEntries;
    return (wanted + kTxCleanBatch - 1) / kTxCleanBatch * kTxCleanBatch;
}

/// A port that is up starts anew: what is in its rings is lost. Rings that were full are empty now.
int restart(net_device* dev) {
    if (!is_up(dev)) return 0;
    const int error = ixgbe_open(dev);
    if (error) return error;
    ixgbe_set_rx_mode(dev);
    for (netdev_queue& queue : dev->tx) netif_tx_wake_queue(&queue);
    return 0;
}

void stop(net_device* dev) {
    if (is_up(dev)) ixgbe_stop(dev);
}

void set_queues(net_device* dev, u32 queues) {
    if (is_up(dev)) dev_deactivate(dev);
    ixgbe_use_queues(adapter_of(dev), queues);
}

}  // namespace

// If there are not enough buffers it goes on with rings as before.
int ixgbe_set_ringparam(net_device* dev, u32 rx, u32 tx) {
    ixgbe_adapter* adapter = adapter_of(dev);
    const u32 old_rx = adapter->rx_entries, old_tx = adapter->tx_entries;
    stop(dev);
    adapter->rx_entries = ring_entries(rx, old_rx);
    adapter->tx_entries = ring_entries(tx, old_tx);
    const int error = restart(dev);
    if (error != 0) {
        adapter->rx_entries = old_rx;
        adapter->tx_entries = old_tx;
        restart(dev);
    }
    return error;
}

// ixgbe_set_channels: without MSI-X there is one pair. What waits in the queues of the device is lost, as there.
int ixgbe_set_channels(net_device* dev, u32 combined) {
    ixgbe_adapter* adapter = adapter_of(dev);
    if (combined == 0 || combined > adapter->most_queues) return -err::inval;
    const u32 old = adapter->queues;
    if (combined == old) return 0;
    stop(dev);
    set_queues(dev, combined);
    int error = is_up(dev) ? dev_activate(dev) : 0;
    if (!error) error = restart(dev);
    if (error != 0) {
        set_queues(dev, old);
        if (is_up(dev)) dev_activate(dev);
        restart(dev);
    }
    return error;
}

// The driver of Linux writes the microseconds shifted so that they count as units of 2 us. A vector stands for both
// directions: Linux refuses tx-usecs of its own then; those that say the same are no contradiction.
int ixgbe_set_coalesce(net_device* dev, u32 rx_usecs, u32 tx_usecs) {
    constexpr u32 kMostUsecs = 1022;  // IXGBE_MAX_EITR >> 2
    if (rx_usecs > kMostUsecs || (tx_usecs != 0 && tx_usecs != rx_usecs)) return -err::inval;
    ixgbe_adapter* adapter = adapter_of(dev);
    adapter->itr_interval = rx_usecs / 2;
    if (is_up(dev)) ixgbe_write_itr(adapter);
    return 0;
}

u32 ixgbe_get_coalesce(const net_device* dev) { return adapter_of(dev)->itr_interval * 2; }

int ixgbe_set_udp_ports(net_device* dev, bool hashed) {
    ixgbe_adapter* adapter = adapter_of(dev);
    adapter->udp_ports = hashed;
    if (is_up(dev)) ixgbe_setup_rss(adapter);
    return 0;
}

}  // namespace fw
