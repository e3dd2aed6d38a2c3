// SPDX-License-Identifier: Apache-2.0
#include "models/nic/interrupts.h"

#include <algorithm>
#include <iterator>

#include "models/core/clock.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

/// EICR bits that a read still clears when GPIE.OCD is set (8.2.3.5.18): the causes other than queues.
constexpr std::uint32_t kOtherCauses = 0x3FFF0000;
/// Unit of EITR.INTERVAL, 8.2.3.5.12: 2.048 µs at 1 and 10 Gbit/s, ten times that at 100 Mbit/s.
constexpr std::uint64_t kIntervalUnitPs = 2'048'000;

/// Without MSI-X, queues map to EICR bits 0 to 15 (7.3.4.1).
std::uint32_t queue_cause(std::uint64_t vector) { return 1U << (vector & 15); }

}  // namespace

Interrupts::Interrupts(const sc_core::sc_module_name& name, RegisterFile& registers, Statistics& statistics,
                       std::uint64_t rate_mbps, sc_core::sc_out<bool>& line)
    : sc_module(name),
      registers_(registers),
      statistics_(statistics),
      interval_unit_ps_(rate_mbps < 1000 ? kIntervalUnitPs * 10 : kIntervalUnitPs),
      line_(line) {
    SC_HAS_PROCESS(Interrupts);
    SC_METHOD(drive);
    sensitive << due_;
    attach();
}

void Interrupts::attach() {
    registers_.on_read(r::EICR, [this](std::uint64_t) { return read_causes(); });
    registers_.on_write(r::EICR, [this](std::uint64_t, std::uint64_t written) {
        settle();
        clear_causes(static_cast<std::uint32_t>(written));
    });
    registers_.on_write(r::EICS, [this](std::uint64_t, std::uint64_t written) {
        settle();
        causes_ |= static_cast<std::uint32_t>(written & 0x7FFFFFFF);
        plan();
    });
    registers_.on_write(r::EIMS, [this](std::uint64_t, std::uint64_t) { plan(); });
    registers_.on_write(r::EIMC, [this](std::uint64_t, std::uint64_t written) {
        registers_.set(r::EIMS, registers_.get(r::EIMS) & ~written);
        plan();
    });
}

void Interrupts::reset() {
    causes_ = 0;
    pending_.clear();
    allowed_ps_ = 0;
    plan();
}

std::uint64_t Interrupts::read_causes() {
    settle();
    const std::uint32_t seen = causes_;
    clear_causes(r::GPIE_OCD.test(registers_.get(r::GPIE)) ? kOtherCauses : ~0U);
    return seen;
}

void Interrupts::clear_causes(std::uint32_t cleared) {
    causes_ &= ~cleared;
    auto_mask();
    plan();
}

/// 8.2.3.5.18: with GPIE.EIAME, EIAM acts when an MSI-X message is sent; without it, on each access to EICR.
void Interrupts::auto_mask() {
    if (!r::GPIE_EIAME.test(registers_.get(r::GPIE)))
        registers_.set(r::EIMS, registers_.get(r::EIMS) & ~registers_.get(r::EIAM));
}

void Interrupts::raise(std::uint32_t causes, std::uint64_t visible_ps) {
    settle();
    auto place = pending_.end();
    while (place != pending_.begin() && std::prev(place)->visible_ps > visible_ps) --place;
    pending_.insert(place, {visible_ps, causes});
    plan();
}

void Interrupts::raise_rx(std::uint64_t visible_ps) {
    const std::uint64_t ivar = registers_.get(r::IVAR(0));
    if (r::IVAR_RX0_VALID.test(ivar)) raise(queue_cause(r::IVAR_RX0.get(ivar)), visible_ps);
}

void Interrupts::raise_tx(std::uint64_t visible_ps) {
    const std::uint64_t ivar = registers_.get(r::IVAR(0));
    if (r::IVAR_TX0_VALID.test(ivar)) raise(queue_cause(r::IVAR_TX0.get(ivar)), visible_ps);
}

void Interrupts::refresh() {
    settle();
    registers_.set(r::EICR, causes_);
}

void Interrupts::settle() {
    while (!pending_.empty() && pending_.front().visible_ps <= now_ps()) {
        causes_ |= pending_.front().causes;
        pending_.pop_front();
    }
}

std::uint32_t Interrupts::enabled() const { return static_cast<std::uint32_t>(registers_.get(r::EIMS)); }

std::uint64_t Interrupts::interval_ps() const {
    return r::EITR_INTERVAL.get(registers_.get(r::EITR(0))) * interval_unit_ps_;
}

bool Interrupts::wanted() const { return (causes_ & enabled()) != 0; }

/// When the low line has to rise; causes that are masked wake nobody.
std::uint64_t Interrupts::next_rise_ps() const {
    if (wanted()) return std::max(now_ps(), allowed_ps_);
    for (const Pending& pending : pending_)
        if ((pending.causes & enabled()) != 0) return std::max(pending.visible_ps, allowed_ps_);
    return kNever;
}

/// After each change of a cause or a mask. The line falls here, not when `drive` runs: a cause that comes at the very
/// moment at which software clears the last one is a new interrupt, and moderated as one.
void Interrupts::plan() {
    settle();
    if (!wanted()) asserted_ = false;
    if (asserted_) return;
    const std::uint64_t at = line_high_ ? now_ps() : next_rise_ps();
    if (at == now_ps())
        due_.notify();
    else if (at != kNever)
        due_.notify(from_ps(at - now_ps()));
}

void Interrupts::drive() {
    settle();
    if (!asserted_ && next_rise_ps() == now_ps()) {
        asserted_ = true;
        allowed_ps_ = now_ps() + interval_ps();
        statistics_.count(Counter::interrupts);
    }
    line_high_ = asserted_;
    line_.write(line_high_);
    if (asserted_) return;
    const std::uint64_t at = next_rise_ps();
    if (at != kNever) due_.notify(from_ps(at - now_ps()));
}

}  // namespace turnpike::nic
