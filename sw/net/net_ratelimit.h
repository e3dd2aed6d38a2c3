// SPDX-License-Identifier: Apache-2.0
// How often the network code may write to the console (Linux net/core/utils.c; lib/ratelimit.c).
#pragma once

namespace fw {

inline constexpr int KERN_WARNING = 4;

/// True: the message may be written. message_burst of them in message_cost seconds; then how many were held back is
/// said first.
bool net_ratelimit();
void net_ratelimit_init();

}  // namespace fw
