// SPDX-License-Identifier: Apache-2.0
// The registers of a core under the numbers and names that gdb knows, and the description that tells it so.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "models/cpu/core.h"

namespace turnpike::gdb {

/// The description of the machine (gdb manual, appendix G).
const std::string& target_xml();

unsigned register_count();
/// Its bytes in hexadecimal; empty for a number out of range.
std::string read_register(const cpu::Core& core, unsigned number);
std::string read_registers(const cpu::Core& core);
/// False: the number or the length is wrong, or the register cannot be given that value. Segment and system registers
/// and those of the x87 unit, which the core does not have, keep theirs.
bool write_register(cpu::Core& core, unsigned number, std::string_view hex);
/// All of them at once; what cannot be changed stays.
bool write_registers(cpu::Core& core, std::string_view hex);

}  // namespace turnpike::gdb
