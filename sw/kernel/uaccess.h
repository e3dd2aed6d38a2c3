// SPDX-License-Identifier: Apache-2.0
// To and from the memory of the current user task (Linux include/linux/uaccess.h): only these may follow a program's
// pointer. Each answers 0 or -EFAULT, when any of the bytes is the kernel's or nobody's; then nothing is copied.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// A program's pointer, as system calls get it.
// NOLINTNEXTLINE(performance-no-int-to-ptr): a register holds it.
inline void* user_pointer(u64 address) { return reinterpret_cast<void*>(address); }

int copy_from_user(void* to, const void* from, u64 bytes);
int copy_to_user(void* to, const void* from, u64 bytes);

template <typename T>
int get_user(T& value, u64 from) {
    return copy_from_user(&value, user_pointer(from), sizeof value);
}
template <typename T>
int put_user(const T& value, u64 to) {
    return copy_to_user(user_pointer(to), &value, sizeof value);
}

}  // namespace fw
