// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <regex>

#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

bool is_blank(const std::string& line) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    return first == std::string::npos || line[first] == '#';
}

/// "#at 5ms ip route del 10.0.2.0/24"
std::optional<ScriptLine> timed_line(const std::string& line, unsigned number) {
    static const std::regex kTimed(R"(\s*#at\s+([0-9]+(?:\.[0-9]+)?)(us|ms|s)\s+(\S.*))");
    std::smatch match;
    if (!std::regex_match(line, match, kTimed)) return std::nullopt;
    const double unit_ns = match[2] == "us" ? 1e3 : match[2] == "ms" ? 1e6 : 1e9;
    const auto at = std::llround(std::stod(match[1]) * unit_ns);
    return ScriptLine{number, match[3], std::chrono::nanoseconds(at)};
}

}  // namespace

Script read_script(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw EnvironmentError("cannot read " + path.string());
    Script script{path.string(), {}, {}};
    std::string line;
    std::string command;
    for (unsigned number = 1; std::getline(file, line); ++number) {
        command += line;
        if (!command.empty() && command.back() == '\\') {
            command.pop_back();
            continue;
        }
        if (const auto timed = timed_line(command, number)) {
            script.timed.push_back(*timed);
        } else if (!is_blank(command)) {
            script.before.push_back({number, command, {}});
        }
        command.clear();
    }
    std::stable_sort(script.timed.begin(), script.timed.end(),
                     [](const ScriptLine& a, const ScriptLine& b) { return a.at < b.at; });
    return script;
}

void run_line(const Script& script, const ScriptLine& line) {
    const ProcessResult result = run_process({"sh", "-c", line.command});
    if (result.status == 0) return;
    throw EnvironmentError(fmt::format("{}:{}: Linux refuses '{}' (status {}): {}", script.file, line.number,
                                       line.command, result.status, result.output));
}

}  // namespace turnpike::diff
