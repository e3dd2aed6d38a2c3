// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sw/net/sock.h"

namespace fw {

/// Options of sockets by level and name, as programs know them (Linux net/core/sock.c, net/ipv4/ip_sockglue.c). Values
/// are ints (or bytes) in the user's memory, but for interfaces' names and memberships. 0 or -errno.
i64 sock_setsockopt(sock* sk, u64 level, u64 name, u64 user, u64 bytes);
i64 sock_getsockopt(sock* sk, u64 level, u64 name, u64 user, u64 user_bytes);

}  // namespace fw
