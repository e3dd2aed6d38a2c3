// SPDX-License-Identifier: Apache-2.0
#include "models/nic/irq/interrupts.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "models/core/clock.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

/// 8.2.3.5.12, 8.2.3.5.18: at 100 Mbit/s intervals are ten times as long.
constexpr std::uint64_t kSlowFactor = 10;
/// Without MSI-X vectors of their own, queues map to EICR bits 0 to 15 (7.3.4.1).
constexpr unsigned kSharedQueueCauses = 16;

constexpr std::uint64_t bit(unsigned n) { return std::uint64_t{1} << n; }

}  // namespace

Interrupts::Interrupts(const sc_core::sc_module_name& name, RegisterFile& registers, ConfigSpace& config,
                       MsixTable& msix, Statistics& statistics, std::uint64_t rate_mbps, std::function<void(bool)> line,
                       std::function<void(const Message&)> send)
    : sc_module(name),
      registers_(registers),
      config_(config),
      msix_(msix),
      statistics_(statistics),
      interval_unit_ps_(rate_mbps < 1000 ? kIntervalUnitPs * kSlowFactor : kIntervalUnitPs),
      credit_unit_ps_(rate_mbps < 1000 ? kCreditUnitPs * kSlowFactor : kCreditUnitPs),
      line_(std::move(line)),
      send_(std::move(send)),
      due_("drive", [this] { drive(); }) {
    attach();
    msix_.on_change([this] { plan(); });
}

void Interrupts::reset() {
    causes_ = mask_ = {};
    pending_.clear();
    allowed_ps_ = {};
    credits_ = {};
    plan();
}

Interrupts::Mode Interrupts::mode() const {
    if (config_.msix_enabled())
        return r::GPIE_MULTIPLE_MSIX.test(registers_.get(r::GPIE)) ? Mode::msix_multiple : Mode::msix_single;
    return config_.msi_enabled() ? Mode::msi : Mode::line;
}

void Interrupts::raise(std::uint32_t causes, std::uint64_t visible_ps) {
    add({visible_ps, {0, causes & ~static_cast<std::uint32_t>(r::EICR_RTXQ.mask())}, false});
}

void Interrupts::raise_queue(Direction direction, unsigned queue, std::uint64_t visible_ps, bool low_latency) {
    // 8.2.3.5.16: four bytes a register, those of rx and tx of an even queue, then of the odd one behind it.
    const unsigned shift = (queue % 2) * 16 + (direction == Direction::tx ? 8 : 0);
    const std::uint64_t entry = registers_.get(r::IVAR(queue / 2)) >> shift;
    if (!r::IVAR_RX0_VALID.test(entry)) return;
    auto vector = static_cast<unsigned>(r::IVAR_RX0.get(entry));
    if (mode() != Mode::msix_multiple) vector %= kSharedQueueCauses;
    add({visible_ps, {bit(vector), 0}, low_latency});
}

void Interrupts::add(const Pending& pending) {
    settle();
    auto place = pending_.end();
    while (place != pending_.begin() && std::prev(place)->visible_ps > pending.visible_ps) --place;
    pending_.insert(place, pending);
    plan();
}

void Interrupts::settle() {
    while (!pending_.empty() && pending_.front().visible_ps <= now_ps()) {
        const Pending& due = pending_.front();
        causes_.queues |= due.causes.queues;
        causes_.other |= due.causes.other;
        if (due.low_latency)
            for (std::uint64_t v = vectors_of(due.causes); v != 0; v &= v - 1) {
                const auto vector = static_cast<unsigned>(std::countr_zero(v));
                if (spend_credit(vector)) allowed_ps_[vector] = 0;
            }
        pending_.pop_front();
    }
}

/// The vectors that enabled causes want to interrupt with (7.3.4).
std::uint64_t Interrupts::vectors_of(const Causes& causes) const {
    const std::uint64_t queues = causes.queues & mask_.queues;
    const std::uint32_t other = causes.other & mask_.other;
    if (mode() != Mode::msix_multiple) return (queues | other) != 0 ? 1 : 0;
    std::uint64_t vectors = queues;
    const std::uint64_t misc = registers_.get(r::IVAR_MISC);
    const std::uint32_t timer = r::EICR_TCP_TIMER.mask();
    if ((other & ~timer) != 0 && r::IVAR_MISC_OTHER_VALID.test(misc))
        vectors |= bit(static_cast<unsigned>(r::IVAR_MISC_OTHER.get(misc)));
    if ((other & timer) != 0 && r::IVAR_MISC_TIMER_VALID.test(misc))
        vectors |= bit(static_cast<unsigned>(r::IVAR_MISC_TIMER.get(misc)));
    return vectors;
}

/// Vectors that the system has masked: they show in the pending bits and interrupt once they are unmasked.
std::uint64_t Interrupts::held_back() const {
    switch (mode()) {
        case Mode::line:
            return 0;
        case Mode::msi:
            return config_.msi_masked() ? 1 : 0;
        default:
            break;
    }
    if (config_.msix_masked()) return ~std::uint64_t{0};
    std::uint64_t masked = 0;
    for (unsigned v = 0; v < r::kVectors; ++v) masked |= msix_.masked(v) ? bit(v) : 0;
    return masked;
}

std::uint64_t Interrupts::interval_ps(unsigned vector) const {
    return r::EITR_INTERVAL.get(registers_.get(r::eitr(vector))) * interval_unit_ps_;
}

