// SPDX-License-Identifier: Apache-2.0
#include "models/soc/core_thread.h"

#include <algorithm>

#include "models/core/diagnosis.h"
#include "regs/address_map.h"

namespace turnpike {

namespace map = regs::map;

namespace {
constexpr std::uint32_t kTscDeadline = 0x6E0;  // SDM volume 4, IA32_TSC_DEADLINE
}

CoreThread::CoreThread(const sc_core::sc_module_name& name, const regs::params::cpu& parameters,
                       const regs::CpuProfile& profile, std::uint64_t dram_cycles, cpu::Memory memory, LocalApic& apic,
                       CoreGroup& group, cpu::SharedMemory* shared)
    : sc_module(name),
      bus("bus"),
      local("local"),
      clock_(Rate::megahertz(parameters.freq_mhz)),
      apic_(apic),
      group_(group),
      id_(group.add()),
      functional_(parameters.mode == "functional"),
      core_(std::make_unique<cpu::Core>(id_, profile, dram_cycles, memory, *this, shared)),
      waking_(wake_ | switch_) {
    core_->set_functional(true);
    apic_.set_request_handler([this](bool pending) {
        core_->set_interrupt(pending);
        if (pending) wake_.notify(sc_core::SC_ZERO_TIME);
    });
    apic_.set_nmi_handler([this] {
        core_->set_nmi();
        wake_.notify(sc_core::SC_ZERO_TIME);
    });
    apic_.set_init_handler([this] {
        init_ = true;
        startup_page_.reset();
        wake_.notify(sc_core::SC_ZERO_TIME);
    });
    // SDM volume 3, 8.4.2: a start-up message means something only to a core that waits for one.
    apic_.set_startup_handler([this](unsigned page) {
        if (!off_ && !init_) return;
        startup_page_ = page;
        wake_.notify(sc_core::SC_ZERO_TIME);
    });
    SC_HAS_PROCESS(CoreThread);
    SC_THREAD(run);
}

void CoreThread::start(std::uint64_t rip, std::uint64_t rsp) {
    core_->start(rip, rsp);
    off_ = false;
}

void CoreThread::begin_timed(std::uint64_t ps) {
    timed_from_ps_ = ps;
    switch_.notify(from_ps(ps) - sc_core::sc_time_stamp());
}

void CoreThread::catch_up() { group_.take_turn(id_, local_ps(), CoreGroup::Until::now); }

void CoreThread::take_turn(std::uint64_t ps) {
    if (!group_.alone())
        group_.take_turn(id_, ps, CoreGroup::Until::next);
    else if (!group_.runs_ahead(id_, ps))
        group_.take_turn(id_, ps, CoreGroup::Until::now);
}

/// First cycle at or after simulated time `ps`.
std::uint64_t CoreThread::cycle_at(std::uint64_t ps) const { return clock_.counts_ceil(ps - epoch_ps_); }
std::uint64_t CoreThread::now_cycle() const { return cycle_at(now_ps()); }

void CoreThread::switch_to_timed() {
    timed_ = true;
    epoch_ps_ = timed_from_ps_;
    core_->set_functional(functional_);
    core_->restart_time();
    if (now_ps() > epoch_ps_) core_->stall_until(now_cycle());
}

/// False: the core is off.
bool CoreThread::obey_start_and_init() {
    if (init_) off_ = true;
    init_ = false;
    if (off_ && startup_page_) {
        constexpr unsigned kPageBits = 12;
        start(std::uint64_t{*startup_page_} << kPageBits, 0);
        startup_page_.reset();
    }
    return !off_;
}

// Why a halted core need not wait: an interrupt that it may take, INIT, or the end of functional mode.
bool CoreThread::can_go_on() const {
    if (!timed_ && timed_from_ps_ <= now_ps()) return true;
    return init_ || core_->interruptible();
}

void CoreThread::sleep() {
    group_.leave(id_);
    asleep_ = true;
    wait(waking_);
    asleep_ = false;
    core_->idle_until(now_cycle());
}

void CoreThread::account_idle() {
    if (asleep_) core_->idle_until(now_cycle());
}

void CoreThread::run() {
    for (;;) {
        take_turn(local_ps());
        if (!timed_ && timed_from_ps_ <= now_ps()) switch_to_timed();
        if (!obey_start_and_init()) {
            sleep();
            continue;
        }
        switch (core_->run(clock_.counts_ceil(group_.limit_ps(id_) - epoch_ps_))) {
            case cpu::Stop::limit:
                break;
            case cpu::Stop::halt:
                catch_up();
                if (can_go_on())
                    core_->idle_until(now_cycle());
                else
                    sleep();
                break;
            case cpu::Stop::shutdown:
                dead_ = true;
                sc_core::sc_stop();
                group_.leave(id_);
                return;
        }
    }
}

int CoreThread::acknowledge_interrupt() { return apic_.acknowledge(); }

void CoreThread::synchronise() {
    if (!group_.alone()) take_turn(local_ps());
}

bool CoreThread::read_msr(std::uint32_t number, std::uint64_t& value) {
    if (number != kTscDeadline) return false;
    catch_up();
    value = apic_.has_deadline() ? deadline_ : 0;
    return true;
}

bool CoreThread::write_msr(std::uint32_t number, std::uint64_t value) {
    if (number != kTscDeadline) return false;
    catch_up();
    // SDM volume 3, 11.5.4.1: 0 disarms. A year away is never.
    constexpr std::uint64_t kNever = 1ULL << 57;
    const bool armed = value != 0 && value < kNever;
    deadline_ = value;
    apic_.set_deadline(armed ? epoch_ps_ + clock_.ps_ceil(value) : LocalApic::kNoDeadline);
    group_.close_window();
    return true;
}

bool CoreThread::bus_read(std::uint64_t address, void* data, unsigned bytes) {
    return transport(tlm::TLM_READ_COMMAND, address, static_cast<unsigned char*>(data), bytes);
}

bool CoreThread::bus_write(std::uint64_t address, const void* data, unsigned bytes) {
    return transport(tlm::TLM_WRITE_COMMAND, address, static_cast<unsigned char*>(const_cast<void*>(data)), bytes);
}

bool CoreThread::transport(tlm::tlm_command command, std::uint64_t address, unsigned char* data, unsigned bytes) {
    const bool own_apic = address - map::LAPIC_BASE < map::LAPIC_BYTES;
    const std::uint64_t called_ps = local_ps();
    if (group_.alone() && !own_apic)
        take_turn(called_ps);
    else
        catch_up();
    payload_.set_command(command);
    payload_.set_address(own_apic ? address - map::LAPIC_BASE : address);
    payload_.set_data_ptr(data);
    payload_.set_data_length(bytes);
    payload_.set_streaming_width(bytes);
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    // Timing annotation, IEEE 1666-2011, 11.1.3: where the core is ahead of simulated time, the call says by how much.
    const std::uint64_t begun_ps = std::max(called_ps, now_ps());
    sc_core::sc_time delay = from_ps(begun_ps - now_ps());
    if (!group_.alone()) group_.leave(id_);
    if (own_apic)
        local->b_transport(payload_, delay);
    else
        bus->b_transport(payload_, delay);
    if (group_.alone()) group_.close_window();
    if (command == tlm::TLM_READ_COMMAND)
        wait_for_answer(now_ps() + to_ps(delay));
    else  // posted: the delay says when it arrives, the core does not wait for that
        core_->stall_until(cycle_at(std::max(begun_ps, now_ps())));
    if (!group_.alone()) take_turn(local_ps());
    return payload_.is_response_ok();
}

/// What is behind the access in its block of instructions must see what happens until the answer is there.
void CoreThread::wait_for_answer(std::uint64_t ps) {
    if (ps > now_ps() && !(group_.alone() && group_.runs_ahead(id_, ps))) {
        wait(from_ps(ps - now_ps()));
        if (group_.alone()) group_.close_window();
    }
    core_->stall_until(cycle_at(ps));
}

}  // namespace turnpike
