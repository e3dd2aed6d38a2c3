// SPDX-License-Identifier: Apache-2.0
// Configuration messages and sysctl ids, from config.def and sysctls.def.
#pragma once
#include <cstdint>

namespace turnpike::regs::config {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

inline constexpr unsigned MAX_NEXTHOPS = 16;    ///< of one multipath route (design choice)
inline constexpr unsigned MAX_INTERFACES = 17;  ///< lo and 16 ports

#define MESSAGE(number, name) \
    struct name {             \
        static constexpr u32 kType = number;
#define MEMBER(type, field) type field = 0;
#define ARRAY(type, field, n) type field[n] = {};
#define END(name) \
    }             \
    ;             \
    static_assert(sizeof(name) <= 512, "a message fits the mailbox");
#include "regs/config.def"
#undef MESSAGE
#undef MEMBER
#undef ARRAY
#undef END

enum class SysctlId : u32 {
#define SYSCTL(id, scope, name, value, least, most, source) id,
#include "regs/sysctls.def"
#undef SYSCTL
    count
};

inline constexpr u32 SYSCTL_ALL = 0xFFFFFFFE;
inline constexpr u32 SYSCTL_DEFAULT = 0xFFFFFFFF;

/// Which values there are of a name: one; or one for `all`, for `default` and for each interface; or without `all`.
enum class SysctlScope { global, conf, neigh };

struct SysctlInfo {
    const char* name;
    SysctlScope scope;
    i64 value;
    i64 least;
    i64 most;
};

inline constexpr SysctlInfo kSysctls[] = {
#define SYSCTL(id, scope, name, value, least, most, source) {name, SysctlScope::scope, value, least, most},
#include "regs/sysctls.def"
#undef SYSCTL
};

/// Shows what is so; nobody writes it.
constexpr bool sysctl_is_read_only(SysctlId id) { return id == SysctlId::mc_forwarding; }

// Values of Linux's own interface (include/uapi/linux/{if,rtnetlink,neighbour}.h).
inline constexpr u32 IFF_UP = 0x1, IFF_NOARP = 0x80, IFF_PROMISC = 0x100, IFF_ALLMULTI = 0x200, IFF_MULTICAST = 0x1000;
inline constexpr u8 RTN_UNICAST = 1, RTN_LOCAL = 2, RTN_BROADCAST = 3, RTN_ANYCAST = 4, RTN_MULTICAST = 5,
                    RTN_BLACKHOLE = 6, RTN_UNREACHABLE = 7, RTN_PROHIBIT = 8, RTN_THROW = 9, RTN_NAT = 10;
inline constexpr u8 RT_SCOPE_UNIVERSE = 0, RT_SCOPE_SITE = 200, RT_SCOPE_LINK = 253, RT_SCOPE_HOST = 254,
                    RT_SCOPE_NOWHERE = 255;
inline constexpr u32 RT_TABLE_DEFAULT = 253, RT_TABLE_MAIN = 254, RT_TABLE_LOCAL = 255;
inline constexpr u8 RTPROT_KERNEL = 2, RTPROT_BOOT = 3, RTPROT_STATIC = 4;
inline constexpr u16 NUD_NONE = 0, NUD_INCOMPLETE = 0x01, NUD_REACHABLE = 0x02, NUD_STALE = 0x04, NUD_DELAY = 0x08,
                     NUD_PROBE = 0x10, NUD_FAILED = 0x20, NUD_NOARP = 0x40, NUD_PERMANENT = 0x80;
// include/uapi/linux/fib_rules.h
inline constexpr u8 FR_ACT_TO_TBL = 1, FR_ACT_GOTO = 2, FR_ACT_NOP = 3, FR_ACT_BLACKHOLE = 6, FR_ACT_UNREACHABLE = 7,
                    FR_ACT_PROHIBIT = 8;
inline constexpr u32 SUPPRESS_NONE = 0xFFFFFFFF;
// This project's own.
/// [run] seed of a run in which nothing is drawn: what Linux draws at random is the middle, or the first.
inline constexpr u64 DEFAULT_SEED = 1;
inline constexpr u32 FLUSH_ADDRESSES = 0, FLUSH_NEIGHBOURS = 1, FLUSH_ROUTES = 2, FLUSH_ROUTE_CACHE = 3,
                     FLUSH_RULES = 4, FLUSH_NEXTHOPS = 5;
inline constexpr u8 MATCH_ANY = 0, MATCH_ROOT = 1, MATCH_WIDER = 2, MATCH_EXACT = 3;  ///< in it; it is in; the same
inline constexpr u32 ETHTOOL_RX_PENDING = 1, ETHTOOL_TX_PENDING = 2, ETHTOOL_RX_USECS = 4, ETHTOOL_TX_USECS = 8,
                     ETHTOOL_COMBINED = 16, ETHTOOL_UDP_PORTS = 32;
inline constexpr u32 ETHTOOL_F_RX_CHECKSUM = 1, ETHTOOL_F_TX_CHECKSUM = 2;
inline constexpr u8 INTERRUPTS_LINE = 0, INTERRUPTS_MSI = 1, INTERRUPTS_MSIX = 2;
inline constexpr u8 LOCAL_ECHO = 1, LOCAL_DISCARD = 2, LOCAL_PING = 3, LOCAL_SENDER = 4;
/// Of what a program sends: broadcasts may be, no copy of what goes to groups, the socket is connected, errors are
/// told.
inline constexpr u8 LOCAL_F_BROADCAST = 1, LOCAL_F_NO_LOOP = 2, LOCAL_F_CONNECT = 4, LOCAL_F_ERRORS = 8;

}  // namespace turnpike::regs::config
