// SPDX-License-Identifier: Apache-2.0
// The policy database: which table a lookup asks (Linux net/core/fib_rules.c, net/ipv4/fib_rules.c). fib_rules_config:
// `ip rule`; fib_rules: lookups.
#pragma once
#include "sw/net/fib.h"
#include "sw/net/multipath.h"

namespace fw {

inline constexpr unsigned kMaxRules = 1024;

struct fib_rule {
    u32 priority;
    u32 src;
    u32 dst;
    u32 iif;  ///< 0: any, as in the rest
    u32 oif;
    u32 fwmark;
    u32 fwmask;
    u32 table;
    u32 target;              ///< of goto
    u32 nat;                 ///< route NAT: what the source becomes, 0: none
    u32 suppress_prefixlen;  ///< SUPPRESS_NONE
    u8 src_len;
    u8 dst_len;
    u8 tos;
    u8 action;  ///< FR_ACT_*
    u8 invert;
    u8 ip_proto;
    u16 sport_first;
    u16 sport_last;
    u16 dport_first;
    u16 dport_last;
    u16 ctarget;  ///< index of the rule that goto leads to
};

/// By priority, then by age.
struct fib_rules_list {
    unsigned count;
    fib_rule rule[kMaxRules];
};
extern fib_rules_list fib_rules;
inline constexpr u16 kUnresolved = 0xFFFF;
static_assert(kMaxRules < kUnresolved);

/// Some rule asks for ports or protocol: lookups for received packets must know them (Linux
/// fib_rules_require_fldissect).
extern bool fib_rules_need_ports;

/// The three rules that are there from the beginning.
void fib_rules_init();
/// The first rule that has an answer. Without one -ENETUNREACH.
fib_result fib_rules_lookup(const flowi4& flow);
/// `ip rule flush`: all but those of priority 0.
void fib_rules_flush();

}  // namespace fw
