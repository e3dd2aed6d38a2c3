// SPDX-License-Identifier: Apache-2.0
// The longest-prefix-match accelerator on the SoC's fabric: a register window (regs/lpm.def) and a lookup window, in
// which a read at address * 4 blocks until the next-hop index is there.
#pragma once
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include <memory>
#include <systemc>

#include "models/accel/clock_domain.h"
#include "models/accel/lpm_engine.h"
#include "models/accel/lpm_mover.h"
#include "models/accel/register_port.h"
#include "regs/params.h"

namespace turnpike {

class LpmAccelerator : public sc_core::sc_module {
  public:
    struct Stats {
        std::uint64_t lookups = 0;        ///< by the lookup window
        std::uint64_t misses = 0;         ///< answered 0xFFFF: ask software
        std::uint64_t wait_cycles = 0;    ///< accelerator clocks that lookups waited for one another
        std::uint64_t lookup_cycles = 0;  ///< accelerator clocks from acceptance to answer, summed
    };

    /// Addresses are offsets into the block's windows.
    tlm_utils::simple_target_socket<LpmAccelerator> registers;
    tlm_utils::simple_target_socket<LpmAccelerator> lookup;

    LpmAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_lpm& params);
    /// With an engine of the caller's.
    LpmAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_lpm& params,
                   std::unique_ptr<LpmEngine> engine, Steps steps = Steps::due);

    const Stats& stats() const { return stats_; }
    /// Its memory port, and what it moved.
    LpmMover& mover() { return mover_; }
    const LpmMover& mover() const { return mover_; }

  private:
    void access_register(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void write_register(std::uint64_t offset, std::uint64_t value);
    void access_lookup(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    LpmAnswer look_up(std::uint32_t address);

    ClockDomain clock_;
    std::unique_ptr<LpmEngine> engine_;
    RegisterPort port_;
    ClockSlots register_slots_;
    ClockSlots lookup_slots_;
    LpmMover mover_;
    Stats stats_;
};

}  // namespace turnpike
