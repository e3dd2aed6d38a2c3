// SPDX-License-Identifier: Apache-2.0
// Several default routes of one rank (Linux net/ipv4/fib_semantics.c: fib_select_default, fib_detect_death).
#include "sw/net/fib.h"
#include "sw/net/neighbour.h"

namespace fw {

using namespace regs::config;

namespace {

/// The route that is taken if none is better: whose gateway is not known to answer, but may.
struct last_resort {
    const fib_alias* route = nullptr;
    int order = -1;
};

/// The gateway of the route's first way does not answer. `choice`: the order of the route that was taken last time.
bool detect_death(const fib_alias& route, int order, int choice, last_resort* last) {
    const rtable& rt = rt_table[route.nexthop];
    const neighbour* neigh = __ipv4_neigh_lookup_noref(rt.gateway, rt.dev);
    if (!neigh) return false;
    const u16 state = neigh->nud_state;
    if (state == NUD_REACHABLE) return false;
    const bool valid = (state & NUD_VALID) != 0;
    if (valid && order != choice) return false;
    if (valid || (last->order < 0 && order > choice && state != NUD_INCOMPLETE)) *last = {&route, order};
    return true;
}

/// One that a choice can be made of.
bool leads_to_gateway(const fib_alias& route, u8 scope) {
    return route.scope == scope && route.type == RTN_UNICAST && rt_table[route.nexthop].gateway != 0;
}

/// Walks over the routes in their order; `chosen`: what is to be taken, nullptr: as the lookup said.
class Choice {
  public:
    Choice(const fib_result& found, const flowi4& flow) : found_(*found.route), flow_(flow), metric_(found_.metric) {}

    const fib_alias* make() {
        const fib_alias* route = fib_chain(0, 0);
        while (route && look_at(*route)) route = fib_chain_next(route);
        if (chosen_) return chosen_;
        if (order_ <= 0 || !candidate_) {
            remember(-1);
        } else if (!detect_death(*candidate_, order_, first_->last_choice, &last_)) {
            take(candidate_);
        } else {
            chosen_ = last_.route;
            remember(last_.order);
        }
        return chosen_;
    }

  private:
    /// False: the walk is over.
    bool look_at(const fib_alias& route) {
        if (route.len != 0 || route.table != found_.table) return true;
        if (route.tos != 0 && route.tos != (flow_.tos & kTosRouteMask)) return true;
        if (route.metric > metric_ && route.tos == tos_) return tos_ != 0;
        tos_ = route.tos;
        metric_ = route.metric;
        if (!leads_to_gateway(route, found_.scope)) return true;
        if (!candidate_) {
            if (route.nexthop != found_.nexthop) return false;
            first_ = &route;
        } else if (!detect_death(*candidate_, order_, first_->last_choice, &last_)) {
            take(candidate_);
            return false;
        }
        candidate_ = &route;
        ++order_;
        return true;
    }

    void take(const fib_alias* route) {
        chosen_ = route;
        remember(order_);
    }
    void remember(int order) {
        if (first_) const_cast<fib_alias*>(first_)->last_choice = static_cast<i8>(order);
    }

    const fib_alias& found_;
    const flowi4& flow_;
    u32 metric_;
    u8 tos_ = 0;
    int order_ = -1;
    const fib_alias* candidate_ = nullptr;
    const fib_alias* first_ = nullptr;
    const fib_alias* chosen_ = nullptr;
    last_resort last_ = {};
};

}  // namespace

void fib_select_default(fib_result* found, const flowi4& flow) {
    if (!found->route || found->route->len != 0 || found->route->type != RTN_UNICAST) return;
    const fib_alias* chosen = Choice(*found, flow).make();
    if (!chosen) return;
    found->route = chosen;
    found->nexthop = chosen->nexthop;
}

}  // namespace fw
