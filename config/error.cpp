// SPDX-License-Identifier: Apache-2.0
#include "config/error.h"

#include <fmt/format.h>

#include <utility>

namespace turnpike::config {
namespace {

std::string place(const std::string& file, unsigned line, unsigned column) {
    if (line == 0) return file;
    if (column == 0) return fmt::format("{}:{}", file, line);
    return fmt::format("{}:{}:{}", file, line, column);
}

}  // namespace

Error::Error(std::string in_file, unsigned at_line, unsigned at_column, std::string text)
    : std::runtime_error(place(in_file, at_line, at_column) + ": " + text),
      file(std::move(in_file)),
      line(at_line),
      column(at_column),
      message(std::move(text)) {}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t kLongest = 80;  // bytes; keeps a message on one line
    std::string out = "'";
    for (const char c : text.substr(0, kLongest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    return out + (text.size() > kLongest ? "…'" : "'");
}

std::string found_expected(std::string_view found, std::string_view expected) {
    return fmt::format("found {}, expected {}", found, expected);
}

}  // namespace turnpike::config
