// SPDX-License-Identifier: Apache-2.0
#include "sw/net/fib_rules.h"

#include "sw/kernel/error.h"

namespace fw {

using namespace regs::config;

constinit fib_rules_list fib_rules = {};
bool fib_rules_need_ports = false;

namespace {

bool in_range(u16 port, u16 first, u16 last) { return first == 0 || (port >= first && port <= last); }

bool selects(const fib_rule& rule, const flowi4& flow) {
    if (rule.iif != 0 && rule.iif != flow.iif) return false;
    if (rule.oif != 0 && rule.oif != flow.oif) return false;
    if (((rule.fwmark ^ flow.mark) & rule.fwmask) != 0) return false;
    if (((flow.saddr ^ rule.src) & inet_make_mask(rule.src_len)) != 0) return false;
    if (((flow.daddr ^ rule.dst) & inet_make_mask(rule.dst_len)) != 0) return false;
    if (rule.tos != 0 && rule.tos != (flow.tos & kTosRouteMask)) return false;
    if (rule.ip_proto != 0 && rule.ip_proto != flow.proto) return false;
    return in_range(flow.sport, rule.sport_first, rule.sport_last) &&
           in_range(flow.dport, rule.dport_first, rule.dport_last);
}

bool fib_rule_match(const fib_rule& rule, const flowi4& flow) { return selects(rule, flow) != (rule.invert != 0); }

fib_result no_route(int error) { return {nullptr, -error, kNoNextHop, nullptr}; }

/// fib4_rule_action, and fib4_rule_suppress. -EAGAIN: the next rule is asked.
fib_result fib_rule_action(const fib_rule& rule, const flowi4& flow) {
    switch (rule.action) {
        case FR_ACT_TO_TBL:
            break;
        case FR_ACT_UNREACHABLE:
            return no_route(kErrNetUnreach);
        case FR_ACT_PROHIBIT:
            return no_route(kErrProhibit);
        default:
            return no_route(kErrBlackhole);
    }
    fib_result result = fib_table_lookup(rule.table, flow);
    result.rule = &rule;
    const bool suppressed =
        result.err == 0 && rule.suppress_prefixlen != SUPPRESS_NONE && result.route->len <= rule.suppress_prefixlen;
    return suppressed ? no_route(kErrAgain) : result;
}

}  // namespace

fib_result fib_rules_lookup(const flowi4& flow) {
    for (unsigned i = 0; i < fib_rules.count; ++i) {
        const fib_rule* rule = &fib_rules.rule[i];
        // A goto leads forward only, so this ends.
        while (rule->action == FR_ACT_GOTO && rule->ctarget != kUnresolved && fib_rule_match(*rule, flow)) {
            i = rule->ctarget;
            rule = &fib_rules.rule[i];
        }
        if (rule->action == FR_ACT_GOTO || rule->action == FR_ACT_NOP || !fib_rule_match(*rule, flow)) continue;
        const fib_result result = fib_rule_action(*rule, flow);
        if (result.err != -kErrAgain) return result;
    }
    return no_route(kErrNetUnreach);
}

}  // namespace fw
