// SPDX-License-Identifier: Apache-2.0
#include "models/irq/apic_bus.h"

#include <fmt/core.h>

#include <cstring>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "regs/lapic.h"

namespace turnpike {

using Mode = InterruptMessage::Mode;
using Shorthand = InterruptCommand::Shorthand;

ApicBus::ApicBus(const sc_core::sc_module_name& name, std::uint64_t ipi_ps)
    : sc_core::sc_module(name), msi("msi"), ipi_ps_(ipi_ps), arrival_("arrival") {
    msi.register_b_transport(this, &ApicBus::write_msi);
    msi.register_transport_dbg(this, &ApicBus::debug_msi);
    SC_HAS_PROCESS(ApicBus);
    SC_METHOD(arrive);
    sensitive << arrival_;
    dont_initialize();
}

void ApicBus::connect(LocalApic& apic) {
    apics_.push_back(&apic);
    apic.set_eoi_handler([this](unsigned vector) {
        if (eoi_handler_) eoi_handler_(vector);
    });
    apic.set_enable_handler([this] {
        if (enable_handler_) enable_handler_();
    });
    apic.set_command_handler([this, &apic](const InterruptCommand& command) { send(apic, command); });
}

ApicBus::Outcome ApicBus::deliver(const InterruptMessage& message) {
    Outcome outcome;
    LocalApic* lowest = nullptr;
    for (LocalApic* apic : apics_) {
        if (!apic->matches(message.destination, message.logical)) continue;
        outcome.found = true;
        if (message.mode != Mode::lowest_priority)
            outcome.accepted |= apic->accept(message);
        else if (apic->enabled() && (lowest == nullptr || apic->priority() < lowest->priority()))
            lowest = apic;
    }
    if (lowest != nullptr) outcome.accepted = lowest->accept(message);
    return outcome;
}

void ApicBus::send(LocalApic& from, const InterruptCommand& command) {
    const Sent sent{now_ps() + ipi_ps_, &from, command};
    // A core's message to itself does not leave its local APIC.
    if (command.shorthand == Shorthand::self || ipi_ps_ == 0) {
        carry_out(sent);
        return;
    }
    from.set_command_pending(true);
    on_their_way_.push_back(sent);
    if (on_their_way_.size() == 1) arrival_.notify(from_ps(ipi_ps_));
}

void ApicBus::arrive() {
    while (!on_their_way_.empty() && on_their_way_.front().at_ps <= now_ps()) {
        const Sent sent = on_their_way_.front();
        on_their_way_.pop_front();
        sent.from->set_command_pending(false);
        carry_out(sent);
    }
    for (const Sent& sent : on_their_way_) sent.from->set_command_pending(true);
    if (!on_their_way_.empty()) arrival_.notify(from_ps(on_their_way_.front().at_ps - now_ps()));
}

void ApicBus::carry_out(const Sent& sent) {
    const InterruptMessage& message = sent.command.message;
    switch (sent.command.shorthand) {
        case Shorthand::none:
            if (!deliver(message).found)
                tell_once(fmt::format("{}: an interrupt command to destination {:#x}, which no local APIC has; dropped",
                                      sent.from->name(), message.destination));
            break;
        case Shorthand::self:
            sent.from->accept(message);
            break;
        case Shorthand::all:
        case Shorthand::others:
            for (LocalApic* apic : apics_)
                if (apic != sent.from || sent.command.shorthand == Shorthand::all) apic->accept(message);
            break;
    }
}

/// SDM 11.11.1 and 11.11.2: address and data of a message.
void ApicBus::write_msi(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
    constexpr std::uint64_t kDestinationLsb = 12;
    if (!payload.is_write() || payload.get_data_length() != 4 || payload.get_address() % 4 != 0) {
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        return;
    }
    std::uint32_t data = 0;
    std::memcpy(&data, payload.get_data_ptr(), sizeof data);
    InterruptMessage message;
    message.vector = data & 0xFF;
    message.mode = static_cast<Mode>(data >> 8 & 7);
    message.level = (data >> 15 & 1) != 0;
    message.destination = static_cast<unsigned>(payload.get_address() >> kDestinationLsb & 0xFF);
    const bool redirected = (payload.get_address() >> 3 & 1) != 0;
    message.logical = redirected && (payload.get_address() >> 2 & 1) != 0;
    // 11.11.2: a level-triggered message with level 0 deasserts, which edge-like delivery has nothing for.
    const bool asserted = !message.level || (data >> 14 & 1) != 0;
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (asserted && !deliver(message).found)
        tell_once(
            fmt::format("{}: a message-signalled interrupt to destination {:#x}, which no local APIC has; dropped",
                        name(), message.destination));
}

void ApicBus::tell_once(const std::string& text) {
    if (told_.insert(text).second) diagnose(text);
}

}  // namespace turnpike
