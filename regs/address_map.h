// SPDX-License-Identifier: Apache-2.0
// The address map, from address_map.def.
#pragma once
#include <cstdint>

namespace turnpike::regs::map {

#define WINDOW(name, base, bytes, text)                \
    inline constexpr std::uint64_t name##_BASE = base; \
    inline constexpr std::uint64_t name##_BYTES = bytes;
#define CONSTANT(name, value, text) inline constexpr std::uint64_t name = value;
#include "regs/address_map.def"
#undef WINDOW
#undef CONSTANT

}  // namespace turnpike::regs::map
