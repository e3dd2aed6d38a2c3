// SPDX-License-Identifier: Apache-2.0
// What was learnt about the way to one destination: another gateway (a redirect) or a smaller packet size (path MTU
// discovery). Linux struct fib_nh_exception, net/ipv4/route.c.
#pragma once
#include "sw/kernel/rcu.h"
#include "sw/net/route.h"

namespace fw {

/// Linux has 2,048 chains of up to five for each next hop; here all share.
inline constexpr unsigned kMaxExceptions = 1024;

struct fib_nh_exception {
    rtable rt;  ///< the next hop's, with what was learnt
    u32 daddr;
    u32 gateway;  ///< 0: the next hop's
    u32 pmtu;     ///< 0: not learnt
    bool mtu_locked;
    u64 expires;  ///< us since READY
    u64 used;     ///< last lookup
    u16 nexthop;
    u16 next;  ///< in its hash chain or in the free list
    rcu_head rcu;
};

/// The route to this destination: the next hop's own, or what was learnt for it as long as that holds.
rtable* fib_find_exception(u16 nexthop, u32 daddr);
/// `gateway` or `pmtu` 0: nothing new about it.
void update_or_create_fnhe(u16 nexthop, u32 daddr, u32 gateway, u32 pmtu, bool locked, u64 expires);
/// The next hop is gone, or kNoNextHop for all. Where no packet is being worked on.
void fib_forget_exceptions(u16 nexthop);
/// The device's MTU changed (Linux fib_nhc_update_mtu). Where no packet is being worked on.
void fib_exceptions_mtu_changed(const net_device* dev, u32 mtu, u32 before);
void fib_exceptions_init();

}  // namespace fw
