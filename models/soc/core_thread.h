// SPDX-License-Identifier: Apache-2.0
// Steps a core in simulated time: it runs ahead to the next event of the system and no further, and meets it at each
// access to a device. Several cores take turns (core_group.h).
#pragma once
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <systemc>

#include "models/core/clock.h"
#include "models/cpu/core.h"
#include "models/irq/local_apic.h"
#include "models/soc/core_group.h"
#include "regs/params.h"

namespace turnpike {

class CoreThread : public sc_core::sc_module, public cpu::Environment {
  public:
    CoreThread(const sc_core::sc_module_name& name, const regs::params::cpu& parameters,
               const regs::CpuProfile& profile, std::uint64_t dram_cycles, cpu::Memory memory, LocalApic& apic,
               CoreGroup& group, cpu::SharedMemory* shared = nullptr);

    tlm_utils::simple_initiator_socket<CoreThread> bus;
    /// The core's own local APIC, reached without the fabric.
    tlm_utils::simple_initiator_socket<CoreThread> local;

    cpu::Core& core() { return *core_; }
    /// The core starts at simulated time 0 in functional mode. One that is not started waits for a start-up message of
    /// another core's local APIC, and then begins at page `vector` with the state of `cpu::Core::start` and stack 0.
    void start(std::uint64_t rip, std::uint64_t rsp);
    /// At simulated time `ps` (not before now) functional mode ends and the core's cycles count from 0.
    void begin_timed(std::uint64_t ps);
    /// Simulated time of the core's cycle count.
    std::uint64_t local_ps() const { return epoch_ps_ + clock_.ps_ceil(core_->cycles()); }
    /// At the end of a run: a core that sleeps has been idle until now.
    void account_idle();
    bool off() const { return off_; }
    /// True after the core stopped for good: see core().diagnosis().
    bool dead() const { return dead_; }

  private:
    bool bus_read(std::uint64_t address, void* data, unsigned bytes) override;
    bool bus_write(std::uint64_t address, const void* data, unsigned bytes) override;
    int acknowledge_interrupt() override;
    void synchronise() override;
    bool read_msr(std::uint32_t number, std::uint64_t& value) override;
    bool write_msr(std::uint32_t number, std::uint64_t value) override;

    void run();
    void take_turn(std::uint64_t ps);
    void catch_up();
    void wait_for_answer(std::uint64_t ps);
    void sleep();
    void switch_to_timed();
    bool obey_start_and_init();
    bool can_go_on() const;
    std::uint64_t cycle_at(std::uint64_t ps) const;
    std::uint64_t now_cycle() const;
    bool transport(tlm::tlm_command command, std::uint64_t address, unsigned char* data, unsigned bytes);

    Rate clock_;
    LocalApic& apic_;
    CoreGroup& group_;
    unsigned id_;
    bool functional_;  ///< also after boot
    std::unique_ptr<cpu::Core> core_;
    tlm::tlm_generic_payload payload_;
    sc_core::sc_event wake_;    ///< an interrupt is requested, or INIT or start-up has come
    sc_core::sc_event switch_;  ///< functional mode ends
    sc_core::sc_event_or_list waking_;
    std::uint64_t epoch_ps_ = 0;
    std::uint64_t timed_from_ps_ = ~0ULL;
    bool timed_ = false;
    bool off_ = true;  ///< waits for a start-up message
    bool init_ = false;
    std::optional<unsigned> startup_page_;
    std::uint64_t deadline_ = 0;  ///< the timer's, of the time-stamp counter
    bool dead_ = false;
    bool asleep_ = false;
};

}  // namespace turnpike
