// SPDX-License-Identifier: Apache-2.0
// A machine's parameters, from params.def. `config/` fills them by name, models take the section they need.
#pragma once
#include <cstdint>
#include <string>

namespace turnpike::regs {

namespace params {
using u64 = std::uint64_t;
using real = double;
using text = std::string;

#define SECTION(id, table) \
    struct id {            \
        static constexpr const char* kTable = table;
#define PARAM(type, key, value, unit, meaning, source) type key = value;
#define CHOICE(key, value, choices, meaning, source) text key = value;
#define END(id) \
    }           \
    ;
#include "regs/params.def"
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END
}  // namespace params

struct MachineParams {
#define SECTION(id, table) params::id id;
#define PARAM(type, key, value, unit, meaning, source)
#define CHOICE(key, value, choices, meaning, source)
#define END(id)
#include "regs/params.def"
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END
};

/// Calls `visit(table, key, member, unit, choices, meaning, source)` for each parameter; `choices` is "" where any
/// value will do.
template <typename Params, typename Visitor>
void for_each_parameter(Params& machine, Visitor&& visit) {
#define SECTION(id, table)          \
    {                               \
        auto& section = machine.id; \
        const char* const table_name = table;
#define PARAM(type, key, value, unit, meaning, source) visit(table_name, #key, section.key, unit, "", meaning, source);
#define CHOICE(key, value, choices, meaning, source) visit(table_name, #key, section.key, "", choices, meaning, source);
#define END(id) }
#include "regs/params.def"
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END
}

}  // namespace turnpike::regs
