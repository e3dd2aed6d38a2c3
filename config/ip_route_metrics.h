// SPDX-License-Identifier: Apache-2.0
// Attributes of routes that change nothing here (RTAX_* of include/uapi/linux/rtnetlink.h, about TCP connections that
// this host begins; realms, which count for tc's filters; what is IPv6's or MPLS's alone): read and checked as iproute2
// does, then forgotten.
#pragma once
#include "config/words.h"

namespace turnpike::config {

/// [lock] N
void skip_metric(Words& words);
/// [lock] N with a unit of time or without
void skip_time(Words& words);
/// 0 or 1
void skip_switch(Words& words);
/// [lock] NAME of a congestion control
void skip_congestion_control(Words& words);
/// ecn
void skip_features(Words& words);
/// [FROM/]TO
void skip_realms(Words& words);
/// [to] ADDRESS: what MPLS makes of the destination
void skip_new_destination(Words& words);
/// low, medium or high: of routers of IPv6 (RFC 4191)
void skip_preference(Words& words);
/// enabled or disabled: the TTL behind MPLS
void skip_ttl_propagation(Words& words);

}  // namespace turnpike::config
