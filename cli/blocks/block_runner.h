// SPDX-License-Identifier: Apache-2.0
// Runs a basic block on the core under the conditions that measured blocks were taken under: registers, page contents
// and numbers of copies as there (docs/accuracy.md).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/cpu/core.h"

namespace turnpike::blocks {

class BlockRunner {
  public:
    explicit BlockRunner(const regs::CpuProfile& profile);
    ~BlockRunner();
    /// Cycles that one more copy of the block takes; nothing where the block does not run through.
    std::optional<double> cycles_per_iteration(const std::vector<std::uint8_t>& block);

  private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

/// The bytes of "4801d8"; nothing where the text is not that.
std::optional<std::vector<std::uint8_t>> bytes_of_hex(const std::string& text);

}  // namespace turnpike::blocks
