// SPDX-License-Identifier: Apache-2.0
// Splits router.sh into commands and words as a POSIX shell does (IEEE 1003.1, Shell Command Language, 2.2 and 2.3):
// quotes, escapes, comments, line continuation, `> FILE`. What else would need a shell to run — variables, pipes, lists
// — is an error. A comment "#at 5ms COMMAND" is a command for the time of the run that it names.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace turnpike::config {

struct Word {
    std::string text;
    unsigned line = 0;
    unsigned column = 0;
    bool redirection = false;  ///< the operator >
};

struct Line {
    unsigned line = 0;                   ///< where the command starts
    std::optional<std::uint64_t> at_ns;  ///< since READY; none: before the run
    std::string text;                    ///< as written, continuation lines joined, without comment and time
    std::vector<Word> words;
};

/// The commands of a script; `file` stands in errors.
std::vector<Line> split_script(const std::string& file, std::string_view script);

}  // namespace turnpike::config
