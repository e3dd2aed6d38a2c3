// SPDX-License-Identifier: Apache-2.0
// Between the files of input routing: route.cpp, route_validate.cpp.
#pragma once
#include "sw/net/fib.h"
#include "sw/net/route.h"

namespace fw {

/// A received packet whose way is asked for.
struct route_query {
    sk_buff* skb;
    net_device* dev;  ///< it came in by this one
    flowi4 flow;
    Fate fate;        ///< where there is no way
    bool multipath;   ///< it was one of several ways
    bool translated;  ///< route NAT gives it another destination

    rtable* refuse(Fate why) {
        fate = why;
        return nullptr;
    }
};

// route.cpp
/// What a lookup for a received packet asks by.
flowi4 ip_route_input_flow(const sk_buff* skb, const net_device* dev, u32 daddr, u32 saddr, u8 tos);

// route_nat.cpp
/// Finds the route to the destination that route NAT makes of the packet's. False: there is none.
bool fib_route_nat(route_query* query, fib_result* found);

// route_validate.cpp
inline constexpr int kSourceOk = 0;
inline constexpr int kSourceOnLink = 1;  ///< a neighbour on the link it came from
inline constexpr int kSourceMartian = -1;
inline constexpr int kSourceRpFilter = -2;
/// May a packet with this source come in by this device (Linux fib_validate_source)? `daddr`: 0 for a broadcast; `oif`:
/// the device it would leave by, 0: it is for this host.
int fib_validate_source(const route_query& query, u32 daddr, u32 oif);
constexpr Fate fate_of_source(int verdict) { return verdict == kSourceRpFilter ? Fate::rp_filter : Fate::martian; }
/// Some primary subnet of the device has the first address, and the second unless that is 0.
bool inet_addr_onlink(const net_device* dev, u32 a, u32 b);
/// Count, log and refuse: nullptr.
rtable* ip_handle_martian_source(route_query* query, int verdict);
rtable* martian_destination(route_query* query);

}  // namespace fw
