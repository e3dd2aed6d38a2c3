// SPDX-License-Identifier: Apache-2.0
// A machine's parameters, from params.def, and a core profile's, from cpu_profile.def. `config/` fills them by name,
// models take the section they need.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "regs/cpu_forms.h"
#include "regs/cpu_memory.h"

namespace turnpike::regs {

namespace params {
using u64 = std::uint64_t;
using real = double;
using text = std::string;

#define SECTION(id, table) struct id {
#define PARAM(type, key, value, unit, meaning, source) type key = value;
#define CHOICE(key, value, choices, meaning, source) text key = value;
#define END(id) \
    }           \
    ;
#include "regs/params.def"
namespace profile {
#include "regs/cpu_profile.def"
}
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END
}  // namespace params

#define PARAM(type, key, value, unit, meaning, source)
#define CHOICE(key, value, choices, meaning, source)
#define END(id)
#define SECTION(id, table) params::id id;
struct MachineParams {
#include "regs/params.def"
};
#undef SECTION
#define SECTION(id, table) params::profile::id id;
struct CpuProfile {
    std::string name = "simple";
    std::vector<PortGroup> port_groups;
    std::vector<InstructionForm> forms;
    std::vector<LinePoint> line_points;
    CpuMemory memory;
#include "regs/cpu_profile.def"
};
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END

/// Calls `visit(table, key, member, unit, choices, meaning, source)` for each parameter; `choices` is "" where any
/// value will do.
template <typename Visitor>
void for_each_parameter(MachineParams& owner, Visitor&& visit);
template <typename Visitor>
void for_each_parameter(CpuProfile& owner, Visitor&& visit);

#define SECTION(id, table)   \
    {                        \
        auto& in = owner.id; \
        const char* at = table;
#define PARAM(type, key, value, unit, meaning, source) visit(at, #key, in.key, unit, "", meaning, source);
#define CHOICE(key, value, choices, meaning, source) visit(at, #key, in.key, "", choices, meaning, source);
#define END(id) }
template <typename Visitor>
void for_each_parameter(MachineParams& owner, Visitor&& visit) {
#include "regs/params.def"
}
template <typename Visitor>
void for_each_parameter(CpuProfile& owner, Visitor&& visit) {
#include "regs/cpu_profile.def"
    for_each_parameter(owner.memory, visit);
}
#undef SECTION
#undef PARAM
#undef CHOICE
#undef END

}  // namespace turnpike::regs
