// SPDX-License-Identifier: Apache-2.0
// Machine files and core profiles: the parameters of regs/params.def and regs/cpu_profile.def by name.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "config/toml_reader.h"
#include "regs/params.h"

namespace turnpike::config {

/// Reads the parameters that `table` names; the others keep their value. `about` and unknown keys are the caller's.
void read_parameters(TomlTable& table, regs::MachineParams& machine);
void read_parameters(TomlTable& table, regs::CpuProfile& profile);

/// "one of xeon-10g, xeon-1g": the names of the TOML files in `folder`, sorted.
std::string names_in(const std::filesystem::path& folder);
/// folder/NAME.toml, if NAME is a plain name and the file is there.
std::optional<std::filesystem::path> find_named(const std::filesystem::path& folder, const std::string& name);

/// Reads machines_dir/NAME.toml over the defaults.
void load_machine(const std::filesystem::path& machines_dir, const std::string& name, regs::MachineParams& machine);
/// Reads machines_dir/cpu/NAME.toml over the defaults. "simple" is the built-in profile and needs no file.
void load_cpu_profile(const std::filesystem::path& machines_dir, const std::string& name, regs::CpuProfile& profile);

/// Fails at the first combination of parameters that cannot be built.
void check_cpu_profile(const regs::CpuProfile& profile, const std::string& file);

}  // namespace turnpike::config
