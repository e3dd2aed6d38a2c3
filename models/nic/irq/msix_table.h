// SPDX-License-Identifier: Apache-2.0
// BAR4: the MSI-X table and the pending bit array (82599 data sheet 9.3.8; PCI 3.0, 6.8.2).
#pragma once
#include <array>
#include <cstdint>
#include <functional>

#include "models/nic/config_space.h"
#include "regs/nic.h"

namespace turnpike::nic {

class MsixTable {
  public:
    MsixTable() { reset(); }
    /// Every vector masked.
    void reset();

    /// Offsets in BAR4. What lies between table and pending bits reads 0.
    std::uint32_t read(std::uint64_t offset) const;
    void write(std::uint64_t offset, std::uint32_t value);

    bool masked(unsigned vector) const { return (entries_[vector][kControl] & 1) != 0; }
    Message message(unsigned vector) const;
    void set_pending(std::uint64_t vectors) { pending_ = vectors; }
    /// A vector was masked or unmasked.
    void on_change(std::function<void()> handler) { changed_ = std::move(handler); }

  private:
    static constexpr std::uint64_t kPendingAt = 0x2000;
    static constexpr unsigned kWords = 4;  ///< of an entry: address, address high, data, vector control
    static constexpr unsigned kControl = 3;

    std::array<std::array<std::uint32_t, kWords>, regs::nic::kVectors> entries_{};
    std::uint64_t pending_ = 0;
    std::function<void()> changed_;
};

}  // namespace turnpike::nic
