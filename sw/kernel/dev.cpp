// SPDX-License-Identifier: Apache-2.0
// Device table and transmit side of net/core/dev.c.
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/loopback.h"
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
    net_device* dev = skb->dev;
    if (Qdisc* q = dev->qdisc) return qdisc_xmit(skb, q);
    // A device without a queue, such as the loopback device, takes the packet or loses it.
    const bool up = dev->flags & IFF_UP;
    if (up && !netif_queue_stopped(dev) && dev->ops->hard_start_xmit(skb, dev) == NETDEV_TX_OK) return 0;
    dev_count(dev, regs::Dev::tx_dropped);
    kfree_skb_reason(skb, up ? Fate::tx_busy : Fate::device_down);
    return up ? -err::nobufs : -err::netdown;
}

void net_dev_init() {
    open_softirq(NET_TX_SOFTIRQ, net_tx_action);
    open_softirq(NET_RX_SOFTIRQ, net_rx_action);
    loopback_init();
}

}  // namespace fw
