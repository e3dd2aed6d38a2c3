// SPDX-License-Identifier: Apache-2.0
// Next-hop objects, which routes name by their id (Linux net/ipv4/nexthop.c). When one changes or goes, all routes by
// it follow: they lie in rt_table under keys that name it, and these entries change where they are.
#pragma once
#include "regs/config.h"
#include "sw/net/route.h"

namespace fw {

inline constexpr unsigned kMaxNexthopObjects = 1024;
/// No object; others are numbered from 1, in rtable_key::object.
inline constexpr u16 kNoObject = 0;

/// The object of this id, kNoObject: there is none.
u16 nexthop_find_by_id(u32 id);
/// May a route of this scope be by the object? 0 or -errno (Linux fib_check_nexthop).
int fib_check_nexthop(u16 object, u8 scope);
/// Index in rt_table of what a route leads to by the object; `base`: what the route itself says. One user more;
/// kNoNextHop when there is no room.
u16 nexthop_get(rtable_key base, u16 object);
/// The device went down: objects that leave by it go, and their routes.
void nexthop_flush_dev(u32 ifindex);
/// `ip nexthop flush`.
void nexthop_flush(const regs::config::Flush& which);
void nexthop_init();

}  // namespace fw
