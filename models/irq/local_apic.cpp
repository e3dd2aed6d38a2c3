// SPDX-License-Identifier: Apache-2.0
#include "models/irq/local_apic.h"

#include <fmt/core.h>

#include <bit>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "regs/lapic.h"

namespace turnpike {

namespace lapic = regs::lapic;

namespace {
constexpr unsigned kFirstVector = 16;  // 11.5.2: 0-15 are reserved
constexpr unsigned kPeriodic = 1;      // 11.5.4: timer mode; 0 is one-shot
constexpr unsigned kBroadcast = 0xFF;  // 11.6.2.1
constexpr unsigned kFlat = 0xF;        // 11.6.2.2: model of the destination format

/// Offset of the word of a 256-bit bitmap (ISR, TMR, IRR) that holds a vector.
std::uint64_t word(std::uint64_t bitmap, unsigned vector) { return bitmap + 0x10 * (vector / 32); }

/// 11.5.4, figure 11-10: bits 3, 1 and 0 of the divide configuration: 2, 4, … 128, and 1.
unsigned divider(std::uint64_t configuration) {
    const unsigned code = static_cast<unsigned>((configuration & 3) | (configuration >> 1 & 4));
    return code == 7 ? 1 : 2U << code;
}

/// 11.8.3: the upper four bits of a vector or a priority are its class.
unsigned priority_class(std::uint64_t value) { return static_cast<unsigned>(value >> 4); }
}  // namespace

LocalApic::LocalApic(const sc_core::sc_module_name& name, unsigned apic_id, std::uint64_t timer_mhz)
    : sc_core::sc_module(name),
      socket("socket"),
      apic_id_(apic_id),
      registers_(this->name(), lapic::kRegisterBytes, lapic::kRegisters),
      countdown_(timer_mhz),
      timer_event_("timer_event") {
    socket.register_b_transport(this, &LocalApic::b_transport);
    socket.register_transport_dbg(this, &LocalApic::transport_dbg);
    SC_HAS_PROCESS(LocalApic);
    SC_METHOD(timer_expired);
    sensitive << timer_event_;
    dont_initialize();
    attach_registers();
}

void LocalApic::attach_registers() {
    registers_.set(lapic::ID, std::uint64_t{apic_id_} << 24);
    registers_.on_write(lapic::TPR, [this](std::uint64_t, std::uint64_t) { update(); });
    registers_.on_write(lapic::EOI, [this](std::uint64_t, std::uint64_t) { end_of_interrupt(); });
    registers_.on_write(lapic::SVR, [this](std::uint64_t before, std::uint64_t) { write_svr(before); });
    registers_.on_write(lapic::LVT_TIMER, [this](std::uint64_t, std::uint64_t) { write_lvt_timer(); });
    registers_.on_write(lapic::TIMER_DIVIDE, [this](std::uint64_t, std::uint64_t) { write_divide(); });
    registers_.on_write(lapic::TIMER_INITIAL, [this](std::uint64_t, std::uint64_t written) {
        if (timer_mode() > kPeriodic) return;
        countdown_.start(now_ps(), static_cast<std::uint32_t>(written));
        arm_timer();
    });
    registers_.on_write(lapic::ICR_LOW, [this](std::uint64_t, std::uint64_t) { write_command(); });
    registers_.on_read(lapic::TIMER_CURRENT, [this](std::uint64_t) { return countdown_.current(now_ps()); });
}

void LocalApic::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) { registers_.transport(payload); }

unsigned LocalApic::transport_dbg(tlm::tlm_generic_payload& payload) { return registers_.transport_dbg(payload); }

bool LocalApic::enabled() const { return lapic::SVR_ENABLE.test(registers_.get(lapic::SVR)); }

unsigned LocalApic::timer_mode() const {
    return static_cast<unsigned>(lapic::LVT_TIMER_MODE.get(registers_.get(lapic::LVT_TIMER)));
}

bool LocalApic::bit(std::uint64_t bitmap, unsigned vector) const {
    return (registers_.get(word(bitmap, vector)) >> (vector % 32) & 1) != 0;
}

