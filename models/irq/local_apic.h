// SPDX-License-Identifier: Apache-2.0
// A core's local APIC: accepts interrupts, ranks them, and times (Intel SDM volume 3, chapter 11).
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <systemc>

#include "models/core/register_file.h"
#include "models/irq/countdown.h"
#include "models/irq/interrupt_message.h"

namespace turnpike {

class LocalApic : public sc_core::sc_module {
  public:
    /// `timer_mhz`: the clock before the timer's divider.
    LocalApic(const sc_core::sc_module_name& name, unsigned apic_id, std::uint64_t timer_mhz);

    /// The registers of regs/lapic.def, 4 bytes each.
    tlm_utils::simple_target_socket<LocalApic> socket;

    unsigned apic_id() const { return apic_id_; }

    /// Whether a message's destination means this APIC (11.6.2).
    bool matches(unsigned destination, bool logical) const;
    /// A message of any delivery mode. False: not accepted.
    bool accept(const InterruptMessage& message);
    bool enabled() const;
    /// Processor priority (11.8.3.1).
    unsigned priority() const;

    /// An interrupt message. False: not accepted (the APIC is disabled, or the vector is one of the reserved 0-15).
    bool deliver(unsigned vector, bool level);
    /// The core takes an interrupt: its vector, which is now in service. Where priority no longer allows the one that
    /// was requested: the spurious vector; where nothing is requested at all: -1.
    int acknowledge();
    /// Whether an interrupt of sufficient priority waits.
    bool request() const { return request_; }

    /// Called with each change of request().
    void set_request_handler(std::function<void(bool)> handler) { request_handler_ = std::move(handler); }
    /// Called with the vector at the end of each level-triggered interrupt.
    void set_eoi_handler(std::function<void(unsigned)> handler) { eoi_handler_ = std::move(handler); }
    /// Called when software enables the APIC: refused interrupts may be sent again.
    void set_enable_handler(std::function<void()> handler) { enable_handler_ = std::move(handler); }

    /// Called with each interrupt command that software gives.
    void set_command_handler(std::function<void(const InterruptCommand&)> handler) {
        command_handler_ = std::move(handler);
    }
    /// Delivery status of the last command (11.6.1, bit 12).
    void set_command_pending(bool pending);
    /// Called for INIT, which has set this APIC to its state after reset (11.4.7.3), and for the start-up message,
    /// whose vector is the page where the core begins.
    void set_init_handler(std::function<void()> handler) { init_handler_ = std::move(handler); }
    /// Called for an NMI: it goes past everything here, enabled or not (11.4.7.2).
    void set_nmi_handler(std::function<void()> handler) { nmi_handler_ = std::move(handler); }
    void set_startup_handler(std::function<void(unsigned)> handler) { startup_handler_ = std::move(handler); }

    /// The timer counts to a value of the time-stamp counter (11.5.4.1).
    bool has_deadline_mode() const { return timer_mode() == kDeadlineMode; }
    /// In that mode: the interrupt comes at simulated time `ps`, or at once where that has passed. kNoDeadline disarms.
    static constexpr std::uint64_t kNoDeadline = ~0ULL;
    void set_deadline(std::uint64_t ps);
    bool has_deadline() const { return deadline_ps_ != kNoDeadline; }

  private:
    static constexpr unsigned kDeadlineMode = 2;
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);

    void attach_registers();
    void reset();
    void write_command();
    void write_svr(std::uint64_t before);
    void write_lvt_timer();
    void write_divide();
    void end_of_interrupt();
    void update();
    void arm_timer();
    void timer_expired();
    unsigned timer_mode() const;
    void tell_once(const std::string& text);

    bool bit(std::uint64_t bitmap, unsigned vector) const;
    void put_bit(std::uint64_t bitmap, unsigned vector, bool value);
    int highest(std::uint64_t bitmap) const;

    unsigned apic_id_;
    RegisterFile registers_;
    Countdown countdown_;
    sc_core::sc_event timer_event_;
    std::uint64_t deadline_ps_ = kNoDeadline;
    unsigned last_timer_mode_ = 0;
    bool request_ = false;
    std::set<std::string> told_;  ///< diagnoses given, each once
    std::function<void(bool)> request_handler_;
    std::function<void(unsigned)> eoi_handler_;
    std::function<void()> enable_handler_;
    std::function<void(const InterruptCommand&)> command_handler_;
    std::function<void()> init_handler_;
    std::function<void()> nmi_handler_;
    std::function<void(unsigned)> startup_handler_;
};

}  // namespace turnpike
