// SPDX-License-Identifier: Apache-2.0
// Causes, masks, moderation and the INTx line (82599 data sheet 7.3), in the mode without MSI-X.
#pragma once
#include <cstdint>
#include <deque>
#include <systemc>

#include "models/core/register_file.h"
#include "models/nic/statistics.h"

namespace turnpike::nic {

class Interrupts : public sc_core::sc_module {
  public:
    Interrupts(const sc_core::sc_module_name& name, RegisterFile& registers, Statistics& statistics,
               std::uint64_t rate_mbps, sc_core::sc_out<bool>& line);

    void reset();
    /// Causes that are set from `visible_ps` on.
    void raise(std::uint32_t causes, std::uint64_t visible_ps);
    /// The cause that IVAR maps the rx or tx queue to, if it does.
    void raise_rx(std::uint64_t visible_ps);
    void raise_tx(std::uint64_t visible_ps);
    /// Brings EICR up to date for whoever looks without reading.
    void refresh();

  private:
    struct Pending {
        std::uint64_t visible_ps;
        std::uint32_t causes;
    };
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    void attach();
    std::uint64_t read_causes();
    void clear_causes(std::uint32_t cleared);
    void auto_mask();
    void settle();
    std::uint32_t enabled() const;
    std::uint64_t interval_ps() const;
    bool wanted() const;
    std::uint64_t next_rise_ps() const;
    void plan();
    void drive();

    RegisterFile& registers_;
    Statistics& statistics_;
    std::uint64_t interval_unit_ps_;
    sc_core::sc_out<bool>& line_;
    sc_core::sc_event due_;
    std::uint32_t causes_ = 0;
    std::deque<Pending> pending_;   ///< not yet visible, in order of time
    bool asserted_ = false;         ///< an interrupt stands, from its cause to its clearing
    bool line_high_ = false;        ///< what the line shows, the same a delta later
    std::uint64_t allowed_ps_ = 0;  ///< the line does not rise earlier
};

}  // namespace turnpike::nic
