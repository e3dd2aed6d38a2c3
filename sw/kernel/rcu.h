// SPDX-License-Identifier: Apache-2.0
// Freeing what other CPUs may still be reading (Linux kernel/rcu). Packets are worked on in softirqs, which never nest:
// once each CPU has begun a softirq of its own after a thing was taken out of its lists, nobody holds it any more.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

struct rcu_head {
    rcu_head* next;
    void (*function)(rcu_head*);
};

/// Calls `function` from a softirq when no reader can hold what `head` lies in. Not from an interrupt handler.
void call_rcu(rcu_head* head, void (*function)(rcu_head*));
void rcu_init();

}  // namespace fw
