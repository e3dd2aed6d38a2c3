// SPDX-License-Identifier: Apache-2.0
// The machine that a bench runs on.
#pragma once
#include <fstream>
#include <string>

namespace turnpike::bench {

inline std::string machine_name() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown processor";
}

}  // namespace turnpike::bench
