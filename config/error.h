// SPDX-License-Identifier: Apache-2.0
// A user's mistake in a scenario: where it is, what was found and what was expected. The CLI prints it and exits 2.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace turnpike::config {

class Error : public std::runtime_error {
  public:
    Error(std::string in_file, unsigned at_line, unsigned at_column, std::string text);

    std::string file;  ///< a path, or "--set KEY=VALUE"
    unsigned line;     ///< from 1; 0: no place in the file
    unsigned column;   ///< from 1; 0: the whole line
    std::string message;
};

/// `text` in single quotes, control characters as \xNN, cut where it is very long.
std::string in_quotes(std::string_view text);

/// "found …, expected …"
std::string found_expected(std::string_view found, std::string_view expected);

}  // namespace turnpike::config