/// 7.3.2.1.1: with EITR.LLI_MODERATION each low latency interrupt costs a credit; GPIE.LLI_INTERVAL, where it is not 0,
/// is the time in which one is earned.
void Interrupts::earn_credits(unsigned vector) {
    constexpr std::uint64_t kMost = 31;  // EITR.LLI_CREDIT
    Credits& credits = credits_[vector];
    const std::uint64_t period_ps = r::GPIE_LLI_INTERVAL.get(registers_.get(r::GPIE)) * credit_unit_ps_;
    if (period_ps == 0) {
        credits.counted_ps = now_ps();
        return;
    }
    const std::uint64_t earned = (now_ps() - credits.counted_ps) / period_ps;
    credits.count = std::min(credits.count + earned, kMost);
    credits.counted_ps += earned * period_ps;
}

bool Interrupts::spend_credit(unsigned vector) {
    if (!r::EITR_LLI_MODERATION.test(registers_.get(r::eitr(vector)))) return true;
    if (r::GPIE_LLI_INTERVAL.get(registers_.get(r::GPIE)) == 0) return true;
    earn_credits(vector);
    if (credits_[vector].count == 0) return false;
    --credits_[vector].count;
    return true;
}

/// When a vector has to interrupt next; causes that are masked wake nobody.
std::uint64_t Interrupts::next_ps(std::uint64_t wanted) const {
    std::uint64_t next = kNever;
    for (std::uint64_t v = wanted & ~asserted_; v != 0; v &= v - 1)
        next = std::min(next, std::max(now_ps(), allowed_ps_[static_cast<unsigned>(std::countr_zero(v))]));
    for (const Pending& pending : pending_)
        if ((vectors_of(pending.causes) & ~asserted_) != 0) return std::min(next, pending.visible_ps);
    return next;
}

/// After each change of a cause or a mask. An interrupt ends here, not when `drive` runs: a cause that comes at the
/// very moment at which software clears the last one is a new interrupt, and moderated as one.
void Interrupts::plan() {
    settle();
    const std::uint64_t all = wanted();
    asserted_ &= all;
    const std::uint64_t held = all == 0 ? 0 : all & held_back();
    if (config_.msix_enabled()) msix_.set_pending(held);
    const bool line = mode() == Mode::line;
    if (line) config_.set_interrupt_status(all != 0);
    const bool high = line && asserted_ != 0 && !config_.intx_disabled();
    const std::uint64_t at = high != line_high_ ? now_ps() : next_ps(all & ~held);
    if (at == now_ps())
        due_.now();
    else if (at != kNever)
        due_.at(at);
}

void Interrupts::drive() {
    settle();
    std::uint64_t all = wanted();
    if (all != 0) all &= ~held_back();
    for (std::uint64_t v = all & ~asserted_; v != 0; v &= v - 1) {
        const auto vector = static_cast<unsigned>(std::countr_zero(v));
        if (allowed_ps_[vector] <= now_ps()) fire(vector);
    }
    const bool high = mode() == Mode::line && asserted_ != 0 && !config_.intx_disabled();
    if (high != line_high_) line_(high);
    line_high_ = high;
    const std::uint64_t at = next_ps(wanted() & all);
    if (at != kNever) due_.at(std::max(at, now_ps()));
}

/// EITR's interval restarts with each interrupt (7.3.2.1).
void Interrupts::fire(unsigned vector) {
    asserted_ |= bit(vector);
    allowed_ps_[vector] = now_ps() + interval_ps(vector);
    statistics_.count(Counter::interrupts);
    switch (mode()) {
        case Mode::line:
            return;
        case Mode::msi:
            return send_(config_.msi());
        default:
            send_(msix_.message(vector));
            after_message(vector);
    }
}

/// 7.3.1.4, 7.3.1.5: an MSI-X message clears its causes that EIAC names (those beyond EICR always) and masks those that
/// EIAM names. What is cleared can interrupt again.
void Interrupts::after_message(unsigned vector) {
    const bool single = mode() == Mode::msix_single;
    const std::uint64_t queues = single ? ~std::uint64_t{0} : bit(vector);
    const std::uint64_t misc = registers_.get(r::IVAR_MISC);
    std::uint32_t other = 0;
    if (single || r::IVAR_MISC_OTHER.get(misc) == vector)
        other |= ~static_cast<std::uint32_t>(r::EICR_TCP_TIMER.mask());
    if (single || r::IVAR_MISC_TIMER.get(misc) == vector) other |= static_cast<std::uint32_t>(r::EICR_TCP_TIMER.mask());
    if (r::GPIE_EIAME.test(registers_.get(r::GPIE))) {
        const auto named = static_cast<std::uint32_t>(registers_.get(r::EIAM));
        mask_.queues &=
            ~(queues & (r::EICR_RTXQ.get(named) | registers_.get(r::EIAM_EX(0)) | registers_.get(r::EIAM_EX(1)) << 32));
        mask_.other &= ~(other & named);
    }
    const auto cleared = static_cast<std::uint32_t>(registers_.get(r::EIAC));
    causes_.queues &= ~(queues & (r::EICR_RTXQ.get(cleared) | ~r::EICR_RTXQ.mask()));
    causes_.other &= ~(other & cleared);
    asserted_ &= wanted();
}

}  // namespace turnpike::nic
