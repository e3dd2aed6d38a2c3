// SPDX-License-Identifier: Apache-2.0
#include "models/soc/core_thread.h"

#include <algorithm>

#include "models/core/diagnosis.h"
#include "regs/address_map.h"

namespace turnpike {

namespace map = regs::map;

CoreThread::CoreThread(const sc_core::sc_module_name& name, const regs::params::cpu& parameters,
                       const regs::CpuProfile& profile, std::uint64_t dram_cycles, cpu::Memory memory, LocalApic& apic)
    : sc_module(name),
      bus("bus"),
      local("local"),
      clock_(Rate::megahertz(parameters.freq_mhz)),
      quantum_ps_(parameters.quantum_ns * 1000),
      apic_(apic),
      core_(std::make_unique<cpu::Core>(0, profile, dram_cycles, memory, *this)) {
    core_->set_functional(true);
    apic_.set_request_handler([this](bool pending) {
        core_->set_interrupt(pending);
        if (pending) wake_.notify(sc_core::SC_ZERO_TIME);
    });
    SC_HAS_PROCESS(CoreThread);
    SC_THREAD(run);
}

void CoreThread::begin_timed(std::uint64_t ps) {
    timed_from_ps_ = ps;
    switch_.notify(from_ps(ps) - sc_core::sc_time_stamp());
}

// At equal times events come before instructions, so whatever is runnable now must have run.
void CoreThread::settle() {
    while (sc_core::sc_pending_activity_at_current_time()) wait(sc_core::SC_ZERO_TIME);
}

void CoreThread::catch_up() {
    const std::uint64_t local_time = local_ps();
    if (local_time > now_ps()) wait(from_ps(local_time - now_ps()));
    settle();
}

void CoreThread::switch_to_timed() {
    timed_ = true;
    epoch_ps_ = timed_from_ps_;
    core_->set_functional(false);
    core_->restart_time();
    const std::uint64_t now = now_ps();
    if (now > epoch_ps_) core_->stall_until(clock_.counts_ceil(now - epoch_ps_));
}

// Why a halted core need not wait: an interrupt that it may take, or the end of functional mode.
bool CoreThread::can_go_on() const {
    constexpr std::uint64_t kInterruptFlag = 1u << 9;
    if (!timed_ && timed_from_ps_ <= now_ps()) return true;
    return apic_.request() && (core_->rflags() & kInterruptFlag) != 0;
}

std::uint64_t CoreThread::horizon_ps() const {
    const std::uint64_t now = now_ps();
    const std::uint64_t event = to_ps(sc_core::sc_time_to_pending_activity());
    std::uint64_t ahead = std::min(event, quantum_ps_);
    if (!timed_ && timed_from_ps_ != ~0ULL) ahead = std::min(ahead, timed_from_ps_ - now);
    return now + ahead;
}

void CoreThread::run() {
    for (;;) {
        settle();
        if (!timed_ && timed_from_ps_ <= now_ps()) switch_to_timed();
        switch (core_->run(clock_.counts_ceil(horizon_ps() - epoch_ps_))) {
            case cpu::Stop::limit:
                catch_up();
                break;
            case cpu::Stop::halt:
                catch_up();
                if (!can_go_on()) wait(wake_ | switch_);
                core_->idle_until(clock_.counts_ceil(now_ps() - epoch_ps_));
                break;
            case cpu::Stop::shutdown:
                dead_ = true;
                sc_core::sc_stop();
                return;
        }
    }
}

int CoreThread::acknowledge_interrupt() { return apic_.acknowledge(); }

bool CoreThread::bus_read(std::uint64_t address, void* data, unsigned bytes) {
    return transport(tlm::TLM_READ_COMMAND, address, static_cast<unsigned char*>(data), bytes);
}

bool CoreThread::bus_write(std::uint64_t address, const void* data, unsigned bytes) {
    return transport(tlm::TLM_WRITE_COMMAND, address, static_cast<unsigned char*>(const_cast<void*>(data)), bytes);
}

bool CoreThread::transport(tlm::tlm_command command, std::uint64_t address, unsigned char* data, unsigned bytes) {
    catch_up();
    const bool own_apic = address - map::LAPIC_BASE < map::LAPIC_BYTES;
    payload_.set_command(command);
    payload_.set_address(own_apic ? address - map::LAPIC_BASE : address);
    payload_.set_data_ptr(data);
    payload_.set_data_length(bytes);
    payload_.set_streaming_width(bytes);
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    // A write is posted: its delay says when it arrives, the core does not wait for that.
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (own_apic)
        local->b_transport(payload_, delay);
    else
        bus->b_transport(payload_, delay);
    if (command == tlm::TLM_READ_COMMAND && delay > sc_core::SC_ZERO_TIME) wait(delay);
    core_->stall_until(clock_.counts_ceil(now_ps() - epoch_ps_));
    return payload_.is_response_ok();
}

}  // namespace turnpike
