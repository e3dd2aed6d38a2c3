// SPDX-License-Identifier: Apache-2.0
#include "models/irq/countdown.h"

namespace turnpike {

void Countdown::start(std::uint64_t now_ps, std::uint32_t initial) {
    initial_ = initial;
    origin_ps_ = now_ps;
    end_clocks_ = std::uint64_t{initial} * divider_;
    running_ = initial != 0;
}

void Countdown::set_divider(std::uint64_t now_ps, unsigned clocks) {
    const std::uint32_t left = current(now_ps);
    divider_ = clocks;
    origin_ps_ = now_ps;
    end_clocks_ = std::uint64_t{left} * divider_;
}

std::uint32_t Countdown::current(std::uint64_t now_ps) const {
    if (!running_) return 0;
    const std::uint64_t passed = clock_.counts_floor(now_ps - origin_ps_);
    if (passed >= end_clocks_) return 0;
    return static_cast<std::uint32_t>((end_clocks_ - passed + divider_ - 1) / divider_);
}

std::uint64_t Countdown::expiry_ps() const { return running_ ? origin_ps_ + clock_.ps_ceil(end_clocks_) : kNever; }

void Countdown::expire() {
    if (periodic_)
        end_clocks_ += std::uint64_t{initial_} * divider_;
    else
        running_ = false;
}

}  // namespace turnpike
