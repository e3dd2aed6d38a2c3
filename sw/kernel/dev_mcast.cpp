// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/dev_mcast.h"

namespace fw {
namespace {

constinit dev_mc_list lists[regs::kMaxDevices + 1] = {};

u32 find(const dev_mc_list& list, const u8* address) {
    u32 at = 0;
    while (at < list.count && __builtin_memcmp(list.address[at], address, ETH_ALEN) != 0) ++at;
    return at;
}

void rx_mode_changed(net_device* dev) {
    if (dev->ops && dev->ops->set_rx_mode && (dev->flags & regs::config::IFF_UP)) dev->ops->set_rx_mode(dev);
}

}  // namespace

const dev_mc_list& dev_mc_list_of(const net_device* dev) { return lists[dev->ifindex]; }

void dev_mc_add(net_device* dev, const u8* address) {
    dev_mc_list& list = lists[dev->ifindex];
    const u32 at = find(list, address);
    if (at < list.count) {
        ++list.users[at];
        return;
    }
    if (at == kMaxMcAddresses) {
        ++list.more;
    } else {
        __builtin_memcpy(list.address[at], address, ETH_ALEN);
        list.users[at] = 1;
        ++list.count;
    }
    rx_mode_changed(dev);
}

void dev_mc_del(net_device* dev, const u8* address) {
    dev_mc_list& list = lists[dev->ifindex];
    const u32 at = find(list, address);
    if (at == list.count) {
        if (list.more != 0) --list.more;
    } else {
        if (--list.users[at] != 0) return;
        const u32 last = --list.count;
        __builtin_memcpy(list.address[at], list.address[last], ETH_ALEN);
        list.users[at] = list.users[last];
    }
    rx_mode_changed(dev);
}

bool dev_takes_all_groups(const net_device* dev) {
    return (dev->flags & (regs::config::IFF_ALLMULTI | regs::config::IFF_PROMISC)) != 0 ||
           lists[dev->ifindex].more != 0;
}

void dev_mc_init() {
    for (dev_mc_list& list : lists) list = {};
}

}  // namespace fw
