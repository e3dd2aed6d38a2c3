// SPDX-License-Identifier: Apache-2.0
#include "models/irq/ioapic.h"

#include <fmt/core.h>

#include "models/core/diagnosis.h"
#include "regs/ioapic.h"

namespace turnpike {

namespace ioapic = regs::ioapic;

namespace {
// Indirect registers, 3.2.
constexpr unsigned kId = 0x00;
constexpr unsigned kVersion = 0x01;
constexpr unsigned kArbitration = 0x02;
constexpr unsigned kFirstRedirection = 0x10;  ///< two registers an entry

constexpr std::uint32_t kIdMask = 0x0F000000;                              // 3.2.1
constexpr std::uint32_t kVersionValue = 0x11 | (IoApic::kPins - 1) << 16;  // 3.2.2
constexpr std::uint64_t kRedirectionReset = ioapic::REDIR_MASKED.mask();   // 3.2.4: masked, the rest undefined
constexpr std::uint64_t kRedirectionWritable = 0xFF0000000001AFFF;         // not delivery status, not remote IRR
}  // namespace

IoApic::IoApic(const sc_core::sc_module_name& name)
    : sc_core::sc_module(name),
      socket("socket"),
      pins("pins", kPins),
      registers_(this->name(), ioapic::kRegisterBytes, ioapic::kRegisters),
      low_("low") {
    redirection_.fill(kRedirectionReset);
    socket.register_b_transport(this, &IoApic::b_transport);
    socket.register_transport_dbg(this, &IoApic::transport_dbg);
    registers_.on_read(ioapic::IOWIN, [this](std::uint64_t) { return read_window(); });
    registers_.on_write(
        ioapic::IOWIN, [this](std::uint64_t, std::uint64_t value) { write_window(static_cast<std::uint32_t>(value)); });
    SC_HAS_PROCESS(IoApic);
    SC_METHOD(pins_changed);
    for (auto& pin : pins) sensitive << pin;
}

void IoApic::before_end_of_elaboration() {
    for (unsigned pin = 0; pin < kPins; ++pin) {
        if (pins[pin].bind_count() == 0)
            pins[pin].bind(low_);
        else
            bound_.push_back(pin);
    }
}

void IoApic::connect(ApicBus& bus) {
    bus_ = &bus;
    bus.set_eoi_handler([this](unsigned vector) { end_of_interrupt(vector); });
    bus.set_enable_handler([this] { resend_levels(); });
}

void IoApic::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) { registers_.transport(payload); }

unsigned IoApic::transport_dbg(tlm::tlm_generic_payload& payload) { return registers_.transport_dbg(payload); }

std::uint32_t IoApic::read_window() const {
    const auto index = static_cast<unsigned>(registers_.get(ioapic::IOREGSEL));
    if (index == kId || index == kArbitration) return id_;  // 3.2.3: the arbitration id is loaded with the id
    if (index == kVersion) return kVersionValue;
    const unsigned pin = (index - kFirstRedirection) / 2;
    if (index < kFirstRedirection || pin >= kPins) return 0;
    return static_cast<std::uint32_t>(redirection_[pin] >> (index % 2 * 32));
}

void IoApic::write_window(std::uint32_t value) {
    const auto index = static_cast<unsigned>(registers_.get(ioapic::IOREGSEL));
    if (index == kId)
        id_ = value & kIdMask;
    else if (index >= kFirstRedirection && index < kFirstRedirection + 2 * kPins)
        write_redirection(index - kFirstRedirection, value);
}

void IoApic::write_redirection(unsigned index, std::uint32_t value) {
    const unsigned pin = index / 2;
    const unsigned shift = index % 2 * 32;
    const std::uint64_t mask = kRedirectionWritable & (0xFFFFFFFFULL << shift);
    std::uint64_t& entry = redirection_[pin];
    entry = (entry & ~mask) | (std::uint64_t{value} << shift & mask);
    // 3.2.4: remote IRR has a meaning for level-triggered interrupts only.
    if (!ioapic::REDIR_LEVEL.test(entry)) entry &= ~ioapic::REDIR_REMOTE_IRR.mask();
    send_level(pin);
}

void IoApic::pins_changed() {
    std::uint32_t lines = 0;
    for (const unsigned pin : bound_) lines |= std::uint32_t{pins[pin].read()} << pin;
    const std::uint32_t changed = lines ^ lines_;
    lines_ = lines;
    for (const unsigned pin : bound_) {
        if ((changed >> pin & 1) == 0 || !asserted(pin)) continue;
        const std::uint64_t entry = redirection_[pin];
        if (ioapic::REDIR_LEVEL.test(entry))
            send_level(pin);
        else if (!ioapic::REDIR_MASKED.test(entry))  // 3.2.4: an edge on a masked pin is not held
            send(pin);
    }
}

bool IoApic::asserted(unsigned pin) const {
    const bool line = (lines_ >> pin & 1) != 0;
    return line != ioapic::REDIR_POLARITY.test(redirection_[pin]);
}

void IoApic::send_level(unsigned pin) {
    std::uint64_t& entry = redirection_[pin];
    if (!ioapic::REDIR_LEVEL.test(entry) || ioapic::REDIR_MASKED.test(entry)) return;
    if (!asserted(pin) || ioapic::REDIR_REMOTE_IRR.test(entry)) return;
    if (send(pin)) entry |= ioapic::REDIR_REMOTE_IRR.mask();
}

/// One message to the entry's destination; true when a local APIC took it.
bool IoApic::send(unsigned pin) {
    const std::uint64_t entry = redirection_[pin];
    InterruptMessage message;
    message.vector = static_cast<unsigned>(ioapic::REDIR_VECTOR.get(entry));
    message.mode = static_cast<InterruptMessage::Mode>(ioapic::REDIR_MODE.get(entry));
    message.logical = ioapic::REDIR_LOGICAL.test(entry);
    message.level = ioapic::REDIR_LEVEL.test(entry);
    message.destination = static_cast<unsigned>(ioapic::REDIR_DESTINATION.get(entry));
    if (message.mode > InterruptMessage::Mode::lowest_priority) {
        tell_once(pin, "only fixed and lowest-priority delivery are there");
        return false;
    }
    const ApicBus::Outcome outcome = bus_ != nullptr ? bus_->deliver(message) : ApicBus::Outcome{};
    if (!outcome.found) tell_once(pin, "no local APIC has the destination's id");
    return outcome.accepted;
}

void IoApic::resend_levels() {
    for (unsigned pin = 0; pin < kPins; ++pin) send_level(pin);
}

void IoApic::end_of_interrupt(unsigned vector) {
    for (unsigned pin = 0; pin < kPins; ++pin) {
        std::uint64_t& entry = redirection_[pin];
        if (!ioapic::REDIR_REMOTE_IRR.test(entry) || ioapic::REDIR_VECTOR.get(entry) != vector) continue;
        entry &= ~ioapic::REDIR_REMOTE_IRR.mask();
        send_level(pin);
    }
}

void IoApic::tell_once(unsigned pin, const char* text) {
    if ((told_ >> pin & 1) != 0) return;
    told_ |= 1U << pin;
    diagnose(fmt::format("{}: pin {}: redirection entry {:#018x}: {}", name(), pin, redirection_[pin], text));
}

}  // namespace turnpike
