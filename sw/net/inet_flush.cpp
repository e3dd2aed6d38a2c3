// SPDX-License-Identifier: Apache-2.0
// `ip addr flush`, `ip neigh flush`, `ip route flush`, `ip rule flush`. As with iproute2 there may be nothing to flush.
#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"
#include "sw/net/net.h"
#include "sw/net/nexthop_exception.h"
#include "sw/net/route_cache.h"

namespace fw {

int inet_flush(const msg::Flush& message) {
    switch (message.what) {
        case msg::FLUSH_ADDRESSES:
            inet_addr_flush(message.ifindex);
            return 0;
        case msg::FLUSH_NEIGHBOURS:
            inet_neigh_flush(message.ifindex);
            return 0;
        case msg::FLUSH_ROUTES:
            fib_table_flush(message.table, message.ifindex);
            return 0;
        case msg::FLUSH_ROUTE_CACHE:
            fib_forget_exceptions(kNoNextHop);
            rt_cache_flush();
            return 0;
        case msg::FLUSH_RULES:
            fib_rules_flush();
            return 0;
        default:
            return -err::inval;
    }
}

}  // namespace fw
