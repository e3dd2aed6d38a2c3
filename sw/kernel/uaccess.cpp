// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/uaccess.h"

#include "sw/kernel/error.h"
#include "sw/kernel/sched.h"

namespace fw {

int copy_from_user(void* to, const void* from, u64 bytes) {
    if (!hal::user_range(current(), reinterpret_cast<u64>(from), bytes, false)) return -err::fault;
    __builtin_memcpy(to, from, bytes);
    return 0;
}

int copy_to_user(void* to, const void* from, u64 bytes) {
    if (!hal::user_range(current(), reinterpret_cast<u64>(to), bytes, true)) return -err::fault;
    __builtin_memcpy(to, from, bytes);
    return 0;
}

}  // namespace fw
