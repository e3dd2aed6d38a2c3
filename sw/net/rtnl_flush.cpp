// SPDX-License-Identifier: Apache-2.0
// `ip address|neigh|route flush`: iproute2 deletes one by one what it lists.
#include "sw/kernel/error.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/net.h"

namespace fw {

using namespace regs::config;

namespace {

void flush_addresses(const net_device* dev) {
    while (const in_ifaddr* ifa = inet_ifa_list(dev)) inet_addr_del({dev->ifindex, ifa->local, ifa->prefixlen});
}

/// Routes of a table (0: of all), out of a device (0: of any).
void flush_routes(u32 table, u32 ifindex) {
    static constinit u32 wanted_table = 0;
    wanted_table = table;
    fib_flush(
        [](const fib_alias& route, u32 oif) {
            if (wanted_table != 0 && route.table != wanted_table) return false;
            return oif == 0 || rt_table[route.nexthop].key.oif == oif;
        },
        ifindex);
}

}  // namespace

int inet_flush(const msg::Flush& message) {
    const net_device* dev = dev_get_by_index(message.ifindex);
    if (message.ifindex != 0 && !dev) return -err::nodev;
    switch (message.what) {
        case FLUSH_ADDRESSES:
            if (!dev) return -err::inval;
            flush_addresses(dev);
            return 0;
        case FLUSH_NEIGHBOURS:
            inet_neigh_flush(message.ifindex);
            return 0;
        case FLUSH_ROUTES:
            flush_routes(message.table, message.ifindex);
            return 0;
        default:
            return -err::opnotsupp;
    }
}

}  // namespace fw
