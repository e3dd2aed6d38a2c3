// SPDX-License-Identifier: Apache-2.0
// The firmware's counter table, from counters.def: firmware and host share this layout.
#pragma once
#include <cstdint>

#include "regs/address_map.h"
#include "regs/fates.h"

namespace turnpike::regs {

#define SNMP(name)
#define DEV(name)
#define SOFTNET(name)
#define NICDRV(name)
#define QDISC(name)
#define LOCKCLASS(name)
#define LOCKSTAT(name)

#undef SNMP
#define SNMP(name) name,
enum class Snmp : unsigned {
#include "regs/counters.def"
    count
};
#undef SNMP
#define SNMP(name)

#undef DEV
#define DEV(name) name,
enum class Dev : unsigned {
#include "regs/counters.def"
    count
};
#undef DEV
#define DEV(name)

#undef SOFTNET
#define SOFTNET(name) name,
enum class Softnet : unsigned {
#include "regs/counters.def"
    count
};
#undef SOFTNET
#define SOFTNET(name)

#undef NICDRV
#define NICDRV(name) name,
enum class NicDrv : unsigned {
#include "regs/counters.def"
    count
};
#undef NICDRV
#define NICDRV(name)

#undef QDISC
#define QDISC(name) name,
enum class Qdisc : unsigned {
#include "regs/counters.def"
    count
};
#undef QDISC
#define QDISC(name)

#undef LOCKCLASS
#define LOCKCLASS(name) name,
enum class LockClass : unsigned {
#include "regs/counters.def"
    count
};
#undef LOCKCLASS
#define LOCKCLASS(name)

#undef LOCKSTAT
#define LOCKSTAT(name) name,
enum class LockStat : unsigned {
#include "regs/counters.def"
    count
};

#undef SNMP
#undef DEV
#undef SOFTNET
#undef NICDRV
#undef QDISC
#undef LOCKCLASS
#undef LOCKSTAT

inline constexpr unsigned kMaxDevices = 17;  ///< loopback (0) and 16 ports
inline constexpr unsigned kMaxCpus = 16;
inline constexpr unsigned kMaxQueues = 16;  ///< pairs of rx and tx queues of a port
inline constexpr unsigned kIcmpDirections = 2;
/// Interrupts, as /proc/interrupts numbers them: the pins of the I/O APIC, then messages, the local timer and calls of
/// other CPUs last.
inline constexpr unsigned kFirstMessageIrq = map::IOAPIC_PINS;
inline constexpr unsigned kMaxMessageIrqs = map::MAX_PORTS * (kMaxQueues + 1);
inline constexpr unsigned kTimerIrq = kFirstMessageIrq + kMaxMessageIrqs;
inline constexpr unsigned kRescheduleIrq = kTimerIrq + 1;
inline constexpr unsigned kMaxIrqs = kRescheduleIrq + 1;
inline constexpr unsigned kIrqNameBytes = 24;

/// What each CPU counts for itself, so that no two write the same line; the host adds them up.
struct alignas(64) CpuCounters {
    std::uint64_t snmp[static_cast<unsigned>(Snmp::count)];
    std::uint64_t icmp_msg[kIcmpDirections][256];  ///< ICMP messages received (0) and sent (1) by type: nstat's IcmpMsg
    std::uint64_t fates[kFateCount];               ///< received frames that ended in the firmware, by Fate
    std::uint64_t dev[kMaxDevices][static_cast<unsigned>(Dev::count)];  ///< by interface index - 1: 0 is lo
    std::uint64_t softnet[static_cast<unsigned>(Softnet::count)];
    std::uint64_t lock[static_cast<unsigned>(LockClass::count)][static_cast<unsigned>(LockStat::count)];
    std::uint64_t irq[kMaxIrqs];  ///< interrupts taken
};

/// Of a pair of rx and tx queues: one CPU at a time counts these.
struct alignas(64) QueueCounters {
    std::uint64_t driver[static_cast<unsigned>(NicDrv::count)];
    std::uint64_t qdisc[static_cast<unsigned>(Qdisc::count)];
};

/// The symbol `turnpike_counters` of the firmware.
struct CounterTable {
    CpuCounters cpu[kMaxCpus];
    QueueCounters queue[kMaxDevices][kMaxQueues];  ///< by interface index - 1
    char irq_name[kMaxIrqs][kIrqNameBytes];        ///< "": nobody has asked for it
};

}  // namespace turnpike::regs
