// SPDX-License-Identifier: Apache-2.0
// The I/O APIC: 24 interrupt lines become messages to local APICs (Intel 82093AA data sheet, chapter 3).
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <systemc>
#include <vector>

#include "models/core/register_file.h"
#include "models/irq/apic_bus.h"
#include "regs/address_map.h"

namespace turnpike {

class IoApic : public sc_core::sc_module {
  public:
    static constexpr unsigned kPins = regs::map::IOAPIC_PINS;

    explicit IoApic(const sc_core::sc_module_name& name);

    /// IOREGSEL and IOWIN, 4 bytes each.
    tlm_utils::simple_target_socket<IoApic> socket;
    /// Interrupt lines; a pin that nobody binds stays low.
    sc_core::sc_vector<sc_core::sc_in<bool>> pins;

    /// Messages go out on `bus`, and ends of interrupt come back from there.
    void connect(ApicBus& bus);

  private:
    void before_end_of_elaboration() override;
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);

    std::uint32_t read_window() const;
    void write_window(std::uint32_t value);
    void write_redirection(unsigned index, std::uint32_t value);

    void pins_changed();
    bool asserted(unsigned pin) const;
    void send_level(unsigned pin);
    bool send(unsigned pin);
    void resend_levels();
    void end_of_interrupt(unsigned vector);
    void tell_once(unsigned pin, const char* text);

    RegisterFile registers_;
    std::uint32_t id_ = 0;
    std::array<std::uint64_t, kPins> redirection_{};
    std::uint32_t lines_ = 0;  ///< level of each pin
    std::uint32_t told_ = 0;   ///< pins with a diagnosis
    ApicBus* bus_ = nullptr;
    std::vector<unsigned> bound_;  ///< pins that something is connected to
    sc_core::sc_signal<bool> low_;
};

}  // namespace turnpike
