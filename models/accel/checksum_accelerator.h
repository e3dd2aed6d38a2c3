// SPDX-License-Identifier: Apache-2.0
// The checksum accelerator on the SoC's fabric: a register window (regs/checksum.def), and a DMA port through which it
// reads the bytes it sums, 64 aligned bytes a time, one read outstanding.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include <deque>
#include <memory>
#include <systemc>

#include "models/accel/checksum_engine.h"
#include "models/accel/clock_domain.h"
#include "models/accel/register_port.h"
#include "regs/params.h"

namespace turnpike {

class ChecksumAccelerator : public sc_core::sc_module {
  public:
    struct Stats {
        std::uint64_t sums = 0;
        std::uint64_t bytes = 0;        ///< summed
        std::uint64_t beats = 0;        ///< 512-bit words that went through the engine
        std::uint64_t bus_errors = 0;   ///< sums that ended at memory that did not answer
        std::uint64_t busy_cycles = 0;  ///< accelerator clocks from taking a command to its last beat, summed
    };
    /// Commands that may wait while one is carried out; a write of COMMAND beyond them waits on the bus.
    static constexpr std::size_t kQueuedCommands = 16;

    tlm_utils::simple_target_socket<ChecksumAccelerator> registers;
    tlm_utils::simple_initiator_socket<ChecksumAccelerator> dma;

    ChecksumAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_checksum& params);
    /// With an engine of the caller's.
    ChecksumAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_checksum& params,
                        std::unique_ptr<ChecksumEngine> engine);

    const Stats& stats() const { return stats_; }

  private:
    void access_register(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    std::uint64_t read_register(std::uint64_t offset);
    void write_register(std::uint64_t offset, std::uint64_t value);
    void wait_for_last_sum();
    void collect(std::uint64_t edge);

    void run_commands();
    void carry_out(const ChecksumCommand& command);
    bool fetch(std::uint64_t address, ChecksumBeat& beat);
    std::uint64_t send(const ChecksumBeat& beat);

    ClockDomain clock_;
    std::unique_ptr<ChecksumEngine> engine_;
    RegisterPort port_;
    ClockSlots register_slots_;
    ClockSlots beat_slots_;
    std::deque<ChecksumCommand> commands_;
    std::size_t reserved_ = 0;  ///< places in the queue taken by writes that have not reached their clock edge yet
    bool busy_ = false;
    std::uint64_t ended_ = 0;  ///< sums whose last beat is in the engine
    sc_core::sc_event commanded_;
    sc_core::sc_event taken_;  ///< a place in the queue became free, or the queue ran empty
    Stats stats_;
};

}  // namespace turnpike
