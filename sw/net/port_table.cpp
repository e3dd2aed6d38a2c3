// SPDX-License-Identifier: Apache-2.0
#include "sw/net/port_table.h"

namespace fw {

bool ports_conflict(const sock* a, const sock* b) {
    if (a->bound_dev != 0 && b->bound_dev != 0 && a->bound_dev != b->bound_dev) return false;
    if (a->rcv_saddr != 0 && b->rcv_saddr != 0 && a->rcv_saddr != b->rcv_saddr) return false;
    return !(a->reuseaddr && b->reuseaddr);
}

}  // namespace fw
