// SPDX-License-Identifier: Apache-2.0
// TCPTIMER: a timer of whole milliseconds that raises a cause of its own (82599 data sheet 8.2.3.1.9).
#pragma once
#include <systemc>

#include "models/core/agenda.h"
#include "models/nic/irq/interrupts.h"

namespace turnpike::nic {

class TcpTimer : public sc_core::sc_module {
  public:
    TcpTimer(const sc_core::sc_module_name& name, RegisterFile& registers, Interrupts& interrupts);
    void reset() { due_.cancel(); }

  private:
    void written(std::uint64_t value);
    void start();
    void expire();

    RegisterFile& registers_;
    Interrupts& interrupts_;
    Alarm due_;
};

}  // namespace turnpike::nic
