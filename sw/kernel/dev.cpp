// SPDX-License-Identifier: Apache-2.0
// Device table and transmit side of net/core/dev.c.
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/loopback.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sch_generic.h"
#include "sw/kernel/softnet.h"

namespace fw {
namespace {

using regs::config::IFF_UP;

constinit net_device* dev_index[regs::kMaxDevices] = {};

bool same_name(const char* a, const char* b) {
    for (unsigned i = 0; i < IFNAMSIZ; ++i) {
        if (a[i] != b[i]) return false;
        if (!a[i]) return true;
    }
    return true;
}

int lose(sk_buff* skb, net_device* dev, Fate fate, int error) {
    dev_count(dev, regs::Dev::tx_dropped);
    kfree_skb_reason(skb, fate);
    return -error;
}

/// A device without a queue, such as the loopback device, takes the packet or loses it. One that sends by another such
/// device could come back here without end (6.18: XMIT_RECURSION_LIMIT).
int xmit_without_queue(sk_buff* skb, net_device* dev) {
    constexpr u32 kXmitRecursionLimit = 8;
    if (!(dev->flags & IFF_UP)) return lose(skb, dev, Fate::device_down, err::netdown);
    if (netif_tx_queue_stopped(&dev->tx[skb->queue_mapping])) return lose(skb, dev, Fate::tx_busy, err::nobufs);
    softnet_data& sd = softnet[hal::cpu_id()];
    if (sd.xmit_recursion > kXmitRecursionLimit) {
        printk(2, "Dead loop on virtual device %s, fix it urgently!\n", dev->name);
        return lose(skb, dev, Fate::tx_busy, err::netdown);
    }
    ++sd.xmit_recursion;
    const NetdevTx result = dev_hard_start_xmit(skb, dev);
    --sd.xmit_recursion;
    return result == NETDEV_TX_OK ? 0 : lose(skb, dev, Fate::tx_busy, err::nobufs);
}

/// A NIC sends what lies in one buffer; the loopback device has no such limit (Linux validate_xmit_skb).
bool linearize(sk_buff* skb, const net_device* dev) {
    return (dev->flags & kIffLoopback) || pskb_may_pull(skb, skb->len);
}

}  // namespace

net_device* dev_get_by_index(u32 ifindex) { return ifindex - 1 < regs::kMaxDevices ? dev_index[ifindex - 1] : nullptr; }

net_device* dev_get_by_name(const char* name) {
    for (net_device* dev : dev_index) {
        if (dev && same_name(dev->name, name)) return dev;
    }
    return nullptr;
}

int register_netdevice(net_device* dev) {
    if (dev->ifindex == 0 || dev->ifindex > regs::kMaxDevices || !dev->name[0]) return -err::inval;
    if (dev_index[dev->ifindex - 1] || dev_get_by_name(dev->name)) return -err::exist;
    if (dev->real_num_tx_queues == 0) dev->real_num_tx_queues = 1;
    dev_index[dev->ifindex - 1] = dev;
    return 0;
}

int dev_open(net_device* dev) {
    if (dev->flags & IFF_UP) return 0;
    int error = dev_activate(dev);
    if (error) return error;
    error = dev->ops->open ? dev->ops->open(dev) : 0;
    if (error) {
        dev_deactivate(dev);
        return error;
    }
    dev->flags |= IFF_UP | kIffRunning;
    if (dev->ops->set_rx_mode) dev->ops->set_rx_mode(dev);
    return 0;
}

int dev_close(net_device* dev) {
    if (!(dev->flags & IFF_UP)) return 0;
    dev->flags &= ~(IFF_UP | kIffRunning);
    dev_deactivate(dev);
    if (dev->ops->stop) dev->ops->stop(dev);
    return 0;
}

STAGE int dev_queue_xmit(sk_buff* skb) {
    if (unlikely(skb->frag_list != nullptr) && !linearize(skb, skb->dev)) {
        return lose(skb, skb->dev, Fate::no_memory, err::nomem);
    }
    net_device* dev = skb->dev;
    skb->queue_mapping = netdev_pick_tx(dev);
    if (Qdisc* q = dev->tx[skb->queue_mapping].qdisc) return qdisc_xmit(skb, q);
    return xmit_without_queue(skb, dev);
}

void net_dev_init() {
    softnet_init();
    open_softirq(NET_TX_SOFTIRQ, net_tx_action);
    open_softirq(NET_RX_SOFTIRQ, net_rx_action);
    loopback_init();
}

}  // namespace fw
