// SPDX-License-Identifier: Apache-2.0
// The firmware's counter table, from counters.def: firmware and host share this layout.
#pragma once
#include <cstdint>

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
inline constexpr unsigned kIcmpDirections = 2;

/// What each CPU counts for itself, so that no two write the same line; the host adds them up.
struct alignas(64) CpuCounters {
    std::uint64_t snmp[static_cast<unsigned>(Snmp::count)];
    std::uint64_t icmp_msg[kIcmpDirections][256];  ///< ICMP messages received (0) and sent (1) by type: nstat's IcmpMsg
    std::uint64_t fates[kFateCount];               ///< received frames that ended in the firmware, by Fate
    std::uint64_t dev[kMaxDevices][static_cast<unsigned>(Dev::count)];  ///< by interface index - 1: 0 is lo
    std::uint64_t softnet[static_cast<unsigned>(Softnet::count)];
    std::uint64_t lock[static_cast<unsigned>(LockClass::count)][static_cast<unsigned>(LockStat::count)];
};

/// The symbol `turnpike_counters` of the firmware.
struct CounterTable {
    CpuCounters cpu[kMaxCpus];
    // Of a device's interrupts, ring and queue: one CPU at a time counts these.
    std::uint64_t nic[kMaxDevices][static_cast<unsigned>(NicDrv::count)];  ///< by interface index - 1
    std::uint64_t qdisc[kMaxDevices][static_cast<unsigned>(Qdisc::count)];
};

}  // namespace turnpike::regs
