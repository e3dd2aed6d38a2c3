// SPDX-License-Identifier: Apache-2.0
#include "models/periph/mailbox.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "models/core/diagnosis.h"
#include "regs/mailbox.h"

namespace turnpike {

namespace mailbox = regs::mailbox;

namespace {
constexpr std::size_t kDataBytes = mailbox::DATA_COUNT * mailbox::kRegisterBytes;
}

Mailbox::Mailbox(const sc_core::sc_module_name& name)
    : sc_core::sc_module(name),
      socket("socket"),
      irq("irq"),
      registers_(this->name(), mailbox::kRegisterBytes, mailbox::kRegisters),
      changed_("changed") {
    socket.register_b_transport(this, &Mailbox::b_transport);
    socket.register_transport_dbg(this, &Mailbox::transport_dbg);
    registers_.on_write(mailbox::REPLY,
                        [this](std::uint64_t, std::uint64_t value) { answered(static_cast<std::int64_t>(value)); });
    registers_.on_write(mailbox::READY, [this](std::uint64_t, std::uint64_t value) {
        if ((value & 1) != 0 && ready_) ready_();
    });
    registers_.on_write(mailbox::EXIT, [this](std::uint64_t, std::uint64_t value) {
        if (exit_) exit_(static_cast<unsigned>(value & 0xFF));
    });
    registers_.on_write(mailbox::IRQ_ENABLE,
                        [this](std::uint64_t, std::uint64_t) { changed_.notify(sc_core::SC_ZERO_TIME); });
    SC_HAS_PROCESS(Mailbox);
    SC_METHOD(drive_irq);
    sensitive << changed_;
}

void Mailbox::set_cores(unsigned cores) { registers_.set(mailbox::CORES, cores); }

void Mailbox::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) { registers_.transport(payload); }

unsigned Mailbox::transport_dbg(tlm::tlm_generic_payload& payload) { return registers_.transport_dbg(payload); }

void Mailbox::post(std::uint32_t type, std::span<const std::uint8_t> bytes, Reply on_reply) {
    if (bytes.size() > kDataBytes)
        throw std::length_error(fmt::format("mailbox: a message of {} bytes, at most {}", bytes.size(), kDataBytes));
    queue_.push_back({type, {bytes.begin(), bytes.end()}, std::move(on_reply)});
    if (queue_.size() == 1) show();
}

/// Puts the first message, or nothing, into the registers.
void Mailbox::show() {
    static const Message kNone{};
    const Message& message = queue_.empty() ? kNone : queue_.front();
    registers_.set(mailbox::STATUS, mailbox::STATUS_PENDING.of(queue_.empty() ? 0 : 1));
    registers_.set(mailbox::TYPE, message.type);
    registers_.set(mailbox::LENGTH, message.bytes.size());
    for (unsigned n = 0; n < mailbox::DATA_COUNT; ++n) {
        const std::size_t at = std::size_t{n} * mailbox::kRegisterBytes;
        std::uint64_t word = 0;
        if (at < message.bytes.size())
            std::memcpy(&word, &message.bytes[at], std::min(sizeof word, message.bytes.size() - at));
        registers_.set(mailbox::DATA(n), word);
    }
    // The line is driven by the process: before the simulation runs there is nothing to drive yet.
    if (sc_core::sc_is_running()) changed_.notify(sc_core::SC_ZERO_TIME);
}

void Mailbox::answered(std::int64_t reply) {
    if (queue_.empty()) {
        diagnose(fmt::format("{}: an answer ({}) while no message waits; ignored", name(), reply));
        return;
    }
    const Reply on_reply = std::move(queue_.front().on_reply);
    queue_.pop_front();
    show();
    if (on_reply) on_reply(reply);
}

void Mailbox::drive_irq() { irq.write(!queue_.empty() && registers_.get(mailbox::IRQ_ENABLE) != 0); }

}  // namespace turnpike
