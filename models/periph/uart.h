// SPDX-License-Identifier: Apache-2.0
// The UART that printk writes to: regs/uart.def. A byte is sent at once; the time of its bits is not modelled.
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstddef>
#include <functional>
#include <string>
#include <systemc>

#include "models/core/register_file.h"

namespace turnpike {

class Uart : public sc_core::sc_module {
  public:
    /// At least this many of the last bytes are kept for text(), at most twice as many.
    static constexpr std::size_t kKeptBytes = 1 << 20;

    explicit Uart(const sc_core::sc_module_name& name);

    tlm_utils::simple_target_socket<Uart> socket;

    /// Called with each byte, as it is written.
    void set_output(std::function<void(char)> output) { output_ = std::move(output); }
    /// What was written last.
    const std::string& text() const { return text_; }

  private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    void transmit(char byte);

    RegisterFile registers_;
    std::function<void(char)> output_;
    std::string text_;
};

}  // namespace turnpike
