// SPDX-License-Identifier: Apache-2.0
#include "models/nic/tcp_timer.h"

#include "models/core/clock.h"

namespace turnpike::nic {
namespace {
namespace r = regs::nic;
constexpr std::uint64_t kUnitPs = 1'000'000'000;
}  // namespace

TcpTimer::TcpTimer(const sc_core::sc_module_name& name, RegisterFile& registers, Interrupts& interrupts)
    : sc_module(name), registers_(registers), interrupts_(interrupts), due_("expire", [this] { expire(); }) {
    registers_.on_write(r::TCPTIMER, [this](std::uint64_t, std::uint64_t value) { written(value); });
}

void TcpTimer::written(std::uint64_t value) {
    registers_.set(r::TCPTIMER, registers_.get(r::TCPTIMER) & ~r::TCPTIMER_KICKSTART.mask());
    if (!r::TCPTIMER_COUNT_ENABLE.test(value))
        due_.cancel();
    else if (r::TCPTIMER_KICKSTART.test(value))
        start();
}

void TcpTimer::start() {
    due_.cancel();
    const std::uint64_t duration = r::TCPTIMER_DURATION.get(registers_.get(r::TCPTIMER));
    if (duration != 0) due_.at(now_ps() + duration * kUnitPs);
}

void TcpTimer::expire() {
    interrupts_.raise(static_cast<std::uint32_t>(r::EICR_TCP_TIMER.mask()), now_ps());
    if (r::TCPTIMER_LOOP.test(registers_.get(r::TCPTIMER))) start();
}

}  // namespace turnpike::nic
