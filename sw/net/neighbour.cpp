// SPDX-License-Identifier: Apache-2.0
#include "sw/net/neighbour.h"

#include "sw/kernel/error.h"
#include "sw/net/net.h"

namespace fw {
namespace {

constexpr unsigned kBuckets = 1024;
constinit neighbour pool[kMaxNeighbours] = {};
constinit neighbour* buckets[kBuckets] = {};
constinit neighbour* free_list = nullptr;

/// Where an entry is linked. Hosts of one subnet differ in their last octets, so these alone spread well.
neighbour*& bucket_of(u32 key, const net_device* dev) { return buckets[(key ^ (dev->ifindex << 7)) % kBuckets]; }

/// The link header: IP packets from this device's address to `mac` (RFC 894).
void fill_hh(neighbour* neigh, const u8* mac) {
    constexpr unsigned kFirst = kHhBytes - wire::kEthHeaderBytes;
    u8* at = neigh->hh + kFirst;
    __builtin_memcpy(at + wire::kEthDestination, mac, ETH_ALEN);
    __builtin_memcpy(at + wire::kEthSource, neigh->dev->dev_addr, ETH_ALEN);
    wire::put16(at + wire::kEthType, wire::ETH_P_IP);
}

void release(neighbour** link) {
    neighbour* gone = *link;
    *link = gone->next;
    gone->dev = nullptr;
    gone->next = free_list;
    free_list = gone;
}

neighbour* neigh_create(u32 key, net_device* dev) {
    neighbour* neigh = free_list;
    if (!neigh) return nullptr;
    free_list = neigh->next;
    neigh->dev = dev;
    neigh->key = key;
    neighbour*& head = bucket_of(key, dev);
    neigh->next = head;
    head = neigh;
    return neigh;
}

}  // namespace

STAGE neighbour* neigh_lookup(u32 key, const net_device* dev) {
    neighbour* neigh = bucket_of(key, dev);
    while (neigh && (neigh->key != key || neigh->dev != dev)) neigh = neigh->next;
    return neigh;
}

STAGE void neigh_hh_output(const neighbour* neigh, sk_buff* skb) {
    __builtin_memcpy(skb->data - kHhBytes, neigh->hh, kHhBytes);
    skb_push(skb, wire::kEthHeaderBytes);
    skb->mac_header = skb_headroom(skb);
    dev_queue_xmit(skb);
}

void neigh_flush_dev(const net_device* dev) {
    for (neighbour*& head : buckets) {
        for (neighbour** link = &head; *link;) {
            if ((*link)->dev == dev) {
                release(link);
            } else {
                link = &(*link)->next;
            }
        }
    }
}

void neigh_init() {
    for (neighbour*& head : buckets) head = nullptr;
    free_list = nullptr;
    for (unsigned i = kMaxNeighbours; i-- > 0;) {
        pool[i] = {};
        pool[i].next = free_list;
        free_list = &pool[i];
    }
}

int inet_neigh_add(const msg::NeighAdd& message) {
    net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev) return -err::nodev;
    if (message.state != msg::NUD_PERMANENT && message.state != msg::NUD_NOARP) return -err::opnotsupp;
    neighbour* neigh = neigh_lookup(message.address, dev);
    if (neigh && !message.replace) return -err::exist;
    if (!neigh) neigh = neigh_create(message.address, dev);
    if (!neigh) return -err::nobufs;
    neigh->state = message.state;
    fill_hh(neigh, message.mac);
    return 0;
}

int inet_neigh_del(const msg::NeighDel& message) {
    const net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev) return -err::nodev;
    neighbour** link = &bucket_of(message.address, dev);
    while (*link && ((*link)->key != message.address || (*link)->dev != dev)) link = &(*link)->next;
    if (!*link) return -err::noent;
    release(link);
    return 0;
}

}  // namespace fw
