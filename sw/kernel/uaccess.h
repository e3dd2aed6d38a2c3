// SPDX-License-Identifier: Apache-2.0
// To and from the memory of the current user task (Linux include/linux/uaccess.h). A program's address is a number
// here: only these may follow it. Each answers 0 or -EFAULT, when any of the bytes is the kernel's or nobody's; then
// nothing is copied.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

int copy_from_user(void* to, u64 from, u64 bytes);
int copy_to_user(u64 to, const void* from, u64 bytes);

template <typename T>
int get_user(T& value, u64 from) {
    return copy_from_user(&value, from, sizeof value);
}
template <typename T>
int put_user(const T& value, u64 to) {
    return copy_to_user(to, &value, sizeof value);
}

}  // namespace fw
