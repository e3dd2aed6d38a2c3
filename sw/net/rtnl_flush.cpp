// SPDX-License-Identifier: Apache-2.0
// `ip address|neigh|nexthop|route|rule flush`: iproute2 deletes one by one what it lists, which may be nothing.
#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"
#include "sw/net/net.h"
#include "sw/net/nexthop_exception.h"
#include "sw/net/nexthop_object.h"
#include "sw/net/route_cache.h"

namespace fw {

using namespace regs::config;

void inet_rt_flush() {
    fib_forget_exceptions(kNoNextHop);
    rt_cache_flush();
}

int inet_flush(const msg::Flush& message) {
    if (message.ifindex != 0 && !dev_get_by_index(message.ifindex)) return -err::nodev;
    switch (message.what) {
        case FLUSH_ADDRESSES:
            if (message.ifindex == 0) return -err::inval;
            inet_addr_flush(message.ifindex);
            return 0;
        case FLUSH_NEIGHBOURS:
            inet_neigh_flush(message.ifindex);
            return 0;
        case FLUSH_ROUTES:
            if (message.prefixlen > 32) return -err::inval;
            return fib_table_flush(message);
        case FLUSH_NEXTHOPS:
            nexthop_flush(message);
            return 0;
        case FLUSH_ROUTE_CACHE:
            inet_rt_flush();
            return 0;
        case FLUSH_RULES:
            fib_rules_flush();
            return 0;
        default:
            return -err::opnotsupp;
    }
}

}  // namespace fw
