// SPDX-License-Identifier: Apache-2.0
// `ip link set` (Linux net/core/rtnetlink.c do_setlink, net/core/dev.c, and what net/ipv4 does when it hears of it).
#include "sw/kernel/error.h"
#include "sw/net/arp.h"
#include "sw/net/devinet.h"
#include "sw/net/igmp.h"
#include "sw/net/net.h"
#include "sw/net/route.h"

namespace fw {

using namespace regs::config;

namespace {

int set_address(net_device* dev, const u8* mac) {
    if (wire::is_multicast_ether_addr(mac) || wire::is_zero_ether_addr(mac)) return -err::addrnotavail;
    __builtin_memcpy(dev->dev_addr, mac, ETH_ALEN);
    neigh_changeaddr(dev);  // their cached headers name the old address
    arp_notify(dev);
    return 0;
}

/// Flags that nothing but packets ask for.
void set_flags(net_device* dev, u32 flags, u32 change) {
    constexpr u32 kModes = IFF_PROMISC | IFF_ALLMULTI | kIffMulticast | kIffNoarp;
    const u32 before = dev->flags;
    dev->flags = (before & ~(change & kModes)) | (flags & change & kModes);
    if ((before ^ dev->flags) & kIffNoarp) neigh_changeaddr(dev);
}

int set_up(net_device* dev, bool up) {
    if (up == ((dev->flags & IFF_UP) != 0)) return 0;
    if (up) {
        int error = dev_open(dev);
        if (error == 0) error = fib_netdev_up(dev);
        if (error != 0) {  // with no room for its routes it stays down
            dev_close(dev);
            fib_disable_ip(dev, false);
            return error;
        }
        ip_mc_up(dev);
        arp_notify(dev);
        return 0;
    }
    const int error = dev_close(dev);
    if (error == 0) {
        ip_mc_down(dev);
        fib_disable_ip(dev, false);
    }
    return error;
}

}  // namespace

int inet_link_set(const msg::LinkSet& message) {
    net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev) return -err::nodev;
    if (message.mtu != 0 && (message.mtu < kMinMtu || message.mtu > dev->max_mtu)) return -err::inval;
    int error = message.has_address ? set_address(dev, message.mac) : 0;
    if (error != 0) return error;
    if (message.mtu != 0) {
        dev->mtu = message.mtu;
        rt_dev_mtu_changed(dev);
        ip_route_output_dev(dev);
    }
    set_flags(dev, message.flags, message.change);
    if (dev->ops && dev->ops->set_rx_mode && (message.has_address || (message.change & ~IFF_UP) != 0)) {
        dev->ops->set_rx_mode(dev);
    }
    if (message.change & IFF_UP) error = set_up(dev, (message.flags & IFF_UP) != 0);
    return error;
}

}  // namespace fw
