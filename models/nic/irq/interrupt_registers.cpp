// SPDX-License-Identifier: Apache-2.0
// Software's side of the interrupts: EICR and its relatives (82599 data sheet 8.2.3.5).
#include "models/core/clock.h"
#include "models/nic/irq/interrupts.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::uint32_t kOther = 0x7FFF0000;
/// EICR bits that a read still clears when GPIE.OCD is set (8.2.3.5.18): the causes other than queues.
constexpr std::uint32_t kOtherCauses = 0x3FFF0000;

}  // namespace

void Interrupts::attach() {
    registers_.on_read(r::EICR, [this](std::uint64_t) { return read_causes(); });
    registers_.on_write(r::EICR, [this](std::uint64_t, std::uint64_t written) {
        settle();
        clear_causes(static_cast<std::uint32_t>(written));
    });
    registers_.on_write(r::EICS, [this](std::uint64_t, std::uint64_t written) {
        set_causes(r::EICR_RTXQ.get(written), static_cast<std::uint32_t>(written) & kOther);
    });
    registers_.on_read(r::EIMS, [this](std::uint64_t) { return visible_mask(); });
    registers_.on_write(r::EIMS, [this](std::uint64_t, std::uint64_t written) {
        change_mask(r::EICR_RTXQ.get(written), static_cast<std::uint32_t>(written) & kOther, true);
    });
    registers_.on_write(r::EIMC, [this](std::uint64_t, std::uint64_t written) {
        change_mask(r::EICR_RTXQ.get(written), static_cast<std::uint32_t>(written) & kOther, false);
    });
    // Credits earned so far were earned at the old rate.
    registers_.on_write(r::GPIE, [this](std::uint64_t, std::uint64_t) {
        for (Credits& credits : credits_) credits.counted_ps = now_ps();
        plan();
    });
    registers_.on_write(r::IVAR_MISC, [this](std::uint64_t, std::uint64_t) { plan(); });
    attach_extended();
    for (unsigned vector = 0; vector < r::kVectors; ++vector) attach_moderation(vector);
}

void Interrupts::attach_extended() {
    for (unsigned half = 0; half < 2; ++half) {
        const auto shifted = [half](std::uint64_t written) { return (written & 0xFFFFFFFF) << (32 * half); };
        registers_.on_write(r::EICS_EX(half),
                            [this, shifted](std::uint64_t, std::uint64_t written) { set_causes(shifted(written), 0); });
        registers_.on_read(r::EIMS_EX(half),
                           [this, half](std::uint64_t) { return mask_.queues >> (32 * half) & 0xFFFFFFFF; });
        registers_.on_write(r::EIMS_EX(half), [this, shifted](std::uint64_t, std::uint64_t written) {
            change_mask(shifted(written), 0, true);
        });
        registers_.on_write(r::EIMC_EX(half), [this, shifted](std::uint64_t, std::uint64_t written) {
            change_mask(shifted(written), 0, false);
        });
    }
}

/// 8.2.3.5.12: unless CNT_WDIS keeps the running interval and the credits, COUNTER starts it anew, in units of four
/// intervals, and LLI_CREDIT sets them.
void Interrupts::attach_moderation(unsigned vector) {
    registers_.on_write(r::eitr(vector), [this, vector](std::uint64_t, std::uint64_t written) {
        if (!r::EITR_CNT_WDIS.test(written)) {
            allowed_ps_[vector] = now_ps() + r::EITR_COUNTER.get(written) * 4 * interval_unit_ps_;
            credits_[vector] = {r::EITR_LLI_CREDIT.get(written), now_ps()};
        }
        plan();
    });
    registers_.on_read(r::eitr(vector), [this, vector](std::uint64_t stored) {
        earn_credits(vector);
        return r::EITR_LLI_CREDIT.set(stored, credits_[vector].count);
    });
}

std::uint32_t Interrupts::visible_causes() const {
    return static_cast<std::uint32_t>(causes_.queues & r::EICR_RTXQ.mask()) | causes_.other;
}

std::uint32_t Interrupts::visible_mask() const {
    return static_cast<std::uint32_t>(mask_.queues & r::EICR_RTXQ.mask()) | mask_.other;
}

std::uint64_t Interrupts::read_causes() {
    settle();
    const std::uint32_t seen = visible_causes();
    clear_causes(r::GPIE_OCD.test(registers_.get(r::GPIE)) ? kOtherCauses : ~0U);
    return seen;
}

void Interrupts::clear_causes(std::uint32_t cleared) {
    causes_.queues &= ~std::uint64_t{r::EICR_RTXQ.get(cleared)};
    causes_.other &= ~cleared;
    auto_mask_on_access();
    plan();
}

void Interrupts::set_causes(std::uint64_t queues, std::uint32_t other) {
    settle();
    causes_.queues |= queues;
    causes_.other |= other;
    plan();
}

void Interrupts::change_mask(std::uint64_t queues, std::uint32_t other, bool enable) {
    mask_.queues = enable ? mask_.queues | queues : mask_.queues & ~queues;
    mask_.other = enable ? mask_.other | other : mask_.other & ~other;
    plan();
}

/// 8.2.3.5.18: with GPIE.EIAME, EIAM acts when an MSI-X message is sent; without it, on each access to EICR.
void Interrupts::auto_mask_on_access() {
    if (r::GPIE_EIAME.test(registers_.get(r::GPIE))) return;
    const auto named = static_cast<std::uint32_t>(registers_.get(r::EIAM));
    mask_.queues &= ~std::uint64_t{r::EICR_RTXQ.get(named)};
    mask_.other &= ~named;
}

void Interrupts::refresh() {
    settle();
    registers_.set(r::EICR, visible_causes());
    registers_.set(r::EIMS, visible_mask());
}

}  // namespace turnpike::nic
