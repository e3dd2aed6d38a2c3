// SPDX-License-Identifier: Apache-2.0
#include "models/periph/uart.h"

#include "regs/uart.h"

namespace turnpike {

namespace uart = regs::uart;

Uart::Uart(const sc_core::sc_module_name& name)
    : sc_core::sc_module(name), socket("socket"), registers_(this->name(), uart::kRegisterBytes, uart::kRegisters) {
    socket.register_b_transport(this, &Uart::b_transport);
    socket.register_transport_dbg(this, &Uart::transport_dbg);
    registers_.on_write(uart::THR, [this](std::uint64_t, std::uint64_t value) { transmit(static_cast<char>(value)); });
}

void Uart::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) { registers_.transport(payload); }

unsigned Uart::transport_dbg(tlm::tlm_generic_payload& payload) { return registers_.transport_dbg(payload); }

void Uart::transmit(char byte) {
    if (text_.size() == 2 * kKeptBytes) text_.erase(0, kKeptBytes);
    text_.push_back(byte);
    if (output_) output_(byte);
}

}  // namespace turnpike
