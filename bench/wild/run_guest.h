// SPDX-License-Identifier: Apache-2.0
// A firmware spoiled at random, run by the `turnpike` program.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace turnpike::wild {

struct RunPlan {
    std::filesystem::path turnpike;
    std::filesystem::path scenario;
    std::filesystem::path firmware;
    std::filesystem::path scratch;  ///< a folder to write to
};

struct RunResult {
    int status = 0;  ///< of the program
    std::string complaint;
};

RunResult run_spoiled_firmware(const RunPlan& plan, std::uint64_t seed);

}  // namespace turnpike::wild
