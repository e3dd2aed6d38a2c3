// SPDX-License-Identifier: Apache-2.0
#include "config/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace turnpike::config {

std::uint32_t Interfaces::index(std::string_view name) const {
    if (name == "lo") return 1;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        if (ports_[i] == name) return static_cast<std::uint32_t>(i + 2);
    }
    return 0;
}

std::string Interfaces::names() const {
    std::string text = "lo";
    for (std::size_t i = 0; i < ports_.size(); ++i) text += (i + 1 < ports_.size() ? ", " : " or ") + ports_[i];
    return text;
}

const Word& Words::next(std::string_view expected) {
    if (done()) fail_line(found_expected("the end of the command", expected));
    return line_.words[at_++];
}

bool Words::take(std::string_view word) {
    if (done() || peek().text != word) return false;
    ++at_;
    return true;
}

bool Words::take_prefix(std::string_view word) {
    if (done() || peek().text.empty() || !word.starts_with(peek().text)) return false;
    ++at_;
    return true;
}

bool Words::has_taken(std::string_view word) const {
    const auto end = line_.words.begin() + static_cast<std::ptrdiff_t>(at_);
    return std::find_if(line_.words.begin(), end, [&](const Word& taken) { return taken.text == word; }) != end;
}

std::uint64_t Words::number(std::string_view what, std::uint64_t least, std::uint64_t most) {
    const std::string expected = fmt::format("{} from {} to {}", what, least, most);
    const Word& word = next(expected);
    const auto value = parse_number(word.text);
    if (!value || *value < least || *value > most) fail(word, expected);
    return *value;
}

std::uint32_t Words::address(std::string_view what) {
    const std::string expected = fmt::format("{}, an IPv4 address", what);
    const Word& word = next(expected);
    const auto value = parse_ipv4(word.text);
    if (!value) fail(word, expected);
    return *value;
}

Prefix Words::prefix(std::string_view what) {
    const std::string expected = fmt::format("{}, an IPv4 address with /LENGTH from 0 to 32", what);
    const Word& word = next(expected);
    const auto value = parse_prefix(word.text);
    if (!value) fail(word, expected);
    return *value;
}

Mac Words::mac() {
    constexpr std::string_view kExpected = "a MAC address of six bytes, as 02:00:00:00:00:01";
    const Word& word = next(kExpected);
    const auto value = parse_mac(word.text);
    if (!value) fail(word, kExpected);
    return *value;
}

std::uint32_t Words::interface() {
    const Word& word = next(interfaces_.names());
    const std::uint32_t index = interfaces_.index(word.text);
    if (index == 0) {
        fail_at(word, fmt::format("Cannot find device \"{}\", expected {}", word.text, interfaces_.names()));
    }
    return index;
}

bool Words::on_off() {
    const Word& word = next("on or off");
    if (word.text != "on" && word.text != "off") fail(word, "on or off");
    return word.text == "on";
}

void Words::fail(const Word& word, std::string_view expected) const {
    fail_at(word, found_expected(in_quotes(word.text), expected));
}

void Words::fail_at(const Word& word, const std::string& message) const {
    throw Error(file_, word.line, word.column, message);
}

void Words::fail_line(const std::string& message) const { throw Error(file_, line_.line, 0, message); }

void Words::refuse_redirection() const {
    for (std::size_t i = at_; i < line_.words.size(); ++i) {
        if (line_.words[i].redirection) fail(line_.words[i], "one plain command a line: shell syntax is not run");
    }
}

void Words::unsupported(const Word& word, std::string_view expected) const {
    fail_at(word, "not supported by this version: " + found_expected(in_quotes(word.text), expected));
}

}  // namespace turnpike::config
