// SPDX-License-Identifier: Apache-2.0
// Accesses in simulated time. A packet occupies its initiator's link, then both latencies pass; at that instant it
// takes effect at the target, in the order of arrival. The target's bandwidth and its own time come after that, for
// the answer and for the credits of writes.
#include <algorithm>
#include <cstring>

#include "models/core/clock.h"
#include "models/fabric/fabric.h"
#include "models/fabric/ports.h"

namespace turnpike {

using sc_core::sc_time;
using sc_core::SC_ZERO_TIME;

void Fabric::b_transport(int id, tlm::tlm_generic_payload& payload, sc_time& delay) {
    Initiator& from = *initiators_[static_cast<std::size_t>(id)];
    const std::uint64_t bytes = payload.get_data_length();
    if (bytes == 0 || payload.get_data_ptr() == nullptr) {
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        return;
    }
    Target* to = find(from, payload.get_address(), bytes);
    if (payload.is_read()) {
        read(from, to, payload, delay);
    } else if (!payload.is_write()) {
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    } else if (to == nullptr) {
        if (delay != SC_ZERO_TIME) sc_core::wait(delay);
        delay = SC_ZERO_TIME;
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        fail(from, nullptr, payload, payload.get_address());
    } else {
        write(from, *to, payload, delay);
    }
}

/// Puts a packet on the initiator's link and books its arrival at the target. Nothing of one initiator overtakes what
/// it sent before, even to a nearer target, unless its Ordering allows that.
std::uint64_t Fabric::send(Initiator& from, const Target* to, std::uint64_t ready_ps, std::uint64_t bytes,
                           Access& access) {
    const std::uint64_t sent_ps = from.request.reserve(ready_ps, bytes);
    const std::uint64_t arrival_ps = sent_ps + from.latency_ps + (to != nullptr ? to->latency_ps : 0);
    std::uint64_t& last_ps = from.last_arrival_ps(to);
    last_ps = std::max(last_ps, arrival_ps);
    arrivals_.push_back({last_ps, sequence_++, &access});
    std::push_heap(arrivals_.begin(), arrivals_.end());
    if (last_ps < armed_ps_) {
        armed_ps_ = last_ps;
        wake_.notify(from_ps(armed_ps_ - now_ps()));
    }
    return last_ps;
}

void Fabric::read(Initiator& from, Target* to, tlm::tlm_generic_payload& payload, sc_time& delay) {
    Access& access = acquire();
    access.from = &from;
    access.to = to;
    access.address = payload.get_address();
    access.payload = &payload;
    send(from, to, now_ps() + to_ps(delay), kHeaderBytes, access);
    sc_core::wait(access.wake);
    if (to != nullptr && to->service == Service::may_wait) {
        access.answered_ps = serve(access);
        if (from.answer == Answer::waited_for) sc_core::wait(from_ps(access.answered_ps - now_ps()));
    }
    delay = from_ps(access.answered_ps - now_ps());
    release(access);
}

void Fabric::write(Initiator& from, Target& to, tlm::tlm_generic_payload& payload, sc_time& delay) {
    const std::uint64_t bytes = payload.get_data_length();
    const std::uint64_t ready_ps = now_ps() + to_ps(delay);
    wait_for_room(from, bytes, ready_ps);
    from.window.take(bytes);
    Access& access = acquire();
    access.from = &from;
    access.to = &to;
    access.address = payload.get_address();
    access.payload = &access.copy;
    access.data.assign(payload.get_data_ptr(), payload.get_data_ptr() + bytes);
    access.copy.set_write();
    access.copy.set_data_ptr(access.data.data());
    access.copy.set_data_length(payload.get_data_length());
    access.copy.set_streaming_width(payload.get_streaming_width());
    const unsigned char* enables = payload.get_byte_enable_ptr();
    if (enables != nullptr) access.byte_enables.assign(enables, enables + payload.get_byte_enable_length());
    access.copy.set_byte_enable_ptr(enables != nullptr ? access.byte_enables.data() : nullptr);
    access.copy.set_byte_enable_length(enables != nullptr ? payload.get_byte_enable_length() : 0);
    const std::uint64_t arrival_ps = send(from, &to, std::max(ready_ps, now_ps()), kHeaderBytes + bytes, access);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    delay = from_ps(arrival_ps - now_ps());
}

/// The caller may be ahead of simulated time, at `ready_ps`: what has come back by then counts, and where that is too
/// little it waits until then first.
void Fabric::wait_for_room(Initiator& from, std::uint64_t bytes, std::uint64_t ready_ps) {
    const std::uint64_t ticket = from.next_ticket++;
    while (ticket != from.serving_ticket) sc_core::wait(from.turn);
    while (!from.window.admits(bytes, std::max(ready_ps, now_ps()))) {
        if (ready_ps > now_ps())
            sc_core::wait(from_ps(ready_ps - now_ps()));
        else if (from.window.has_return())
            sc_core::wait(from_ps(from.window.next_return_ps() - now_ps()));
        else
            sc_core::wait(from.delivered);
    }
    ++from.serving_ticket;
    if (from.serving_ticket != from.next_ticket) from.turn.notify();
}

void Fabric::dispatch() {
    const std::uint64_t now = now_ps();
    while (!arrivals_.empty() && arrivals_.front().at_ps <= now) {
        std::pop_heap(arrivals_.begin(), arrivals_.end());
        Access& access = *arrivals_.back().access;
        arrivals_.pop_back();
        deliver(access);
    }
    armed_ps_ = arrivals_.empty() ? ~0ULL : arrivals_.front().at_ps;
    if (!arrivals_.empty()) wake_.notify(from_ps(armed_ps_ - now));
}

/// An access has arrived at its target (or, where there is none, at the end of the initiator's path).
void Fabric::deliver(Access& access) {
    Target* to = access.to;
    if (to == nullptr) {
        access.payload->set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        fail(*access.from, nullptr, *access.payload, access.address);
        answer(access, respond(access, now_ps(), 0));
    } else if (to->service == Service::may_wait) {
        if (access.payload->is_write() || !to->queue.empty()) {
            to->queue.push_back(&access);
            to->queued.notify();
        } else {
            access.wake.notify();
        }
    } else if (access.payload->is_write()) {
        finish_write(access);
    } else {
        answer(access, serve(access));
    }
}

/// It is known when a read's answer reaches the initiator.
void Fabric::answer(Access& access, std::uint64_t answered_ps) {
    access.answered_ps = answered_ps;
    if (access.from->answer == Answer::told)
        access.wake.notify();
    else
        access.wake.notify(from_ps(answered_ps - now_ps()));
}

/// The thread of a target that may wait: its writes in the order of arrival, and the reads that came behind them.
void Fabric::work(Target& target) {
    for (;;) {
        while (target.queue.empty()) sc_core::wait(target.queued);
        Access& access = *target.queue.front();
        if (access.payload->is_write())
            finish_write(access);
        else
            access.wake.notify();
        target.queue.pop_front();
    }
}

void Fabric::finish_write(Access& access) {
    const std::uint64_t taken_ps = serve(access);
    access.from->window.give_back(access.data.size(), taken_ps);
    if (access.from->serving_ticket != access.from->next_ticket) access.from->delivered.notify();
    release(access);
}

/// Carries the access out at the target. Answers when a read's data reaches the initiator, or when the target has
/// taken a write in.
std::uint64_t Fabric::serve(Access& access) {
    tlm::tlm_generic_payload& payload = *access.payload;
    Target& to = *access.to;
    const std::uint64_t bytes = payload.get_data_length();
    const bool is_write = payload.is_write();
    const std::uint64_t taken_ps = to.request.reserve(now_ps(), kHeaderBytes + (is_write ? bytes : 0));
    sc_time delay = from_ps(taken_ps - now_ps());
    payload.set_address(access.address - to.base);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    serving_ = access.from;
    to.socket->b_transport(payload, delay);
    payload.set_address(access.address);
    if (!payload.is_response_ok()) fail(*access.from, &to, payload, access.address);
    for (PortStatistics* statistics : {&access.from->statistics, &to.statistics}) {
        ++(is_write ? statistics->writes : statistics->reads);
        (is_write ? statistics->written_bytes : statistics->read_bytes) += bytes;
    }
    return is_write ? taken_ps : respond(access, now_ps() + to_ps(delay), bytes);
}

/// Sends an answer of `bytes` back; answers when it reaches the initiator.
std::uint64_t Fabric::respond(Access& access, std::uint64_t ready_ps, std::uint64_t bytes) {
    if (access.to != nullptr)
        ready_ps = access.to->response.reserve(ready_ps, kHeaderBytes + bytes) + access.to->latency_ps;
    return access.from->response.reserve(ready_ps, kHeaderBytes + bytes) + access.from->latency_ps;
}

Fabric::Access& Fabric::acquire() {
    if (free_accesses_.empty()) {
        accesses_.push_back(std::make_unique<Access>());
        return *accesses_.back();
    }
    Access& access = *free_accesses_.back();
    free_accesses_.pop_back();
    return access;
}

void Fabric::release(Access& access) { free_accesses_.push_back(&access); }

}  // namespace turnpike
