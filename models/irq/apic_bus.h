// SPDX-License-Identifier: Apache-2.0
// Carries interrupt messages to the local APICs that they are for: between cores (after a latency), from the I/O APIC,
// and from devices that write to the MSI window.
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <systemc>
#include <vector>

#include "models/irq/interrupt_message.h"
#include "models/irq/local_apic.h"

namespace turnpike {

class ApicBus : public sc_core::sc_module {
  public:
    /// `ipi_ps`: from the write of an interrupt command to its effect at another core's local APIC.
    explicit ApicBus(const sc_core::sc_module_name& name, std::uint64_t ipi_ps = 0);

    /// The window of regs/address_map.def, MSI_BASE: address bits 19 to 12 name the destination (SDM 11.11).
    tlm_utils::simple_target_socket<ApicBus> msi;

    /// From now on messages reach `apic`, and its commands, its ends of interrupt and its enabling come here. In the
    /// order of the APIC ids.
    void connect(LocalApic& apic);
    void set_eoi_handler(std::function<void(unsigned)> handler) { eoi_handler_ = std::move(handler); }
    void set_enable_handler(std::function<void()> handler) { enable_handler_ = std::move(handler); }

    /// Now, to all local APICs that `message` is for; of a lowest-priority message, to the one whose processor
    /// priority is lowest, and of several the one with the lowest id.
    struct Outcome {
        bool found = false;     ///< there is one
        bool accepted = false;  ///< and it took the message
    };
    Outcome deliver(const InterruptMessage& message);

  private:
    struct Sent {
        std::uint64_t at_ps;
        LocalApic* from;
        InterruptCommand command;
    };

    void write_msi(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned debug_msi(tlm::tlm_generic_payload&) { return 0; }
    void send(LocalApic& from, const InterruptCommand& command);
    void arrive();
    void carry_out(const Sent& sent);
    void tell_once(const std::string& text);

    std::uint64_t ipi_ps_;
    std::vector<LocalApic*> apics_;
    std::deque<Sent> on_their_way_;  ///< all take the same time, so they arrive in the order of sending
    sc_core::sc_event arrival_;
    std::function<void(unsigned)> eoi_handler_;
    std::function<void()> enable_handler_;
    std::set<std::string> told_;
};

}  // namespace turnpike
