// SPDX-License-Identifier: Apache-2.0
// How urgent the TOS field makes a packet (Linux 2.4/2.6 net/ipv4/route.c, ip_tos2prio; the documents' table).
#include "sw/net/ip.h"

namespace fw {
namespace {

/// By the field's four bits. Through prio2band of pfifo_fast this gives the bands 1 2 1 1, 2 2 2 2, 0 0 0 0, 1 1 1 1.
/// Linux 6.18 has 0 in second place (ip_tos_0x02_bulk).
constinit u8 ip_tos2prio[16] = {0, 1, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4};

}  // namespace

u32 rt_tos2priority(u8 tos) { return ip_tos2prio[(tos & 0x1E) >> 1]; }

void ip_tos_0x02_bulk(bool on) { ip_tos2prio[1] = on ? 1 : 0; }

}  // namespace fw
