// SPDX-License-Identifier: Apache-2.0
#include "models/nic/link.h"

#include "models/core/clock.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

/// LINKS.LINK_SPEED, 8.2.3.22.20: 100 Mbit/s, 1 Gbit/s, 10 Gbit/s. Faster links read as the fastest, slower ones as the
/// slowest.
std::uint64_t link_speed(std::uint64_t rate_mbps) { return rate_mbps < 1000 ? 1 : rate_mbps < 10'000 ? 2 : 3; }

}  // namespace

LinkState::LinkState(const sc_core::sc_module_name& name, RegisterFile& registers, Interrupts& interrupts,
                     Statistics& statistics, std::uint64_t rate_mbps, std::uint64_t up_ps)
    : sc_module(name),
      registers_(registers),
      interrupts_(interrupts),
      statistics_(statistics),
      rate_mbps_(rate_mbps),
      up_ps_(up_ps),
      due_("come_up", [this] { come_up(); }) {
    registers_.on_write(r::AUTOC, [this](std::uint64_t, std::uint64_t value) { written(value); });
}

bool LinkState::up() const { return r::LINKS_LINK_UP.test(registers_.get(r::LINKS)); }

void LinkState::set_up(bool up) {
    const std::uint64_t links = r::LINKS_LINK_UP.set(registers_.get(r::LINKS), up);
    registers_.set(r::LINKS, r::LINKS_LINK_SPEED.set(links, up ? link_speed(rate_mbps_) : 0));
    if (up && up_handler_) up_handler_();
}

void LinkState::reset() {
    due_.cancel();
    set_up(up_ps_ == 0);
    if (up_ps_ != 0) due_.at(now_ps() + up_ps_);
}

void LinkState::written(std::uint64_t value) {
    if (!r::AUTOC_RESTART_AN.test(value)) return;
    registers_.set(r::AUTOC, registers_.get(r::AUTOC) & ~r::AUTOC_RESTART_AN.mask());
    due_.cancel();
    if (up_ps_ == 0) return come_up();
    set_up(false);
    due_.at(now_ps() + up_ps_);
}

void LinkState::come_up() {
    set_up(true);
    statistics_.count(Counter::link_changes);
    interrupts_.raise(static_cast<std::uint32_t>(r::EICR_LSC.mask()), now_ps());
}

}  // namespace turnpike::nic
