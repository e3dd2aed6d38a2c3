// SPDX-License-Identifier: Apache-2.0
// Probe, open and close.
#include "regs/address_map.h"
#include "sw/driver/ixgbe.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/smp.h"

namespace fw {
namespace {

constexpr u32 kTxQueueLength = 1000;  // Linux include/linux/netdevice.h, DEFAULT_TX_QUEUE_LEN

constinit ixgbe_adapter adapters[regs::map::MAX_PORTS] = {};
constinit unsigned adapters_used = 0;

ixgbe_adapter* adapter_of(net_device* dev) { return static_cast<ixgbe_adapter*>(dev->priv); }

constinit const net_device_ops ixgbe_ops = {
    .open = ixgbe_open,
    .stop = ixgbe_stop,
    .hard_start_xmit = ixgbe_xmit_frame,
    .set_rx_mode = ixgbe_set_rx_mode,
    .set_ringparam = ixgbe_set_ringparam,
    .set_coalesce = ixgbe_set_coalesce,
    .get_coalesce = ixgbe_get_coalesce,
    .set_channels = ixgbe_set_channels,
    .set_udp_ports = ixgbe_set_udp_ports,
};

void fill_device(ixgbe_adapter* adapter, const regs::config::Port& port) {
    net_device& dev = adapter->dev;
    dev = {};
    __builtin_memcpy(dev.name, port.name, IFNAMSIZ);
    dev.name[IFNAMSIZ - 1] = 0;
    __builtin_memcpy(dev.dev_addr, port.mac, ETH_ALEN);
    dev.ifindex = port.ifindex;
    dev.mtu = port.mtu;
    dev.max_mtu = kMaxMtu;
    dev.flags = kIffBroadcast | kIffMulticast;
    dev.hw_features = dev.features = NETIF_F_IP_CSUM | NETIF_F_RXCSUM;
    dev.hard_header_len = 14;
    dev.tx_queue_len = kTxQueueLength;
    dev.ops = &ixgbe_ops;
    dev.priv = adapter;
}

void fill_queues(ixgbe_adapter* adapter) {
    const bool msix = adapter->interrupts == IxgbeInterrupts::msix;
    for (u32 n = 0; n < regs::kMaxQueues; ++n) {
        ixgbe_queue& queue = adapter->queue[n];
        queue.adapter = adapter;
        queue.number = n;
        queue.napi.poll = ixgbe_poll;
        queue.napi.owner = &queue;
        queue.counters = turnpike_counters.queue[adapter->dev.ifindex - 1][n].driver;
        queue.rx.tail_register = adapter->bar + regs::nic::RDT(n);
        queue.tx.tail_register = adapter->bar + regs::nic::TDT(n);
        queue.tx.txq = &adapter->dev.tx[n];
        queue.tx.lock.counted_as = LockClass::tx_ring;
        queue.rx_cause = msix ? 1U << n : 1U;
        queue.tx_cause = msix ? 1U << n : 2U;
    }
}

int check(const regs::config::Port& port) {
    if (adapters_used == regs::map::MAX_PORTS) return -err::nospc;
    if (port.mtu > kMaxMtu) {
        printk(3, "%s: mtu %u is more than the device's %u\n", port.name, port.mtu, kMaxMtu);
        return -err::inval;
    }
    if (port.irq_cpu >= cpus_online) {
        printk(3, "%s: CPU %u is to take the interrupts, of %u\n", port.name, port.irq_cpu, cpus_online);
        return -err::inval;
    }
    if (port.ifindex == 0 || port.ifindex > regs::kMaxDevices) return -err::inval;
    return port.queues > regs::kMaxQueues || port.interrupts > regs::config::INTERRUPTS_MSIX ? -err::inval : 0;
}

/// Memory for the rings of all queues, the rx ones filled. 0 or -errno, and then there are none.
int alloc_rings(ixgbe_adapter* adapter) {
    for (u32 n = 0; n < adapter->queues; ++n) {
        ixgbe_queue* queue = &adapter->queue[n];
        int error = ixgbe_alloc_tx(queue, adapter->tx_entries);
        if (!error) error = ixgbe_alloc_rx(queue, adapter->rx_entries);
        if (error) return error;
    }
    return 0;
}

void free_rings(ixgbe_adapter* adapter) {
    for (ixgbe_queue& queue : adapter->queue) {
        ixgbe_free_rx(&queue);
        ixgbe_free_tx(&queue);
    }
}

}  // namespace

void ixgbe_use_queues(ixgbe_adapter* adapter, u32 queues) {
    adapter->queues = adapter->dev.real_num_tx_queues = queues;
    // CPUs beyond the queues share them.
    for (u32 n = 0; n < cpus_online; ++n)
        adapter->dev.tx_of_cpu[ixgbe_cpu_of(adapter, n)] = static_cast<u8>(n % queues);
}

int ixgbe_open(net_device* dev) {
    ixgbe_adapter* adapter = adapter_of(dev);
    int error = alloc_rings(adapter);
    if (!error) error = ixgbe_reset_hw(adapter);  // an earlier use has left the heads of the rings anywhere
    if (!error) error = ixgbe_up_hw(adapter);
    if (error) ixgbe_stop(dev);
    return error;
}

void ixgbe_stop(net_device* dev) {
    ixgbe_adapter* adapter = adapter_of(dev);
    ixgbe_down_hw(adapter);
    free_rings(adapter);
}

int ixgbe_probe(const regs::config::Port& port) {
    int error = check(port);
    if (error) return error;
    ixgbe_adapter* adapter = &adapters[adapters_used];
    adapter->bar = port.bar;
    adapter->config_space = port.config_space;
    adapter->first_cpu = port.irq_cpu;
    adapter->itr_interval = kItrInterval;
    adapter->interrupts = ixgbe_choose_interrupts(adapter, static_cast<IxgbeInterrupts>(port.interrupts));
    // RSS goes by MSI-X only, and a queue without a CPU of its own gains nothing.
    const bool several = adapter->interrupts == IxgbeInterrupts::msix;
    adapter->most_queues = !several ? 1 : cpus_online < regs::kMaxQueues ? cpus_online : regs::kMaxQueues;
    const u32 queues = port.queues == 0 ? 1 : port.queues < adapter->most_queues ? port.queues : adapter->most_queues;
    const u32 entries = kRingEntries / queues;
    adapter->rx_entries = adapter->tx_entries =
        entries < kLeastRingEntries ? kLeastRingEntries : entries / kTxCleanBatch * kTxCleanBatch;
    fill_device(adapter, port);
    fill_queues(adapter);
    ixgbe_use_queues(adapter, queues);
    error = ixgbe_reset_hw(adapter);
    if (!error) error = register_netdevice(&adapter->dev);
    if (error) return error;
    ++adapters_used;
    return ixgbe_request_irqs(adapter, port);
}

}  // namespace fw
