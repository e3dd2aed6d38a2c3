// SPDX-License-Identifier: Apache-2.0
// Branch prediction and memory of a core profile, from cpu_memory.def.
#pragma once
#include <cstdint>
#include <string>

namespace turnpike::regs {

namespace params::memory {
using u64 = std::uint64_t;
using text = std::string;
#define SECTION(id, table) struct id {
#define PARAM(type, key, value, unit, meaning, source) type key = value;
#define CHOICE(key, value, choices, meaning, source) text key = value;
#define END(id) \
    }           \
    ;
#include "regs/cpu_memory.def"
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END
}  // namespace params::memory

#define PARAM(type, key, value, unit, meaning, source)
#define CHOICE(key, value, choices, meaning, source)
#define END(id)
#define SECTION(id, table) params::memory::id id;
struct CpuMemory {
#include "regs/cpu_memory.def"
};
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END

/// Calls `visit(table, key, member, unit, choices, meaning, source)` for each parameter.
#define SECTION(id, table)   \
    {                        \
        auto& in = owner.id; \
        const char* at = table;
#define PARAM(type, key, value, unit, meaning, source) visit(at, #key, in.key, unit, "", meaning, source);
#define CHOICE(key, value, choices, meaning, source) visit(at, #key, in.key, "", choices, meaning, source);
#define END(id) }
template <typename Visitor>
void for_each_parameter(CpuMemory& owner, Visitor&& visit) {
#include "regs/cpu_memory.def"
}
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END

}  // namespace turnpike::regs
