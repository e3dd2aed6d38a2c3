// SPDX-License-Identifier: Apache-2.0
// Locks between CPUs (Linux include/linux/spinlock.h). As in a kernel for one processor they cost nothing as long as
// one CPU is all there is; none is ever held while others start.
#pragma once
#include "sw/kernel/counters.h"
#include "sw/kernel/smp.h"

namespace fw {

using regs::LockClass;

struct spinlock {
    LockClass counted_as;
    u32 locked = 0;
};

inline void lock_count(LockClass which, regs::LockStat stat, u64 amount = 1) {
    cpu_counters().lock[static_cast<unsigned>(which)][static_cast<unsigned>(stat)] += amount;
}

/// Waits for the lock, whose holder cannot be long. What the other holder stored before its spin_unlock is visible
/// afterwards: XCHG orders everything (Intel SDM volume 3, 8.2.2).
inline void spin_lock(spinlock& lock) {
    if (!smp_running()) return;
    u64 spins = 0, since = 0;
    while (__atomic_exchange_n(&lock.locked, 1, __ATOMIC_ACQUIRE) != 0) {
        if (since == 0) since = hal::tsc();
        // Waits with plain loads, so that the line stays shared until the holder writes it.
        do {
            hal::cpu_relax();
            ++spins;
        } while (__atomic_load_n(&lock.locked, __ATOMIC_RELAXED) != 0);
    }
    lock_count(lock.counted_as, regs::LockStat::acquisitions);
    if (unlikely(spins != 0)) {
        lock_count(lock.counted_as, regs::LockStat::contended);
        lock_count(lock.counted_as, regs::LockStat::spins, spins);
        lock_count(lock.counted_as, regs::LockStat::wait_cycles, hal::tsc() - since);
    }
}
inline void spin_unlock(spinlock& lock) {
    if (smp_running()) __atomic_store_n(&lock.locked, 0, __ATOMIC_RELEASE);
}

/// For a lock that interrupt handlers take too; the answer goes to spin_unlock_irqrestore.
inline u64 spin_lock_irqsave(spinlock& lock) {
    const u64 flags = hal::irq_save();
    spin_lock(lock);
    return flags;
}
inline void spin_unlock_irqrestore(spinlock& lock, u64 flags) {
    spin_unlock(lock);
    hal::irq_restore(flags);
}

/// For a lock that softirqs take, held by a task.
inline void spin_lock_bh(spinlock& lock) {
    local_bh_disable();
    spin_lock(lock);
}
inline void spin_unlock_bh(spinlock& lock) {
    spin_unlock(lock);
    local_bh_enable();
}

}  // namespace fw
