// SPDX-License-Identifier: Apache-2.0
// PCI configuration space of one port (82599 data sheet chapter 9).
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "models/core/register_file.h"

namespace turnpike::nic {

/// A message-signalled interrupt: a 32-bit write.
struct Message {
    std::uint64_t address;
    std::uint32_t data;
};

class ConfigSpace {
  public:
    explicit ConfigSpace(const std::string& name);

    std::uint32_t read(std::uint64_t offset) { return static_cast<std::uint32_t>(registers_.read(offset)); }
    void write(std::uint64_t offset, std::uint32_t value) { registers_.write(offset, value); }

    /// 9.3.3: what software allows the device.
    bool bus_master() const;
    bool memory_enabled() const;
    bool intx_disabled() const;
    bool msi_enabled() const { return msi_enabled_; }
    bool msi_masked() const;
    Message msi() const;
    bool msix_enabled() const { return msix_enabled_; }
    bool msix_masked() const;

    /// STATUS.INTERRUPT_STATUS: the device wants to interrupt by its line, allowed or not.
    void set_interrupt_status(bool pending);
    /// The link as it was trained: generation and lanes.
    void set_link(unsigned generation, unsigned lanes);

    /// Something above has changed.
    void on_change(std::function<void()> handler) { changed_ = std::move(handler); }
    /// A function-level reset was asked for: configuration space is back at its reset values.
    void on_function_reset(std::function<void()> handler) { reset_ = std::move(handler); }

  private:
    void device_control_written(std::uint64_t written);
    void take_modes();

    RegisterFile registers_;
    bool msi_enabled_ = false;  ///< as the registers say, for those who ask at each event
    bool msix_enabled_ = false;
    unsigned generation_ = 2;  ///< PCI Express 2.0: what the part has
    unsigned lanes_ = 8;
    std::function<void()> changed_;
    std::function<void()> reset_;
};

}  // namespace turnpike::nic
