// SPDX-License-Identifier: Apache-2.0
// A scenario folder for one test.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/scenario.h"

namespace turnpike::config {

class ScenarioFolder : public testing::Test {
  protected:
    ScenarioFolder() {
        std::filesystem::create_directories(folder / "in");
        write("in/eth0.pcap", "");
    }
    ~ScenarioFolder() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
    }
    Scenario load(const std::string& toml, const std::vector<std::string>& overrides = {}) const {
        write("scenario.toml", toml);
        return load_scenario(folder, overrides, TURNPIKE_MACHINES_DIR);
    }
    /// The error's text without the folder's path, or "accepted".
    std::string error(const std::string& toml, const std::vector<std::string>& overrides = {}) const {
        try {
            load(toml, overrides);
        } catch (const Error& e) {
            const std::string text = e.what(), prefix = folder.string() + "/";
            return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
        }
        return "accepted";
    }

    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("tp-scenario-" + std::to_string(getpid()));
};

inline constexpr char kPort[] = "[[port]]\n";

}  // namespace turnpike::config
