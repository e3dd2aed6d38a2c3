// SPDX-License-Identifier: Apache-2.0
// `ip rule` (Linux net/core/fib_rules.c, fib_newrule, fib_delrule; net/ipv4/fib_rules.c, fib4_rule_configure).
#include "sw/kernel/error.h"
#include "sw/net/fib_rules.h"
#include "sw/net/net.h"

namespace fw {

using namespace regs::config;

namespace {

constexpr u32 kPriorityMain = 0x7FFE, kPriorityDefault = 0x7FFF;
/// TOS values that rules know (IPTOS_TOS_MASK without the ECN bit, RFC 1349).
constexpr u8 kTosMask = 0x1E, kEcnBits = 0x03;
constexpr u16 kLastPort = 0xFFFE;

/// What follows from the list as a whole: where each goto leads, and whether ports matter.
void rules_changed() {
    fib_rules_need_ports = false;
    for (unsigned i = 0; i < fib_rules.count; ++i) {
        fib_rule& rule = fib_rules.rule[i];
        if (rule.ip_proto != 0 || rule.sport_first != 0 || rule.dport_first != 0) fib_rules_need_ports = true;
        if (rule.action != FR_ACT_GOTO) continue;
        rule.ctarget = kUnresolved;
        for (unsigned k = i + 1; k < fib_rules.count && rule.ctarget == kUnresolved; ++k) {
            if (fib_rules.rule[k].priority == rule.target) rule.ctarget = static_cast<u16>(k);
        }
    }
    ip_route_input_changed();
    rt_genid_bump();
}

/// Behind all of its priority.
void insert(const fib_rule& rule) {
    unsigned at = fib_rules.count++;
    for (; at > 0 && fib_rules.rule[at - 1].priority > rule.priority; --at) fib_rules.rule[at] = fib_rules.rule[at - 1];
    fib_rules.rule[at] = rule;
    rules_changed();
}

void remove(unsigned at) {
    --fib_rules.count;
    for (; at < fib_rules.count; ++at) fib_rules.rule[at] = fib_rules.rule[at + 1];
    rules_changed();
}

void add_default_rule(u32 priority, u32 table) {
    fib_rule rule{};
    rule.priority = priority;
    rule.table = table;
    rule.suppress_prefixlen = SUPPRESS_NONE;
    rule.action = FR_ACT_TO_TBL;
    rule.ctarget = kUnresolved;
    insert(rule);
}

/// fib_default_rule_pref: just before the second rule.
u32 default_priority() {
    const u32 second = fib_rules.count > 1 ? fib_rules.rule[1].priority : 0;
    return second != 0 ? second - 1 : 0;
}

fib_rule rule_of(const msg::RuleAdd& message) {
    fib_rule rule{};
    rule.priority = message.has_priority ? message.priority : default_priority();
    rule.src = message.source;
    rule.dst = message.destination;
    rule.iif = message.iif;
    rule.oif = message.oif;
    rule.fwmark = message.fwmark;
    rule.fwmask = message.fwmask;
    rule.table = message.table;
    rule.target = message.target;
    rule.nat = message.nat;
    rule.suppress_prefixlen = message.suppress_prefixlen;
    rule.src_len = message.source_len;
    rule.dst_len = message.destination_len;
    rule.tos = message.tos;
    rule.action = message.action;
    rule.invert = message.invert;
    rule.ip_proto = message.ip_proto;
    rule.sport_first = message.sport_first;
    rule.sport_last = message.sport_last;
    rule.dport_first = message.dport_first;
    rule.dport_last = message.dport_last;
    rule.ctarget = kUnresolved;
    return rule;
}

bool valid_range(u16 first, u16 last) { return first == 0 ? last == 0 : first <= last && last <= kLastPort; }

bool valid(const fib_rule& rule) {
    if (rule.src_len > 32 || rule.dst_len > 32) return false;
    if ((rule.tos & kEcnBits) != 0 || (rule.tos & ~kTosMask) != 0) return false;
    if (!valid_range(rule.sport_first, rule.sport_last) || !valid_range(rule.dport_first, rule.dport_last))
        return false;
    switch (rule.action) {
        case FR_ACT_GOTO:
            return rule.target > rule.priority;
        case FR_ACT_TO_TBL:
        case FR_ACT_NOP:
        case FR_ACT_BLACKHOLE:
        case FR_ACT_UNREACHABLE:
        case FR_ACT_PROHIBIT:
            return true;
        default:
            return false;
    }
}

/// fib4_rule_compare: what the second does not name, it does not mind.
bool same_selector(const fib_rule& rule, const fib_rule& wanted) {
    return (wanted.src_len == 0 || (rule.src_len == wanted.src_len && rule.src == wanted.src)) &&
           (wanted.dst_len == 0 || (rule.dst_len == wanted.dst_len && rule.dst == wanted.dst)) &&
           (wanted.tos == 0 || rule.tos == wanted.tos);
}

/// rule_exists. As in Linux, `not` and the target of a goto make no difference.
bool same_rule(const fib_rule& rule, const fib_rule& wanted) {
    return rule.action == wanted.action && rule.table == wanted.table && rule.priority == wanted.priority &&
           rule.suppress_prefixlen == wanted.suppress_prefixlen && rule.iif == wanted.iif && rule.oif == wanted.oif &&
           rule.fwmark == wanted.fwmark && rule.fwmask == wanted.fwmask && rule.ip_proto == wanted.ip_proto &&
           rule.sport_first == wanted.sport_first && rule.sport_last == wanted.sport_last &&
           rule.dport_first == wanted.dport_first && rule.dport_last == wanted.dport_last &&
           same_selector(rule, wanted);
}

/// Ports that a deletion does not name don't matter.
bool same_ports(u16 first, u16 last, u16 wanted_first, u16 wanted_last) {
    return wanted_first == 0 || (first == wanted_first && last == wanted_last);
}

/// rule_find.
bool is_meant(const fib_rule& rule, const msg::RuleDel& message) {
    fib_rule wanted{};
    wanted.src = message.source;
    wanted.src_len = message.source_len;
    wanted.dst = message.destination;
    wanted.dst_len = message.destination_len;
    wanted.tos = message.tos;
    return (message.action == 0 || rule.action == message.action) &&
           (message.table == 0 || rule.table == message.table) &&
           (!message.has_priority || rule.priority == message.priority) &&
           (message.iif == 0 || rule.iif == message.iif) && (message.oif == 0 || rule.oif == message.oif) &&
           (message.fwmark == 0 || rule.fwmark == message.fwmark) &&
           (message.fwmask == 0 || rule.fwmask == message.fwmask) &&
           (message.suppress_prefixlen == SUPPRESS_NONE || rule.suppress_prefixlen == message.suppress_prefixlen) &&
           (message.ip_proto == 0 || rule.ip_proto == message.ip_proto) &&
           same_ports(rule.sport_first, rule.sport_last, message.sport_first, message.sport_last) &&
           same_ports(rule.dport_first, rule.dport_last, message.dport_first, message.dport_last) &&
           same_selector(rule, wanted);
}

}  // namespace

void fib_rules_init() {
    fib_rules.count = 0;
    add_default_rule(0, RT_TABLE_LOCAL);
    add_default_rule(kPriorityMain, RT_TABLE_MAIN);
    add_default_rule(kPriorityDefault, RT_TABLE_DEFAULT);
}

int inet_rule_add(const msg::RuleAdd& message) {
    fib_rule rule = rule_of(message);
    if (!valid(rule)) return -err::inval;
    for (unsigned i = 0; i < fib_rules.count; ++i) {
        if (same_rule(fib_rules.rule[i], rule)) return -err::exist;
    }
    if (fib_rules.count == kMaxRules) return -err::nobufs;
    if (rule.action == FR_ACT_TO_TBL && rule.table == 0) {  // fib4_rule_configure: an empty one
        rule.table = fib_empty_table();
        if (rule.table == 0) return -err::nobufs;
    }
    fib_has_custom_rules = true;
    insert(rule);
    return 0;
}

int inet_rule_del(const msg::RuleDel& message) {
    for (unsigned i = 0; i < fib_rules.count; ++i) {
        if (!is_meant(fib_rules.rule[i], message)) continue;
        fib_has_custom_rules = true;
        remove(i);
        return 0;
    }
    return -err::noent;
}

void fib_rules_flush() {
    fib_has_custom_rules = true;
    for (unsigned i = fib_rules.count; i-- > 0;) {
        if (fib_rules.rule[i].priority != 0) remove(i);
    }
}

}  // namespace fw
