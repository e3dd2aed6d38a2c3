// SPDX-License-Identifier: Apache-2.0
// `ip link set` (Linux net/core/rtnetlink.c do_setlink, net/core/dev.c, and what net/ipv4 does when it hears of it).
#include "sw/kernel/error.h"
#include "sw/net/arp.h"
#include "sw/net/devinet.h"
#include "sw/net/igmp.h"
#include "sw/net/net.h"
#include "sw/net/nexthop_object.h"
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

/// By hand is one of those who may want all frames (dev->gflags).
void set_wanted(net_device* dev, u32 flag, bool on, void (*set)(net_device*, int)) {
    if (on == ((dev->gflags & flag) != 0)) return;
    dev->gflags ^= flag;
    set(dev, on ? 1 : -1);
}

void set_flags(net_device* dev, u32 flags, u32 change) {
    constexpr u32 kPlain = kIffMulticast | kIffNoarp;
    const u32 before = dev->flags;
    dev->flags = (before & ~(change & kPlain)) | (flags & change & kPlain);
    if ((before ^ dev->flags) & kIffNoarp) neigh_changeaddr(dev);
    if (change & IFF_PROMISC) set_wanted(dev, IFF_PROMISC, flags & IFF_PROMISC, dev_set_promiscuity);
    if (change & IFF_ALLMULTI) set_wanted(dev, IFF_ALLMULTI, flags & IFF_ALLMULTI, dev_set_allmulti);
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
        nexthop_flush_dev(dev->ifindex);
        fib_disable_ip(dev, false);
    }
    return error;
}

u32 feature_bits(u32 features) {
    return (features & NETIF_F_RXCSUM ? ETHTOOL_F_RX_CHECKSUM : 0) |
           (features & NETIF_F_IP_CSUM ? ETHTOOL_F_TX_CHECKSUM : 0);
}

void set_features(net_device* dev, u32 wanted, u32 change) {
    u32 bits = (feature_bits(dev->features) & ~change) | (wanted & change);
    dev->features =
        (bits & ETHTOOL_F_RX_CHECKSUM ? NETIF_F_RXCSUM : 0) | (bits & ETHTOOL_F_TX_CHECKSUM ? NETIF_F_IP_CSUM : 0);
}

}  // namespace

int inet_ethtool(const msg::Ethtool& message) {
    net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev) return -err::nodev;
    const u32 rx = message.change & ETHTOOL_RX_PENDING ? message.rx_pending : 0;
    const u32 tx = message.change & ETHTOOL_TX_PENDING ? message.tx_pending : 0;
    if (message.change & (ETHTOOL_RX_PENDING | ETHTOOL_TX_PENDING)) {
        if (!dev->ops->set_ringparam) return -err::opnotsupp;
        if (const int error = dev->ops->set_ringparam(dev, rx, tx)) return error;
    }
    if (message.change & ETHTOOL_COMBINED) {
        if (!dev->ops->set_channels) return -err::opnotsupp;
        if (const int error = dev->ops->set_channels(dev, message.combined)) return error;
    }
    if (message.change & ETHTOOL_UDP_PORTS) {
        if (!dev->ops->set_udp_ports) return -err::opnotsupp;
        if (const int error = dev->ops->set_udp_ports(dev, message.udp_ports != 0)) return error;
    }
    if (message.features_change & ~feature_bits(dev->hw_features)) return -err::opnotsupp;
    set_features(dev, message.features, message.features_change);
    if (!(message.change & (ETHTOOL_RX_USECS | ETHTOOL_TX_USECS))) return 0;
    if (!dev->ops->set_coalesce) return -err::opnotsupp;
    const u32 rx_usecs = message.change & ETHTOOL_RX_USECS ? message.rx_usecs : dev->ops->get_coalesce(dev);
    return dev->ops->set_coalesce(dev, rx_usecs, message.change & ETHTOOL_TX_USECS ? message.tx_usecs : 0);
}

int inet_link_set(const msg::LinkSet& message) {
    net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev) return -err::nodev;
    if (message.mtu != 0 && (message.mtu < kMinMtu || message.mtu > dev->max_mtu)) return -err::inval;
    int error = message.has_address ? set_address(dev, message.mac) : 0;
    if (error != 0) return error;
    if (message.mtu != 0) {
        const u32 before = dev->mtu;
        dev->mtu = message.mtu;
        rt_dev_mtu_changed(dev, before);
    }
    if (message.has_txqueuelen) dev->tx_queue_len = message.txqueuelen;
    set_flags(dev, message.flags, message.change);
    if (dev->ops && dev->ops->set_rx_mode && message.has_address) dev->ops->set_rx_mode(dev);
    if (message.change & IFF_UP) error = set_up(dev, (message.flags & IFF_UP) != 0);
    return error;
}

}  // namespace fw
