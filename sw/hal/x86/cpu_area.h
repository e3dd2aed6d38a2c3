// SPDX-License-Identifier: Apache-2.0
// What each core has of its own where GS points while it is in the kernel; entry.S knows the offsets.
#pragma once
#include <cstddef>

#include "sw/hal/hal.h"

namespace fw::hal {

struct alignas(64) CpuArea {
    u32 id;            ///< first: cpu_id reads it
    u64 kernel_stack;  ///< top of the current task's
    u64 user_stack;    ///< kept here for the first instructions of a system call
    u64 page_tables;   ///< what CR3 holds; 0: still the loader's
};
static_assert(offsetof(CpuArea, id) == 0 && offsetof(CpuArea, kernel_stack) == 8 &&
              offsetof(CpuArea, user_stack) == 16);

CpuArea& cpu_area();

}  // namespace fw::hal
