// SPDX-License-Identifier: Apache-2.0
// What came of a program: counts for the user, and a diagnosis of one that did not end by itself.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "cli/exec/machine.h"
#include "cli/exec/symbols.h"

namespace turnpike::exec {

nlohmann::ordered_json make_json(const cpu::Stats& stats, bool functional);
std::string make_table(const cpu::Stats& stats, bool functional);
/// Last branches and a backtrace, on several lines.
std::string make_trace(const cpu::Core& core, const cpu::Memory& memory, const Symbols& symbols);
/// The reason, last branches and a backtrace, on several lines.
std::string make_diagnosis(const Machine& machine, End end, const Symbols& symbols);

}  // namespace turnpike::exec