void LocalApic::put_bit(std::uint64_t bitmap, unsigned vector, bool value) {
    const std::uint64_t mask = 1ULL << (vector % 32);
    const std::uint64_t before = registers_.get(word(bitmap, vector));
    registers_.set(word(bitmap, vector), value ? before | mask : before & ~mask);
}

int LocalApic::highest(std::uint64_t bitmap) const {
    for (int n = 7; n >= 0; --n) {
        const auto bits = static_cast<std::uint32_t>(registers_.get(bitmap + 0x10 * static_cast<unsigned>(n)));
        if (bits != 0) return n * 32 + 31 - std::countl_zero(bits);
    }
    return -1;
}

unsigned LocalApic::priority() const { return static_cast<unsigned>(registers_.get(lapic::PPR)); }

bool LocalApic::matches(unsigned destination, bool logical) const {
    if (destination == kBroadcast) return true;
    if (!logical) return destination == apic_id_;
    const auto id = static_cast<unsigned>(lapic::LDR_ID.get(registers_.get(lapic::LDR)));
    if (lapic::DFR_MODEL.get(registers_.get(lapic::DFR)) == kFlat) return (destination & id) != 0;
    const bool cluster = destination >> 4 == id >> 4 || destination >> 4 == 0xF;
    return cluster && (destination & id & 0xF) != 0;
}

bool LocalApic::accept(const InterruptMessage& message) {
    using Mode = InterruptMessage::Mode;
    switch (message.mode) {
        case Mode::fixed:
        case Mode::lowest_priority:
            return deliver(message.vector, message.level);
        case Mode::nmi:
            if (nmi_handler_) nmi_handler_();
            return true;
        case Mode::init:
            reset();
            if (init_handler_) init_handler_();
            return true;
        case Mode::startup:
            if (startup_handler_) startup_handler_(message.vector);
            return true;
        default:
            tell_once(fmt::format("{}: a message of delivery mode {}, which is not modelled; dropped", name(),
                                  static_cast<unsigned>(message.mode)));
            return false;
    }
}

/// 11.4.7.3: INIT leaves the state of a reset, but for the APIC id.
void LocalApic::reset() {
    registers_.reset();
    registers_.set(lapic::ID, std::uint64_t{apic_id_} << 24);
    countdown_.stop();
    countdown_.set_periodic(false);
    countdown_.set_divider(now_ps(), 2);
    deadline_ps_ = kNoDeadline;
    last_timer_mode_ = 0;
    arm_timer();
    update();
}

/// 11.6.1: the write of the low half sends.
void LocalApic::write_command() {
    const std::uint64_t low = registers_.get(lapic::ICR_LOW);
    InterruptCommand command;
    command.message.vector = static_cast<unsigned>(lapic::ICR_LOW_VECTOR.get(low));
    command.message.mode = static_cast<InterruptMessage::Mode>(lapic::ICR_LOW_MODE.get(low));
    command.message.logical = lapic::ICR_LOW_LOGICAL.test(low);
    command.message.destination =
        static_cast<unsigned>(lapic::ICR_HIGH_DESTINATION.get(registers_.get(lapic::ICR_HIGH)));
    command.shorthand = static_cast<InterruptCommand::Shorthand>(lapic::ICR_LOW_SHORTHAND.get(low));
    // The de-assertion of INIT has no effect since the Pentium 4; other modes ignore level and trigger (table 11-3).
    const bool init = command.message.mode == InterruptMessage::Mode::init;
    if (init && lapic::ICR_LOW_LEVEL.test(low) && !lapic::ICR_LOW_ASSERT.test(low)) return;
    if (command_handler_) command_handler_(command);
}

void LocalApic::set_command_pending(bool pending) {
    registers_.set(lapic::ICR_LOW, lapic::ICR_LOW_PENDING.set(registers_.get(lapic::ICR_LOW), pending ? 1 : 0));
}

bool LocalApic::deliver(unsigned vector, bool level) {
    if (vector < kFirstVector || vector > 0xFF) {
        tell_once(fmt::format("{}: an interrupt with the reserved vector {}; dropped", name(), vector));
        return false;
    }
    if (!enabled()) return false;  // 11.4.7.2
    put_bit(lapic::IRR(0), vector, true);
    put_bit(lapic::TMR(0), vector, level);
    update();
    return true;
}

