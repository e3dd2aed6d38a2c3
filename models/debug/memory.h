// SPDX-License-Identifier: Apache-2.0
// Memory as a core's program sees it: by linear address.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "models/debug/target.h"

namespace turnpike::gdb {

/// As many of the bytes as can be read, from the first one on.
std::string read_memory(Target& target, const cpu::Core& core, std::uint64_t linear, std::size_t bytes);
/// False: not all could be written.
bool write_memory(Target& target, const cpu::Core& core, std::uint64_t linear, std::string_view bytes);

}  // namespace turnpike::gdb
