// SPDX-License-Identifier: Apache-2.0
// The loopback device: what is sent comes back as received (Linux drivers/net/loopback.c).
#include "sw/kernel/loopback.h"

#include "sw/kernel/netdevice.h"
#include "sw/wire/ethernet.h"

namespace fw {
namespace {

constexpr u32 kLoopbackMtu = 65536;

constinit net_device loopback_dev = {};

NetdevTx loopback_xmit(sk_buff* skb, net_device* dev) {
    eth_type_trans(skb, dev);
    __builtin_memset(skb->cb, 0, sizeof skb->cb);  // what protocols noted on the way out means nothing on the way in
    const u32 bytes = skb->len;                    // without the link header, as Linux counts here
    if (netif_rx(skb) == NET_RX_DROP) return NETDEV_TX_OK;
    dev_count(dev, regs::Dev::tx_packets);
    dev_count(dev, regs::Dev::tx_bytes, bytes);
    dev_count(dev, regs::Dev::rx_packets);
    dev_count(dev, regs::Dev::rx_bytes, bytes);
    return NETDEV_TX_OK;
}

constinit const net_device_ops loopback_ops = {
    .open = nullptr, .stop = nullptr, .hard_start_xmit = loopback_xmit, .set_rx_mode = nullptr};

}  // namespace

void loopback_init() {
    loopback_dev = {};
    loopback_dev.name[0] = 'l';
    loopback_dev.name[1] = 'o';
    loopback_dev.ifindex = kLoopbackIfindex;
    loopback_dev.mtu = loopback_dev.max_mtu = kLoopbackMtu;
    loopback_dev.flags = kIffLoopback;
    loopback_dev.hard_header_len = wire::kEthHeaderBytes;
    loopback_dev.ops = &loopback_ops;
    register_netdevice(&loopback_dev);
    dev_open(&loopback_dev);
}

}  // namespace fw
