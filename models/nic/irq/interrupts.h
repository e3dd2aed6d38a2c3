// SPDX-License-Identifier: Apache-2.0
// Causes, masks and moderation (82599 data sheet 7.3): what interrupts when, by line, MSI or MSI-X.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <systemc>

#include "models/core/agenda.h"
#include "models/core/register_file.h"
#include "models/nic/config_space.h"
#include "models/nic/irq/msix_table.h"
#include "models/nic/statistics.h"
#include "regs/nic.h"

namespace turnpike::nic {

enum class Direction { rx, tx };

class Interrupts : public sc_core::sc_module {
  public:
    /// `line` is called with each new level of the interrupt line; `send` puts a message on its way behind what was
    /// written to memory before.
    Interrupts(const sc_core::sc_module_name& name, RegisterFile& registers, ConfigSpace& config, MsixTable& msix,
               Statistics& statistics, std::uint64_t rate_mbps, std::function<void(bool)> line,
               std::function<void(const Message&)> send);

    void reset();
    /// Causes of EICR other than queues, that are set from `visible_ps` on.
    void raise(std::uint32_t causes, std::uint64_t visible_ps);
    /// The cause that IVAR maps the queue to, if it does. `low_latency`: not held back by EITR's interval (7.3.2.1.1).
    void raise_queue(Direction direction, unsigned queue, std::uint64_t visible_ps, bool low_latency = false);
    /// Brings EICR and EIMS up to date for whoever looks without reading.
    void refresh();
    /// Anything that decides about an interrupt has changed.
    void plan();

  private:
    /// 7.3.1: one vector for everything, or MSI-X with a vector for each cause.
    enum class Mode { line, msi, msix_single, msix_multiple };
    struct Causes {
        std::uint64_t queues = 0;  ///< a bit for each vector of IVAR; EICR shows the first 16
        std::uint32_t other = 0;   ///< bits 16 to 30 of EICR
    };
    struct Pending {
        std::uint64_t visible_ps;
        Causes causes;
        bool low_latency;
    };
    static constexpr std::uint64_t kIntervalUnitPs = 2'048'000;  ///< of EITR.INTERVAL, 8.2.3.5.12, at 1 and 10 Gbit/s
    static constexpr std::uint64_t kCreditUnitPs = 4'000'000;  ///< of GPIE.LLI_INTERVAL, 8.2.3.5.18, at 1 and 10 Gbit/s
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    // Software's side (interrupt_registers.cpp)
    void attach();
    void attach_extended();
    void attach_moderation(unsigned vector);
    std::uint32_t visible_causes() const;
    std::uint32_t visible_mask() const;
    std::uint64_t read_causes();
    void clear_causes(std::uint32_t cleared);
    void set_causes(std::uint64_t queues, std::uint32_t other);
    void change_mask(std::uint64_t queues, std::uint32_t other, bool enable);
    void auto_mask_on_access();

    // Delivery (interrupts.cpp)
    Mode mode() const;
    void add(const Pending& pending);
    void settle();
    std::uint64_t vectors_of(const Causes& causes) const;
    std::uint64_t wanted() const { return vectors_of(causes_); }
    std::uint64_t held_back() const;
    std::uint64_t interval_ps(unsigned vector) const;
    void earn_credits(unsigned vector);
    bool spend_credit(unsigned vector);
    std::uint64_t next_ps(std::uint64_t wanted) const;
    void drive();
    void fire(unsigned vector);
    void after_message(unsigned vector);

    RegisterFile& registers_;
    ConfigSpace& config_;
    MsixTable& msix_;
    Statistics& statistics_;
    std::uint64_t interval_unit_ps_;
    std::uint64_t credit_unit_ps_;
    std::function<void(bool)> line_;
    std::function<void(const Message&)> send_;
    Alarm due_;
    Causes causes_;
    Causes mask_;
    std::deque<Pending> pending_;  ///< not yet visible, in order of time
    std::uint64_t asserted_ = 0;   ///< vectors whose interrupt stands, from its cause to its clearing
    bool line_high_ = false;       ///< what the line shows
    std::array<std::uint64_t, regs::nic::kVectors> allowed_ps_{};  ///< no interrupt of the vector earlier
    /// Low latency interrupts that a vector may make, and up to when those were counted.
    struct Credits {
        std::uint64_t count = 0;
        std::uint64_t counted_ps = 0;
    };
    std::array<Credits, regs::nic::kVectors> credits_{};
};

}  // namespace turnpike::nic
