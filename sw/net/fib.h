// SPDX-License-Identifier: Apache-2.0
// Routing tables (Linux net/ipv4/fib_*.c). fib_frontend: messages and what addresses and links bring about;
// fib_semantics: what a valid route is; fib_table: the tables; fib_trie: the form of them that lookups use.
#pragma once
#include "regs/config.h"
#include "sw/net/route.h"

namespace fw {

inline constexpr unsigned kMaxRoutes = 16384;

// Scopes that regs/config.h doesn't need (include/uapi/linux/rtnetlink.h).
inline constexpr u8 RT_SCOPE_ANY = 0;

/// A route as somebody asks for it (Linux struct fib_config).
struct fib_config {
    u32 dst = 0;
    u8 dst_len = 0;
    u8 type = 0;   ///< RTN_*; for a deletion 0: any
    u8 scope = 0;  ///< RT_SCOPE_*; for a deletion RT_SCOPE_NOWHERE: any
    u32 table = regs::config::RT_TABLE_MAIN;
    u32 gateway = 0;
    u32 oif = 0;
    u32 prefsrc = 0;
    u32 metric = 0;
    bool onlink = false;
    bool replace = false;
    bool append = false;
};

/// One route in a table (Linux struct fib_alias).
struct fib_alias {
    u32 dst;
    u32 table;
    u32 metric;
    u8 len;
    bool used;
    u8 type;
    u8 scope;
    u16 nexthop;  ///< index in rt_table
    u16 next;     ///< in its hash chain or in the free list
};

struct fib_result {
    const fib_alias* route;  ///< nullptr: none
    int err;                 ///< 0 or -errno
};

/// Address mask of a prefix length.
constexpr u32 inet_make_mask(unsigned len) { return len == 0 ? 0 : ~u32{0} << (32 - len); }

// fib_semantics.cpp
inline constexpr int kErrAgain = 11;  ///< EAGAIN: no match here, the lookup goes on in the next table
/// Checks the route as fib_create_info does and fills in what its next hop is. 0 or -errno.
int fib_create_info(const fib_config& cfg, rtable_key* key);
/// Source address of packets of this host that take the route: its `src`, or the best of the device's.
u32 fib_result_prefsrc(const fib_alias* route);
/// What an address is to this router: RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST or RTN_UNICAST.
u8 inet_addr_type(u32 address);

// fib_table.cpp
void fib_init();
int fib_table_insert(const fib_config& cfg);
int fib_table_delete(const fib_config& cfg);
/// Longest match as the kernel finds it without policy rules: `local` and `main` as one table, then `default`. Routes
/// of a narrower scope than `scope`, or out of another device than `oif` (0: any), don't count.
fib_result fib_lookup(u32 address, u8 scope = RT_SCOPE_ANY, u32 oif = 0);
/// The same in one numbered table; `main` and `local` stand for both.
fib_result fib_table_lookup(u32 table, u32 address, u8 scope, u32 oif);
/// Takes out every route for which `dead` says so.
void fib_flush(bool (*dead)(const fib_alias& route, u32 argument), u32 argument);
/// Some route is in table `default`, to which lookups go on that end with an error in `main`.
bool fib_default_in_use();
/// Somebody put routes of his own into table `local`: then source validation takes the long way.
extern bool fib_has_custom_local_routes;
/// Walks all routes, for tests and reports: nullptr at the end.
const fib_alias* fib_next(const fib_alias* route);

// fib_trie.cpp
/// One for each prefix that has routes, before the first and after the last of them.
int fib_trie_hold(u32 dst, unsigned len);
void fib_trie_release(u32 dst, unsigned len);
/// The winning route of a prefix changed: `winner` or, when nullptr, none any more. `tier`: see fib_table.cpp.
void fib_trie_update(u32 dst, unsigned len, unsigned tier, const fib_alias* winner);
/// Next-hop index for an address, kNoNextHop for "ask software".
STAGE u16 fib_trie_lookup(u32 address);
void fib_trie_init();
/// Moves lookups to the accelerator and fills its memories, or back. 0 or -errno.
int fib_trie_use_hardware(bool on);

// fib_table.cpp, for the trie: the route that takes over from a prefix of length `len` in `tier`.
inline constexpr unsigned kTierDefault = 0, kTierMain = 1, kTiers = 2;
const fib_alias* fib_covering(u32 dst, unsigned len, unsigned tier, unsigned* found_len, unsigned* found_tier);
const fib_alias* fib_winner(u32 dst, unsigned len, unsigned tier);

}  // namespace fw
