// SPDX-License-Identifier: Apache-2.0
// The UART's registers: offsets, fields and the register list, all from uart.def.
#pragma once
#include "regs/register.h"

namespace turnpike::regs::uart {

inline constexpr unsigned kRegisterBytes = 4;

#define REG(name, offset, reset, access, write_mask, text) inline constexpr std::uint64_t name = offset;
#define REG_ARRAY(name, offset, stride, count, reset, access, write_mask, text)               \
    constexpr std::uint64_t name(unsigned n) { return (offset) + std::uint64_t{stride} * n; } \
    inline constexpr unsigned name##_COUNT = count;
#define FIELD(reg, name, lsb, width) inline constexpr Field reg##_##name{lsb, width};
#include "regs/uart.def"
#undef REG
#undef REG_ARRAY
#undef FIELD

inline constexpr Register kRegisters[] = {
#define REG(name, offset, reset, access, write_mask, text) \
    {#name, offset, 0, 1, reset, Access::access, write_mask, text},
#define REG_ARRAY(name, offset, stride, count, reset, access, write_mask, text) \
    {#name, offset, stride, count, reset, Access::access, write_mask, text},
#define FIELD(reg, name, lsb, width)
#include "regs/uart.def"
#undef REG
#undef REG_ARRAY
#undef FIELD
};

}  // namespace turnpike::regs::uart
