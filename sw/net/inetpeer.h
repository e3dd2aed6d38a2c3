// SPDX-License-Identifier: Apache-2.0
// What is remembered of each host that is answered with limits (Linux net/ipv4/inetpeer.c): the limits of ICMP errors,
// of redirects and of the answers of ip_error share one bucket.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// Hosts remembered; one more takes the place of the one unused for the longest time (Linux: as many as fit into a
/// memory limit, those unused for ten minutes or, when they are many, two minutes go).
inline constexpr unsigned kMaxInetPeers = 2048;

/// Takes `timeout` (us) off the host's bucket of 6 times that, which fills at 1 us a us. False: not enough is in it.
bool inet_peer_xrlim_allow(u32 address, u64 timeout);
/// The same with a bucket of `burst` and a price of `cost`, both us: what ip_error asks for.
bool inet_peer_error_allow(u32 address, u64 cost, u64 burst);
enum class RedirectVerdict : u8 {
    silence,
    send,
    last  ///< and then no more, since the host doesn't listen
};
/// Whether the host is to be sent a redirect now: the first at once, then each after twice the time, at most
/// route_redirect_number; forgotten after route_redirect_silence without a packet that called for one.
RedirectVerdict inet_peer_redirect_allow(u32 address);
unsigned inet_peers_in_use();
void inet_peer_init();

}  // namespace fw
