// SPDX-License-Identifier: Apache-2.0
#include "config/machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace turnpike::config {
namespace {

namespace fs = std::filesystem;
const fs::path kMachines = TURNPIKE_MACHINES_DIR;

template <typename Owner>
std::string values_text(Owner owner) {
    std::ostringstream text;
    regs::for_each_parameter(owner, [&](const char* table, const char* key, auto& member, auto...) {
        text << table << '.' << key << '=' << member << '\n';
    });
    return text.str();
}

TEST(Machines, EveryFileCanBeLoaded) {
    unsigned files = 0;
    for (const auto& entry : fs::directory_iterator(kMachines)) {
        if (entry.path().extension() != ".toml") continue;
        regs::MachineParams machine;
        EXPECT_NO_THROW(load_machine(kMachines, entry.path().stem().string(), machine)) << entry.path();
        ++files;
    }
    EXPECT_GE(files, 2u);
}

TEST(Machines, TheDefaultMachineWritesOutEveryDefault) {
    regs::MachineParams machine;
    load_machine(kMachines, "xeon-10g", machine);
    EXPECT_EQ(values_text(machine), values_text(regs::MachineParams()));
    std::ifstream in(kMachines / "xeon-10g.toml");
    const std::string text(std::istreambuf_iterator<char>(in), {});
    std::size_t parameters = 0;
    regs::for_each_parameter(machine, [&](const char* table, const char* key, auto&...) {
        EXPECT_NE(text.find(std::string("\n") + key + " = "), std::string::npos) << table << '.' << key;
        EXPECT_NE(text.find(std::string("\n[") + table + "]\n"), std::string::npos) << table;
        ++parameters;
    });
    EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '=')), parameters + 1);  // and about
}

TEST(Machines, TheBuiltInProfileNeedsNoFile) {
    regs::CpuProfile profile;
    load_cpu_profile(kMachines / "nowhere", "simple", profile);
    EXPECT_EQ(values_text(profile), values_text(regs::CpuProfile()));
    try {
        load_cpu_profile(kMachines / "nowhere", "zen9", profile);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.message, "found no core profile 'zen9', expected a TOML file there");
    }
}

TEST(Machines, EveryCoreProfileCanBeLoaded) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(kMachines / "cpu", none)) {
        if (entry.path().extension() != ".toml") continue;
        regs::CpuProfile profile;
        EXPECT_NO_THROW(load_cpu_profile(kMachines, entry.path().stem().string(), profile)) << entry.path();
    }
}

}  // namespace
}  // namespace turnpike::config
