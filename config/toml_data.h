// SPDX-License-Identifier: Apache-2.0
// The document behind toml_reader.h; only its two implementation files see the TOML library.
#pragma once
#include <toml++/toml.h>
#include <map>
#include <string>

#include "config/toml_reader.h"

namespace turnpike::config {

struct TomlDocument::Data {
    std::string file;
    toml::table root;
    std::map<std::string, std::string> overrides;  ///< dotted path → "--set KEY=VALUE"

    /// Where `path` was overridden, or nullptr if it stands in the file.
    const std::string* override_of(const std::string& path) const {
        const auto found = overrides.find(path);
        return found == overrides.end() ? nullptr : &found->second;
    }
};

}  // namespace turnpike::config
