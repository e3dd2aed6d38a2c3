// SPDX-License-Identifier: Apache-2.0
// Which local ports are taken (Linux net/ipv4/inet_connection_sock.c, inet_csk_get_port; udp.c, udp_lib_get_port).
#pragma once
#include "sw/kernel/random.h"
#include "sw/net/sock.h"

namespace fw {

/// Last port that is given where nobody asks for one (ip-sysctl.rst, ip_local_port_range; the first is a sysctl).
inline constexpr u16 kLastEphemeralPort = 60999;

/// Two sockets cannot have the same port: same or any device, same or any address, and not both told to share.
bool ports_conflict(const sock* a, const sock* b);

/// First free port at or behind the range's first (with a seed of the run's own: one of the range), after the one given
/// last; `taken(port)` says which are not. 0: none.
template <typename Taken>
u16 find_free_port(u16* last_given, u16 first, Taken taken) {
    const u32 count = kLastEphemeralPort - first + 1U;
    auto port = static_cast<u16>(first + random_key(RandomKey::ports) % count);
    if (*last_given != 0) port = *last_given < first ? first : static_cast<u16>(*last_given + 1);
    if (port > kLastEphemeralPort) port = first;
    for (u32 tries = 0; tries < count; ++tries) {
        if (!taken(port)) return *last_given = port;
        port = port == kLastEphemeralPort ? first : static_cast<u16>(port + 1);
    }
    return 0;
}

}  // namespace fw
