// SPDX-License-Identifier: Apache-2.0
// A network device, as the driver and the stack share it (Linux include/linux/netdevice.h).
#pragma once
#include "regs/config.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/skbuff.h"

namespace fw {

struct net_device;
struct Qdisc;
struct Qdisc_ops;

inline constexpr unsigned IFNAMSIZ = 16;
inline constexpr unsigned ETH_ALEN = 6;
inline constexpr unsigned kLoopbackIfindex = 1;

/// Interface flags beyond those of regs/config.h (include/uapi/linux/if.h).
inline constexpr u32 kIffBroadcast = 0x2, kIffLoopback = 0x8, kIffRunning = 0x40, kIffMulticast = 0x1000,
                     kIffNoarp = 0x80;

enum NetdevTx : int { NETDEV_TX_OK = 0, NETDEV_TX_BUSY = 1 };

/// One of a device's transmit queues. A line of its own, since each has a CPU of its own.
struct alignas(64) netdev_queue {
    Qdisc* qdisc;
    bool stopped;  ///< the driver's ring is full; read and written by netif_tx_queue_stopped and its like
};

/// What a device can do with checksums (Linux include/linux/netdev_features.h).
inline constexpr u32 NETIF_F_IP_CSUM = 1, NETIF_F_RXCSUM = 2;

/// What a driver gives.
struct net_device_ops {
    int (*open)(net_device*) = nullptr;  ///< 0 or -errno
    void (*stop)(net_device*) = nullptr;
    /// NETDEV_TX_BUSY: ring full, the skb still belongs to the caller.
    NetdevTx (*hard_start_xmit)(sk_buff*, net_device*) = nullptr;
    void (*set_rx_mode)(net_device*) = nullptr;                              ///< flags, address or MTU changed
    int (*set_ringparam)(net_device*, u32 rx, u32 tx) = nullptr;             ///< descriptors, 0: as it is; 0 or -errno
    int (*set_coalesce)(net_device*, u32 rx_usecs, u32 tx_usecs) = nullptr;  ///< us between interrupts; 0 or -errno
    u32 (*get_coalesce)(const net_device*) = nullptr;                        ///< of rx
    int (*set_channels)(net_device*, u32 combined) = nullptr;                ///< pairs of rx and tx queues; 0 or -errno
    int (*set_udp_ports)(net_device*, bool) = nullptr;  ///< RSS hashes the ports of UDP, too; 0 or -errno
};

struct net_device {
    char name[IFNAMSIZ];
    u32 ifindex;
    u32 mtu;
    u32 max_mtu;
    u32 flags;   ///< IFF_*
    u32 gflags;  ///< of IFF_PROMISC and IFF_ALLMULTI what somebody has set by hand
    u16 hard_header_len;
    u8 dev_addr[ETH_ALEN];
    u32 tx_queue_len;
    const net_device_ops* ops;
    const Qdisc_ops* qdisc_ops;  ///< nullptr: the default, one for each transmit queue
    u32 promiscuity;             ///< how many want all frames …
    u32 allmulti;                ///< … and how many all multicast frames
    u32 hw_features;             ///< NETIF_F_* that it has …
    u32 features;                ///< … and that are on
    void* priv;
    u32 real_num_tx_queues;        ///< of its driver
    u32 active_tx_queues;          ///< in use: one where a discipline for all of them was grafted
    u8 tx_of_cpu[regs::kMaxCpus];  ///< the driver's choice of a queue for each CPU (Linux: XPS)
    netdev_queue tx[regs::kMaxQueues];
};

/// Devices by interface index; nullptr where there is none. Index 1 is the loopback device.
net_device* dev_get_by_index(u32 ifindex);
net_device* dev_get_by_name(const char* name);
int register_netdevice(net_device* dev);
int dev_open(net_device* dev);
int dev_close(net_device* dev);

inline void dev_count(const net_device* dev, regs::Dev counter, u64 amount = 1) {
    cpu_counters().dev[dev->ifindex - 1][static_cast<unsigned>(counter)] += amount;
}

// dev_backlog.cpp
/// How full the backlog is, from its average (Linux 2.4 include/linux/netdevice.h).
enum NetRx : int { NET_RX_SUCCESS = 0, NET_RX_DROP, NET_RX_CN_LOW, NET_RX_CN_MOD, NET_RX_CN_HIGH };
/// A frame is handed up from an interrupt: skb->data is at the network header, dev, protocol, pkt_type, mac_header set
/// (eth_type_trans). Enqueues to this CPU's backlog and raises the receive softirq; a full backlog drops and counts.
OBSERVED NetRx netif_rx(sk_buff* skb);

// eth.cpp
/// Link header → protocol and pkt_type; pulls the header.
void eth_type_trans(sk_buff* skb, net_device* dev);
/// skb->protocol of an Ethernet type field, which may be a length.
u16 eth_protocol(u16 type);

// dev_rx.cpp
/// Gives a frame to the taps and to its packet-type handlers.
void netif_receive_skb(sk_buff* skb);
struct packet_type {
    u16 type;  ///< network byte order; 0 takes everything, also what is sent (a tap)
    /// Owns the skb. A tap's is a clone: it must not change the bytes, and ends it with consume_skb.
    void (*func)(sk_buff*, net_device*, packet_type*);
    packet_type* next;
};
void dev_add_pack(packet_type* handler);
void dev_remove_pack(const packet_type* handler);
extern packet_type* ptype_all;

// dev_nit.cpp
/// Shows taps what is being sent, as PACKET_OUTGOING.
void dev_queue_xmit_nit(sk_buff* skb, net_device* dev);
/// Hands a frame to the driver.
inline NetdevTx dev_hard_start_xmit(sk_buff* skb, net_device* dev) {
    if (unlikely(ptype_all != nullptr)) dev_queue_xmit_nit(skb, dev);
    return dev->ops->hard_start_xmit(skb, dev);
}
/// One more, or one less, who wants all frames (or all multicast frames) of the device.
void dev_set_promiscuity(net_device* dev, int inc);
void dev_set_allmulti(net_device* dev, int inc);

/// The stack hands a frame down, link header in place. Queues it to the device's qdisc and runs that.
OBSERVED int dev_queue_xmit(sk_buff* skb);
/// What the CPU sends goes by the same queue, so the frames of a flow that one CPU handles keep their order.
inline u8 netdev_pick_tx(const net_device* dev) {
    return dev->active_tx_queues > 1 ? dev->tx_of_cpu[hal::cpu_id()] : 0;
}
inline bool netif_tx_queue_stopped(const netdev_queue* queue) {
    return __atomic_load_n(&queue->stopped, __ATOMIC_RELAXED);
}
void netif_tx_stop_queue(netdev_queue* queue);
/// The ring has room again: schedules the transmit softirq.
void netif_tx_wake_queue(netdev_queue* queue);
// Of a device with one queue.
inline bool netif_queue_stopped(const net_device* dev) { return netif_tx_queue_stopped(&dev->tx[0]); }
inline void netif_stop_queue(net_device* dev) { netif_tx_stop_queue(&dev->tx[0]); }
inline void netif_wake_queue(net_device* dev) { netif_tx_wake_queue(&dev->tx[0]); }

/// Device table, softirqs and the loopback device, which comes up at once.
void net_dev_init();

}  // namespace fw
