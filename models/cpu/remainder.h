// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

/// `value` modulo `size`, which is mostly a power of two: a division costs the host as much as all else of a look-up.
inline u64 remainder(u64 value, u64 size) {
    if ((size & (size - 1)) == 0) [[likely]] {
        return value & (size - 1);
    }
    return value % size;
}

}  // namespace turnpike::cpu
