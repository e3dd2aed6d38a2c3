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

#undef SNMP
#undef DEV
#undef SOFTNET
#undef NICDRV
#undef QDISC

inline constexpr unsigned kMaxDevices = 17;  ///< loopback (0) and 16 ports
inline constexpr unsigned kMaxCpus = 16;

/// The symbol `turnpike_counters` of the firmware.
struct CounterTable {
    std::uint64_t snmp[static_cast<unsigned>(Snmp::count)];
    std::uint64_t fates[kFateCount];  ///< received frames that ended in the firmware, by Fate
    std::uint64_t dev[kMaxDevices][static_cast<unsigned>(Dev::count)];  ///< by interface index - 1: 0 is lo
    std::uint64_t nic[kMaxDevices][static_cast<unsigned>(NicDrv::count)];
    std::uint64_t qdisc[kMaxDevices][static_cast<unsigned>(Qdisc::count)];
    std::uint64_t softnet[kMaxCpus][static_cast<unsigned>(Softnet::count)];
};

}  // namespace turnpike::regs