int LocalApic::acknowledge() {
    const int vector = highest(lapic::IRR(0));
    if (vector < 0) return -1;
    if (!request_) return static_cast<int>(lapic::SVR_VECTOR.get(registers_.get(lapic::SVR)));  // 11.9
    put_bit(lapic::IRR(0), static_cast<unsigned>(vector), false);
    put_bit(lapic::ISR(0), static_cast<unsigned>(vector), true);
    update();
    return vector;
}

void LocalApic::end_of_interrupt() {
    const int vector = highest(lapic::ISR(0));
    if (vector < 0) return;  // also after a spurious interrupt, which needs none
    const auto ended = static_cast<unsigned>(vector);
    put_bit(lapic::ISR(0), ended, false);
    update();
    if (bit(lapic::TMR(0), ended) && eoi_handler_) eoi_handler_(ended);
}

/// Recomputes the processor priority (11.8.3.1) and the request to the core.
void LocalApic::update() {
    const std::uint64_t task = registers_.get(lapic::TPR);
    const int in_service = highest(lapic::ISR(0));
    const unsigned service_class = in_service < 0 ? 0 : priority_class(static_cast<std::uint64_t>(in_service));
    const std::uint64_t priority = priority_class(task) >= service_class ? task : std::uint64_t{service_class} << 4;
    registers_.set(lapic::PPR, priority);

    const int requested = highest(lapic::IRR(0));
    const bool request =
        requested >= 0 && priority_class(static_cast<std::uint64_t>(requested)) > priority_class(priority);
    if (request == request_) return;
    request_ = request;
    if (request_handler_) request_handler_(request_);
}

void LocalApic::write_svr(std::uint64_t before) {
    // 11.4.7.2: disabling masks all LVT entries; what is requested or in service stays.
    if (!enabled())
        registers_.set(lapic::LVT_TIMER, registers_.get(lapic::LVT_TIMER) | lapic::LVT_TIMER_MASKED.mask());
    else if (!lapic::SVR_ENABLE.test(before) && enable_handler_)
        enable_handler_();
}

void LocalApic::write_lvt_timer() {
    if (!enabled()) registers_.set(lapic::LVT_TIMER, registers_.get(lapic::LVT_TIMER) | lapic::LVT_TIMER_MASKED.mask());
    const bool had_deadlines = last_timer_mode_ == kDeadlineMode;
    last_timer_mode_ = timer_mode();
    if (timer_mode() > kDeadlineMode)
        tell_once(fmt::format("{}: timer mode {} is reserved; the timer stops", name(), timer_mode()));
    // 11.5.4.1: a change between deadlines and counts disarms.
    if (timer_mode() > kPeriodic || had_deadlines) {
        if (!(had_deadlines && has_deadline_mode())) deadline_ps_ = kNoDeadline;
        countdown_.stop();
        arm_timer();
    }
    countdown_.set_periodic(timer_mode() == kPeriodic);
}

void LocalApic::write_divide() {
    countdown_.set_divider(now_ps(), divider(registers_.get(lapic::TIMER_DIVIDE)));
    arm_timer();
}

void LocalApic::arm_timer() {
    timer_event_.cancel();
    if (has_deadline()) {
        timer_event_.notify(from_ps(deadline_ps_ > now_ps() ? deadline_ps_ - now_ps() : 0));
        return;
    }
    if (countdown_.expiry_ps() != Countdown::kNever) timer_event_.notify(from_ps(countdown_.expiry_ps() - now_ps()));
}

void LocalApic::set_deadline(std::uint64_t ps) {
    if (!has_deadline_mode()) return;
    deadline_ps_ = ps;
    arm_timer();
}

void LocalApic::timer_expired() {
    if (has_deadline())
        deadline_ps_ = kNoDeadline;
    else
        countdown_.expire();
    arm_timer();
    const std::uint64_t entry = registers_.get(lapic::LVT_TIMER);
    if (!lapic::LVT_TIMER_MASKED.test(entry)) deliver(static_cast<unsigned>(lapic::LVT_TIMER_VECTOR.get(entry)), false);
}

void LocalApic::tell_once(const std::string& text) {
    if (told_.insert(text).second) diagnose(text);
}

}  // namespace turnpike
