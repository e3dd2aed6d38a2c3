// SPDX-License-Identifier: Apache-2.0
#include "models/core/diagnosis.h"

#include <fmt/core.h>

#include <cstdio>

#include "models/core/clock.h"

namespace turnpike {
namespace {
std::function<void(const std::string&)> handler;
std::uint64_t count = 0;
}  // namespace

void diagnose(const std::string& text) {
    ++count;
    const std::string line = fmt::format("[{}] {}", from_ps(now_ps()).to_string(), text);
    if (handler)
        handler(line);
    else
        fmt::print(stderr, "{}\n", line);
}

void set_diagnosis_handler(std::function<void(const std::string&)> new_handler) { handler = std::move(new_handler); }

std::uint64_t diagnosis_count() { return count; }

}  // namespace turnpike
