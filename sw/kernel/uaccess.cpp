// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/uaccess.h"

#include "sw/kernel/error.h"
#include "sw/kernel/sched.h"

namespace fw {

// NOLINTBEGIN(performance-no-int-to-ptr): a program's address is a number until it is known to be one.
int copy_from_user(void* to, u64 from, u64 bytes) {
    if (!hal::user_range(current(), from, bytes, false)) return -err::fault;
    __builtin_memcpy(to, reinterpret_cast<const void*>(from), bytes);
    return 0;
}

int copy_to_user(u64 to, const void* from, u64 bytes) {
    if (!hal::user_range(current(), to, bytes, true)) return -err::fault;
    __builtin_memcpy(reinterpret_cast<void*>(to), from, bytes);
    return 0;
}
// NOLINTEND(performance-no-int-to-ptr)

}  // namespace fw
