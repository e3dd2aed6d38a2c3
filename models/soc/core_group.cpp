// SPDX-License-Identifier: Apache-2.0
#include "models/soc/core_group.h"

#include <algorithm>
#include <cassert>

#include "models/core/clock.h"

namespace turnpike {
namespace {

/// At equal times events come before instructions, so whatever is runnable now must have run. Only the core with the
/// turn does this: two would wait for each other's deltas for ever.
void settle() {
    while (sc_core::sc_pending_activity_at_current_time()) sc_core::wait(sc_core::SC_ZERO_TIME);
}

}  // namespace

unsigned CoreGroup::add() {
    members_.push_back(std::make_unique<Member>());
    return static_cast<unsigned>(members_.size() - 1);
}

unsigned CoreGroup::first() const {
    unsigned best = 0;
    for (unsigned n = 1; n < members_.size(); ++n) {
        const Member& member = *members_[n];
        if (!member.waiting) continue;
        if (!members_[best]->waiting || member.ps < members_[best]->ps) best = n;
    }
    return best;
}

bool CoreGroup::must_wait(const Member& member) const {
    if (member.ps <= now_ps()) return false;
    return member.until == Until::now || member.ps >= window_end_ps_;
}

void CoreGroup::hand_over(unsigned to) {
    holder_ = static_cast<int>(to);
    members_[to]->go.notify();
}

std::uint64_t CoreGroup::event_ps() {
    if (event_ps_ == 0) event_ps_ = now_ps() + to_ps(sc_core::sc_time_to_pending_activity());
    return event_ps_;
}

void CoreGroup::open_window() {
    event_ps_ = 0;
    window_end_ps_ = std::min(event_ps(), now_ps() + window_ps_);
}

void CoreGroup::take_turn(unsigned core, std::uint64_t ps, Until until) {
    const int self = static_cast<int>(core);
    Member& me = *members_[core];
    me.ps = ps;
    me.until = until;
    me.waiting = true;
    if (holder_ == kNobody) holder_ = self;
    if (holder_ != self) {
        // The holder may be asleep until a time that lies behind this core's.
        members_[static_cast<unsigned>(holder_)]->go.notify();
        while (holder_ != self) sc_core::wait(me.go);
    }
    for (;;) {
        const unsigned next = first();
        if (next != core) {
            hand_over(next);
            while (holder_ != self) sc_core::wait(me.go);
        } else if (must_wait(me)) {
            const sc_core::sc_time ahead = from_ps(me.ps - now_ps());
            // Alone, nobody calls; and a wait for time only costs the kernel less.
            alone() ? sc_core::wait(ahead) : sc_core::wait(ahead, me.go);
        } else {
            settle();
            if (first() == core) break;
        }
    }
    me.waiting = false;
    if (until == Until::now || me.ps >= window_end_ps_) open_window();
}

bool CoreGroup::runs_ahead(unsigned core, std::uint64_t ps) {
    assert(alone());
    if (ps >= std::min(event_ps(), stop_ps_)) return false;
    holder_ = static_cast<int>(core);
    members_[core]->ps = ps;
    window_end_ps_ = std::min(event_ps(), ps + window_ps_);
    return true;
}

void CoreGroup::leave(unsigned core) {
    assert(holder_ == static_cast<int>(core));
    (void)core;
    holder_ = kNobody;
    close_window();  // what the core does now may bring events into it
    const unsigned next = first();
    if (members_[next]->waiting) hand_over(next);
}

std::uint64_t CoreGroup::limit_ps(unsigned core) const {
    std::uint64_t limit = window_end_ps_;
    for (const auto& member : members_)
        if (member->waiting && member->until == Until::now) limit = std::min(limit, member->ps);
    return std::max(limit, members_[core]->ps + 1);
}

}  // namespace turnpike
