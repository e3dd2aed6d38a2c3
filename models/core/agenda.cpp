// SPDX-License-Identifier: Apache-2.0
#include "models/core/agenda.h"

#include <algorithm>

namespace turnpike {

struct Alarm::Kernel {
    sc_core::sc_event event;
    bool running = false;
};

Alarm::Alarm(const std::string& name, std::function<void()> body) : body_(std::move(body)), agenda_(Agenda::current()) {
    if (agenda_ != nullptr) return;
    kernel_ = std::make_unique<Kernel>();
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&kernel_->event);
    sc_core::sc_spawn(
        [this] {
            kernel_->running = true;
            body_();
            kernel_->running = false;
        },
        sc_core::sc_gen_unique_name(name.c_str()), &options);
}

Alarm::~Alarm() {
    if (agenda_ != nullptr) agenda_->forget(*this);
}

void Alarm::at(std::uint64_t ps) {
    if (agenda_ != nullptr)
        agenda_->set(*this, ps);
    else
        kernel_->event.notify(from_ps(ps - now_ps()));
}

void Alarm::now() {
    if (agenda_ != nullptr)
        agenda_->set(*this, now_ps());
    else if (sc_core::sc_start_of_simulation_invoked() && !kernel_->running)  // IEEE 1666: a method cannot do so itself
        kernel_->event.notify();
    else
        kernel_->event.notify(sc_core::SC_ZERO_TIME);
}

void Alarm::cancel() {
    if (agenda_ != nullptr)
        due_ps_ = kNever;
    else
        kernel_->event.cancel();
}

Agenda* Agenda::current_ = nullptr;

Agenda::Agenda() {
    current_ = this;
    own_clock = &now_ps_;
}

Agenda::~Agenda() {
    current_ = nullptr;
    own_clock = nullptr;
}

void Agenda::set(Alarm& alarm, std::uint64_t ps) {
    if (alarm.due_ps_ <= ps) return;
    alarm.due_ps_ = ps;
    alarm.ticket_ = ++tickets_;
    heap_.push_back({ps, alarm.ticket_, &alarm});
    std::push_heap(heap_.begin(), heap_.end());
}

void Agenda::forget(const Alarm& alarm) {
    std::erase_if(heap_, [&](const Entry& entry) { return entry.alarm == &alarm; });
    std::make_heap(heap_.begin(), heap_.end());
}

void Agenda::drop_void() {
    while (!heap_.empty()) {
        const Entry& first = heap_.front();
        if (first.alarm->ticket_ == first.ticket && first.alarm->due_ps_ != kNever) return;
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
    }
}

std::uint64_t Agenda::next_ps() {
    drop_void();
    return heap_.empty() ? kNever : heap_.front().at_ps;
}

void Agenda::run_to(std::uint64_t ps, const bool& stop) {
    for (;;) {
        drop_void();
        if (heap_.empty() || heap_.front().at_ps > ps) break;
        Alarm& alarm = *heap_.front().alarm;
        now_ps_ = heap_.front().at_ps;
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
        alarm.due_ps_ = kNever;
        alarm.body_();
        if (stop) return;
    }
    now_ps_ = std::max(now_ps_, ps);
}

}  // namespace turnpike
