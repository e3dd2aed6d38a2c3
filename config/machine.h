// SPDX-License-Identifier: Apache-2.0
// Machine files and core profiles: the parameters of regs/params.def and regs/cpu_profile.def by name.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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

/// A named TOML file that `value` asks for must be in `folder`; said where it is asked for.
void check_named(const std::optional<TomlValue>& value, const std::filesystem::path& folder);
/// The machine's keys in `root`, then the profile that it names, then the keys of [profile] over it. What the keys
/// make together is the caller's to check (profile_check.h).
void read_core(TomlTable& root, const std::filesystem::path& machines_dir, regs::MachineParams& machine,
               regs::CpuProfile& profile);

/// Lays each "key=value" over the document: a machine's key, or a core profile's with or without "profile." before it.
void override_with(TomlDocument& document, const std::vector<std::string>& assignments);
/// A core without a scenario: the profile that `machine.cpu.profile` names, both changed as `overrides` say.
void load_core(const std::filesystem::path& machines_dir, const std::vector<std::string>& overrides,
               regs::MachineParams& machine, regs::CpuProfile& profile);

}  // namespace turnpike::config
