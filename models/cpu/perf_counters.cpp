// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/perf_counters.h"

namespace turnpike::cpu {
namespace {

constexpr u64 kWidth = (u64{1} << 48) - 1;
constexpr u64 kEnable = u64{1} << 22;  ///< of an event select register, both makers
constexpr u32 kFixedControl = 0x38D, kGlobalControl = 0x38F, kFixedCounter = 0x309, kIntelSelect = 0x186,
              kIntelCounter = 0xC1, kAmdControl = 0xC0010200, kAmdOldControl = 0xC0010000,
              kAmdOldCounter = 0xC0010004;  ///< of the first four (APM volume 2, 13.2.1)
constexpr u64 kInstructionsRetired = 0xC0;  ///< both makers
constexpr u64 kIntelCycles = 0x3C, kAmdCycles = 0x76;

}  // namespace

void PerfCounters::reset() {
    fixed_ = {};
    counters_ = {};
    fixed_control_ = maker_ == Maker::intel ? 0x333 : 0;
    global_control_ = maker_ == Maker::intel ? u64{7} << 32 : 0;
    if (maker_ == Maker::amd) {
        constexpr u64 kUserAndSystem = 0x30000;
        counters_[0].control = kAmdCycles | kUserAndSystem | kEnable;
        counters_[1].control = kInstructionsRetired | kUserAndSystem | kEnable;
    }
    refresh({0, 0});
}

PerfCounters::Event PerfCounters::event_of(u64 control) const {
    constexpr u64 kSelect = 0xFFFF;  // event and unit mask
    const u64 select = control & kSelect;
    if (select == kInstructionsRetired) return Event::instructions;
    return select == (maker_ == Maker::amd ? kAmdCycles : kIntelCycles) ? Event::cycles : Event::none;
}

u64 PerfCounters::count(Event event, const PerfEvents& now) {
    return event == Event::instructions ? now.instructions : event == Event::cycles ? now.cycles : 0;
}

u64 PerfCounters::value_of(const Counter& counter, const PerfEvents& now) {
    return (counter.base + (counter.running ? count(counter.event, now) : 0)) & kWidth;
}

void PerfCounters::set(Counter& counter, u64 value, const PerfEvents& now) {
    counter.base = value - (counter.running ? count(counter.event, now) : 0);
}

void PerfCounters::run(Counter& counter, bool running, Event event, const PerfEvents& now) {
    const u64 value = value_of(counter, now);
    counter.running = running;
    counter.event = event;
    set(counter, value, now);
}

void PerfCounters::refresh(const PerfEvents& now) {
    constexpr std::array<Event, kFixed> kEvents = {Event::instructions, Event::cycles, Event::cycles};
    for (unsigned n = 0; n < kFixed; ++n) {
        const bool on = ((fixed_control_ >> (4 * n)) & 3) != 0 && ((global_control_ >> (32 + n)) & 1) != 0;
        run(fixed_[n], on, kEvents[n], now);
    }
    for (unsigned n = 0; n < programmable(); ++n) {
        Counter& counter = counters_[n];
        const bool global = maker_ == Maker::amd || ((global_control_ >> n) & 1) != 0;
        run(counter, global && (counter.control & kEnable) != 0, event_of(counter.control), now);
    }
}

bool PerfCounters::read(u32 index, const PerfEvents& now, u64& value) const {
    constexpr u32 kFixedIndex = 1U << 30;
    const bool fixed = maker_ == Maker::intel && (index & kFixedIndex) != 0;
    const u32 number = fixed ? index & ~kFixedIndex : index;
    if (maker_ == Maker::turnpike || number >= (fixed ? kFixed : programmable())) return false;
    value = value_of(fixed ? fixed_[number] : counters_[number], now);
    return true;
}

PerfCounters::Counter* PerfCounters::counter_of(u32 number) {
    if (maker_ == Maker::amd) {
        if (number - kAmdOldCounter < kAmdOld) return &counters_[number - kAmdOldCounter];
        const u32 n = number - kAmdControl;
        return n < 2 * kProgrammable && n % 2 == 1 ? &counters_[n / 2] : nullptr;
    }
    if (number - kFixedCounter < kFixed) return &fixed_[number - kFixedCounter];
    if (number - kIntelCounter < programmable()) return &counters_[number - kIntelCounter];
    return nullptr;
}

u64* PerfCounters::control_of(u32 number) {
    if (maker_ == Maker::amd) {
        if (number - kAmdOldControl < kAmdOld) return &counters_[number - kAmdOldControl].control;
        const u32 n = number - kAmdControl;
        return n < 2 * kProgrammable && n % 2 == 0 ? &counters_[n / 2].control : nullptr;
    }
    if (number == kFixedControl) return &fixed_control_;
    if (number == kGlobalControl) return &global_control_;
    if (number - kIntelSelect < programmable()) return &counters_[number - kIntelSelect].control;
    return nullptr;
}

bool PerfCounters::access(u32 number, const PerfEvents& now, u64& value, bool write) {
    if (maker_ == Maker::turnpike) return false;
    if (Counter* const counter = counter_of(number)) {
        if (write) {
            set(*counter, value, now);
        } else {
            value = value_of(*counter, now);
        }
        return true;
    }
    u64* const control = control_of(number);
    if (control == nullptr) return false;
    if (!write) {
        value = *control;
        return true;
    }
    *control = value;
    refresh(now);
    return true;
}

}  // namespace turnpike::cpu
