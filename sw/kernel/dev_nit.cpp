// SPDX-License-Identifier: Apache-2.0
// Taps on what is sent, and promiscuous devices (Linux net/core/dev.c).
#include "sw/kernel/netdevice.h"

namespace fw {
namespace {

void count_flag(net_device* dev, u32* users, u32 flag, int inc) {
    *users += static_cast<u32>(inc);
    const u32 flags = *users != 0 ? dev->flags | flag : dev->flags & ~flag;
    if (flags == dev->flags) return;
    dev->flags = flags;
    if (dev->ops && dev->ops->set_rx_mode) dev->ops->set_rx_mode(dev);
}

}  // namespace

void dev_queue_xmit_nit(sk_buff* skb, net_device* dev) {
    for (packet_type* tap = ptype_all; tap; tap = tap->next) {
        sk_buff* clone = skb_clone(skb);
        if (!clone) return;
        clone->pkt_type = PACKET_OUTGOING;
        clone->mac_header = skb_headroom(clone);
        tap->func(clone, dev, tap);
    }
}

void dev_set_promiscuity(net_device* dev, int inc) {
    count_flag(dev, &dev->promiscuity, regs::config::IFF_PROMISC, inc);
}

void dev_set_allmulti(net_device* dev, int inc) { count_flag(dev, &dev->allmulti, regs::config::IFF_ALLMULTI, inc); }

}  // namespace fw
