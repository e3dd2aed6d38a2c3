// SPDX-License-Identifier: Apache-2.0
// Registers that the 82599 shows at a second address, that of the 82598 (data sheet 8.2.2).
#pragma once
#include <cstdint>

namespace turnpike::nic {

/// The offset that regs/nic.def lists for whatever is at `offset` of BAR0.
std::uint64_t listed_offset(std::uint64_t offset);

}  // namespace turnpike::nic
