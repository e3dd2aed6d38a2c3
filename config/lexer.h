// SPDX-License-Identifier: Apache-2.0
// Splits router.sh into commands and words as a POSIX shell does (IEEE 1003.1, Shell Command Language, 2.2 and 2.3):
// quotes, escapes, comments, line continuation. What would need a shell to run — variables, pipes, lists — is an error.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace turnpike::config {

struct Word {
    std::string text;
    unsigned line = 0;
    unsigned column = 0;
};

struct Line {
    unsigned line = 0;  ///< where the command starts
    std::string text;   ///< as written, continuation lines joined, without comment
    std::vector<Word> words;
};

/// The commands of a script; `file` stands in errors.
std::vector<Line> split_script(const std::string& file, std::string_view script);

}  // namespace turnpike::config
