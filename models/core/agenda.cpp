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
    const Entry entry{ps, alarm.ticket_, &alarm};
    if (ps == now_ps_) return now_.push_back(entry);
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end());
}

void Agenda::forget(const Alarm& alarm) {
    for (std::size_t n = now_.size(); n != 0; --n) {
        const Entry entry = now_.front();
        now_.pop_front();
        if (entry.alarm != &alarm) now_.push_back(entry);
    }
    std::erase_if(heap_, [&](const Entry& entry) { return entry.alarm == &alarm; });
    std::make_heap(heap_.begin(), heap_.end());
}

void Agenda::drop_void() {
    while (!now_.empty() && is_void(now_.front())) now_.pop_front();
    while (!heap_.empty() && is_void(heap_.front())) {
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
    }
}

/// There is one, and what is void was dropped.
Agenda::Entry Agenda::take_first() {
    if (!now_.empty() && (heap_.empty() || heap_.front() < now_.front())) {
        const Entry first = now_.front();
        now_.pop_front();
        return first;
    }
    const Entry first = heap_.front();
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    return first;
}

std::uint64_t Agenda::next_ps() {
    drop_void();
    if (!now_.empty()) return now_.front().at_ps;
    return heap_.empty() ? kNever : heap_.front().at_ps;
}

void Agenda::run_to(std::uint64_t ps, const bool& stop) {
    for (std::uint64_t next = next_ps(); next <= ps && next != kNever; next = next_ps()) {
        const Entry first = take_first();
        now_ps_ = first.at_ps;
        first.alarm->due_ps_ = kNever;
        first.alarm->body_();
        if (stop) return;
    }
    now_ps_ = std::max(now_ps_, ps);
}

}  // namespace turnpike
