// SPDX-License-Identifier: Apache-2.0
// Routing tables (Linux net/ipv4/fib_*.c). fib_frontend: messages and what addresses and links bring about;
// fib_semantics: what a valid route is; fib_table: the tables; fib_lookup: exact lookups; fib_trie: the form of the
// tables for lookups that ask by nothing but the destination.
#pragma once
#include "regs/config.h"
#include "sw/net/route.h"

namespace fw {

inline constexpr unsigned kMaxRoutes = 262144;
inline constexpr unsigned kMaxTables = 1024;  ///< beside `local` and `main` (design choice)

// Scopes that regs/config.h doesn't need (include/uapi/linux/rtnetlink.h).
inline constexpr u8 RT_SCOPE_ANY = 0;

/// One way of a route as somebody asks for it.
struct fib_config_nh {
    u32 gateway;
    u32 oif;
    u16 weight;
    bool onlink;
};

/// A route as somebody asks for it (Linux struct fib_config).
struct fib_config {
    u32 dst = 0;
    u8 dst_len = 0;
    u8 tos = 0;
    u8 type = 0;   ///< RTN_*; for a deletion 0: any
    u8 scope = 0;  ///< RT_SCOPE_*; for a deletion RT_SCOPE_NOWHERE: any
    u32 table = regs::config::RT_TABLE_MAIN;
    u32 gateway = 0;
    u32 oif = 0;
    u32 prefsrc = 0;
    u32 metric = 0;
    u32 mtu = 0;
    u32 nh_id = 0;  ///< a next-hop object, which stands for gateway, oif and nexthops
    u8 hoplimit = 0;
    bool mtu_locked = false;
    bool onlink = false;
    bool replace = false;
    bool change = false;    ///< with replace: not if there is none
    bool append = false;    ///< behind the routes of the same rank; without: …
    bool prepend = false;   ///< … before them; without both there may be none
    u8 protocol = 0;        ///< RTPROT_*; for a deletion 0: any
    unsigned nexthops = 0;  ///< 0: gateway, oif and onlink above
    fib_config_nh nh[regs::config::MAX_NEXTHOPS] = {};
};

/// One route in a table (Linux struct fib_alias).
struct fib_alias {
    u32 dst;
    u32 table;
    u32 metric;
    u8 len;
    u8 tos;
    u8 type : 4;
    u8 used : 1;
    i8 last_choice;  ///< of fib_select_default among the default routes from here on, -1: none
    u8 scope;
    u8 protocol;  ///< RTPROT_*: who made it
    u16 nexthop;  ///< index in rt_table
    u32 next;     ///< in its hash chain or in the free list
};

struct fib_rule;

struct fib_result {
    const fib_alias* route;  ///< nullptr: none
    int err;                 ///< 0 or -errno
    u16 nexthop;             ///< the route's, or the way of a multipath route that leaves by the device asked for
    const fib_rule* rule;    ///< nullptr: without rules
};

/// Address mask of a prefix length.
constexpr u32 inet_make_mask(unsigned len) { return len == 0 ? 0 : ~u32{0} << (32 - len); }

// fib_semantics.cpp
inline constexpr int kErrAgain = 11;  ///< EAGAIN: no match here, the lookup goes on in the next table
/// Checks the route as fib_create_info does and takes its next hop. 0 or -errno.
int fib_create_info(const fib_config& cfg, u16* nexthop);
/// Checks one way of a route and finds its device and scope. 0 or -errno.
int fib_check_nh(const fib_config& cfg, const fib_config_nh& nh, rtable_key* key);
/// Routes of this type stand for an error (or send the lookup on) and lead nowhere.
bool fib_leads_nowhere(u8 type);
/// Source address of packets of this host that take the route: its `src`, or the best of the device's.
u32 fib_result_prefsrc(const fib_result& found);
/// What an address is to this router: RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST or RTN_UNICAST.
u8 inet_addr_type(u32 address);

// fib_table.cpp
void fib_init();
int fib_table_insert(const fib_config& cfg);
int fib_table_delete(const fib_config& cfg);

// fib_lookup.cpp
/// Bits of the TOS that routes and rules are compared by (Linux IPTOS_RT_MASK).
inline constexpr u8 kTosRouteMask = 0x1C;
/// As the rules say; as long as there are none but the first three: `local` and `main` as one table, then `default`.
fib_result fib_lookup(const flowi4& flow);
/// The same in one table. -EAGAIN: nothing there.
fib_result fib_table_lookup(u32 table, const flowi4& flow);
/// Among default routes of one rank the first whose gateway may be alive (Linux fib_select_default). For packets of
/// this host.
void fib_select_default(fib_result* found, const flowi4& flow);
/// Chooses the way of a multipath route or the default route, unless the flow names the device. `skb`: the packet,
/// nullptr for one of this host.
void fib_select_path(fib_result* found, const flowi4& flow, const sk_buff* skb);
/// Route by destination alone.
inline fib_result fib_lookup_address(u32 address) {
    flowi4 flow{};
    flow.daddr = address;
    flow.iif = kLoopbackIfindex;
    return fib_lookup(flow);
}
/// First route of a prefix that lookups with these keys may use, nullptr: none. `merged`: `main` stands for `local` and
/// `main`.
const fib_alias* fib_find_usable(u32 dst, unsigned len, u32 table, const flowi4& flow, bool merged, u16* nexthop);

// fib_table.cpp
/// First route in the hash chain that the prefix is in; they are in the order in which lookups prefer.
const fib_alias* fib_chain(u32 dst, unsigned len);
const fib_alias* fib_chain_next(const fib_alias* route);
/// Some route has this prefix length.
bool fib_length_in_use(unsigned len);
/// Rules of somebody's own: `local` and `main` are two tables from now on (Linux fib_unmerge).
extern bool fib_has_custom_rules;
/// Takes out every route for which `dead` says so.
void fib_flush(bool (*dead)(const fib_alias& route, u32 argument), u32 argument);
/// Takes out the routes that have all that is named. 0, or -errno where iproute2 can't delete one of them.
int fib_table_flush(const regs::config::Flush& which);
/// The first route that is asked for makes a table, even if it is refused; none goes again.
bool fib_table_exists(u32 id);
/// False: there is no room for one more.
bool fib_new_table(u32 id);
/// Makes the table of the least number that is none yet; 0: there is no room.
u32 fib_empty_table();
/// `default` is there: lookups go on to it that end with an error in `main`.
inline bool fib_default_in_use() { return fib_table_exists(regs::config::RT_TABLE_DEFAULT); }
/// Somebody made local routes of his own: then source validation takes the long way.
extern bool fib_has_custom_local_routes;
/// Walks all routes, for tests and reports: nullptr at the end.
const fib_alias* fib_next(const fib_alias* route);

// fib_trie.cpp
/// The winning route of a prefix changed: `winner` or, when nullptr, none any more. 0; -ENOSPC: there is no room, and
/// nothing has changed.
int fib_trie_update(u32 dst, unsigned len, const fib_alias* winner);
/// The accelerator's table is no longer right: from now on it answers nothing but "ask software".
void fib_trie_ask_software();
/// Next-hop index for an address, kNoNextHop for "ask software".
STAGE u16 fib_trie_lookup(u32 address);
void fib_trie_init();
/// Moves lookups to the accelerator and fills its memories, or back. `ahead`: those of received packets begin before
/// the packets' turn, by the lookaside ring (fib_ahead.cpp). 0 or -errno.
int fib_trie_use_hardware(bool on, bool ahead = false);

// fib_ahead.cpp
/// Empties the lookaside ring and has received packets use it, or not.
void fib_ahead_init(bool on);
/// The accelerator's answer for the address, if the packet whose turn it is on this CPU has asked for it ahead.
bool fib_ahead_answer(u32 address, u16* nexthop);

// fib_table.cpp, for the trie: the route of `local` and `main` that lookups take before the others of the prefix.
const fib_alias* fib_winner(u32 dst, unsigned len);

}  // namespace fw
