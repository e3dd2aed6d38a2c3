// SPDX-License-Identifier: Apache-2.0
// Probe, open and close, interrupt.
#include <cstddef>

#include "regs/address_map.h"
#include "sw/driver/ixgbe.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/sysctl.h"

namespace fw {
namespace {

namespace nic = regs::nic;

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
    dev.hard_header_len = 14;
    dev.tx_queue_len = kTxQueueLength;
    dev.ops = &ixgbe_ops;
    dev.priv = adapter;
}

bool to_backlog(sk_buff* skb) { return netif_rx(skb) != NET_RX_DROP; }

bool to_stack(sk_buff* skb) {
    napi_gro_receive(skb);
    return true;
}

/// With the port's interrupts masked. A frame that came after the last look has set its cause, which then interrupts as
/// soon as it may (8.2.3.5.5).
STAGE u32 ixgbe_poll(napi_struct* napi, u32 budget) {
    auto* adapter = reinterpret_cast<ixgbe_adapter*>(reinterpret_cast<u8*>(napi) - offsetof(ixgbe_adapter, napi));
    if (!(adapter->dev.flags & regs::config::IFF_UP)) {  // went down meanwhile
        napi_complete(napi);
        return 0;
    }
    ixgbe_clean_tx(adapter);
    const u32 work = ixgbe_clean_rx(adapter, budget, to_stack);
    if (work == budget) return work;
    napi_complete(napi);
    ixgbe_write(adapter, nic::EIMS, kRxCause | (netif_queue_stopped(&adapter->dev) ? kTxCause : 0));
    return work;
}

}  // namespace

int ixgbe_open(net_device* dev) {
    ixgbe_adapter* adapter = adapter_of(dev);
    int error = ixgbe_alloc_rx(adapter);
    if (error) return error;
    error = ixgbe_reset_hw(adapter);  // an earlier use has left the heads of the rings anywhere
    if (!error) error = ixgbe_up_hw(adapter);
    if (error) {
        ixgbe_down_hw(adapter);
        ixgbe_free_rx(adapter);
    }
    return error;
}

void ixgbe_stop(net_device* dev) {
    ixgbe_adapter* adapter = adapter_of(dev);
    ixgbe_down_hw(adapter);
    ixgbe_free_rx(adapter);
    ixgbe_free_tx(adapter);
}

STAGE void ixgbe_intr(unsigned, void* data) {
    auto* adapter = static_cast<ixgbe_adapter*>(data);
    const u32 causes = ixgbe_read(adapter, nic::EICR);  // clears them, 8.2.3.5.1
    if (!causes) return;                                // a neighbour on the same line
    ixgbe_count(adapter, regs::NicDrv::interrupts);
    if (sysctl(SysctlId::napi) != 0) {
        ixgbe_write(adapter, nic::EIMC, kRxCause | kTxCause);
        napi_schedule(&adapter->napi);
        return;
    }
    // Takes at most one ring's worth, and stops early when the backlog is full: the frames that the stack has no time
    // for stay in the ring and then in the NIC, where dropping them costs no cycles. Else, under overload, the core
    // would spend all its time on taking frames in and throwing them away.
    if ((causes & kRxCause) && ixgbe_clean_rx(adapter, adapter->rx.entries, to_backlog) == adapter->rx.entries) {
        ixgbe_write(adapter, nic::EICS, kRxCause);
    }
    // A stopped queue is looked at in any case: the read above may have taken the very cause it waits for.
    if ((causes & kTxCause) || netif_queue_stopped(&adapter->dev)) ixgbe_clean_tx(adapter);
}

int ixgbe_probe(const regs::config::Port& port) {
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
    ixgbe_adapter* adapter = &adapters[adapters_used];
    adapter->bar = port.bar;
    adapter->rx.entries = adapter->tx.entries = kRingEntries;
    adapter->itr_interval = kItrInterval;
    adapter->napi.poll = ixgbe_poll;
    adapter->tx.lock.counted_as = LockClass::tx_ring;
    adapter->counters = turnpike_counters.nic[port.ifindex - 1];
    fill_device(adapter, port);
    int error = ixgbe_reset_hw(adapter);
    if (error) return error;
    error = register_netdevice(&adapter->dev);
    if (error) return error;
    ++adapters_used;
    return request_irq(port.irq_pin, ixgbe_intr, adapter, port.irq_cpu);
}

}  // namespace fw
