// SPDX-License-Identifier: Apache-2.0
// Names of the counters, in the order of the enumerations of counters.h; for the host's reports.
#pragma once

namespace turnpike::regs {

#define SNMP(name) #name,
#define DEV(name)
#define SOFTNET(name)
#define NICDRV(name)
#define QDISC(name)
#define LOCKCLASS(name)
#define LOCKSTAT(name)
inline constexpr const char* kSnmpNames[] = {
#include "regs/counters.def"
};
#undef SNMP
#define SNMP(name)
#undef DEV
#define DEV(name) #name,
inline constexpr const char* kDevNames[] = {
#include "regs/counters.def"
};
#undef DEV
#define DEV(name)
#undef SOFTNET
#define SOFTNET(name) #name,
inline constexpr const char* kSoftnetNames[] = {
#include "regs/counters.def"
};
#undef SOFTNET
#define SOFTNET(name)
#undef NICDRV
#define NICDRV(name) #name,
inline constexpr const char* kNicDrvNames[] = {
#include "regs/counters.def"
};
#undef NICDRV
#define NICDRV(name)
#undef QDISC
#define QDISC(name) #name,
inline constexpr const char* kQdiscNames[] = {
#include "regs/counters.def"
};
#undef QDISC
#define QDISC(name)
#undef LOCKCLASS
#define LOCKCLASS(name) #name,
inline constexpr const char* kLockClassNames[] = {
#include "regs/counters.def"
};
#undef LOCKCLASS
#define LOCKCLASS(name)
#undef LOCKSTAT
#define LOCKSTAT(name) #name,
inline constexpr const char* kLockStatNames[] = {
#include "regs/counters.def"
};
#undef SNMP
#undef DEV
#undef SOFTNET
#undef NICDRV
#undef QDISC
#undef LOCKCLASS
#undef LOCKSTAT

}  // namespace turnpike::regs
