// SPDX-License-Identifier: Apache-2.0
// The state of the link: up some time after it was restarted (82599 data sheet 3.7.4, 4.6.4).
#pragma once
#include <systemc>

#include "models/core/agenda.h"
#include "models/nic/irq/interrupts.h"

namespace turnpike::nic {

class LinkState : public sc_core::sc_module {
  public:
    LinkState(const sc_core::sc_module_name& name, RegisterFile& registers, Interrupts& interrupts,
              Statistics& statistics, std::uint64_t rate_mbps, std::uint64_t up_ps);

    /// The registers are at their reset values: the link comes up anew, silently.
    void reset();
    bool up() const;
    /// Called when the link has come up.
    void on_up(std::function<void()> handler) { up_handler_ = std::move(handler); }

  private:
    void written(std::uint64_t value);
    void set_up(bool up);
    void come_up();

    RegisterFile& registers_;
    Interrupts& interrupts_;
    Statistics& statistics_;
    std::uint64_t rate_mbps_;
    std::uint64_t up_ps_;
    Alarm due_;
    std::function<void()> up_handler_;
};

}  // namespace turnpike::nic
