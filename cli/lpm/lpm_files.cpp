// SPDX-License-Identifier: Apache-2.0
#include "cli/lpm/lpm_files.h"

#include <fmt/format.h>
#include <zlib.h>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "config/address.h"
#include "config/error.h"

namespace turnpike::lpm {
namespace {

struct Word {
    std::string_view text;
    unsigned column;  ///< from 1
};

/// One line that says something, and where it is.
struct Place {
    const std::string& file;
    unsigned line;
    std::vector<Word> words;

    [[noreturn]] void fail(const Word& word, std::string_view expected) const {
        throw config::Error(file, line, word.column, config::found_expected(config::in_quotes(word.text), expected));
    }
    const Word& word(std::size_t n, std::string_view expected) const {
        if (n < words.size()) return words[n];
        throw config::Error(file, line, 0, config::found_expected("the end of the line", expected));
    }
    void no_more_than(std::size_t count) const {
        if (words.size() > count) fail(words[count], "the end of the line");
    }
};

std::vector<Word> split(std::string_view line) {
    std::vector<Word> words;
    for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r\n", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(line.find_first_of(" \t\r\n", at), line.size());
        words.push_back({line.substr(at, end - at), static_cast<unsigned>(at + 1)});
        at = end;
    }
    return words;
}

/// Calls `visit` for each line but empty ones and comments (# and ;). gzopen reads plain files as well.
void for_each_line(const std::string& file, const std::function<void(const Place&)>& visit) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
    if (!in) throw config::Error(file, 0, 0, config::found_expected("no such file", "a file to read"));
    constexpr int kLongest = 4096;
    char buffer[kLongest];
    for (unsigned number = 1; gzgets(in.get(), buffer, kLongest); ++number) {
        Place place{file, number, split(buffer)};
        if (place.words.empty() || place.words[0].text[0] == '#' || place.words[0].text[0] == ';') continue;
        visit(place);
    }
    int error = Z_OK;
    const char* message = gzerror(in.get(), &error);
    if (error != Z_OK && error != Z_STREAM_END) {
        throw config::Error(file, 0, 0, fmt::format("cannot be read: {}", message));
    }
}

std::optional<unsigned> number(std::string_view text, unsigned most) {
    const auto value = config::parse_decimal(text);
    return value && *value <= most ? std::optional(static_cast<unsigned>(*value)) : std::nullopt;
}

/// All four numbers, in decimal: what iproute2 leaves out or takes for octal is a mistake in a table.
std::optional<std::uint32_t> address_of(std::string_view text) {
    std::uint32_t address = 0;
    for (unsigned n = 0; n < 4; ++n) {
        const std::size_t dot = n < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos) return std::nullopt;
        const auto octet = number(text.substr(0, dot), 255);
        if (!octet) return std::nullopt;
        address = address << 8 | *octet;
        text.remove_prefix(n < 3 ? dot + 1 : dot);
    }
    return address;
}

constexpr const char* kPrefix = "a prefix, address/length, without bits behind the length";

/// A change of the prefix that `word` names.
Change change_of(const Place& place, const Word& word) {
    const std::size_t slash = word.text.find('/');
    if (slash == std::string_view::npos) place.fail(word, kPrefix);
    const auto address = address_of(word.text.substr(0, slash));
    const auto len = number(word.text.substr(slash + 1), 32);
    if (!address || !len) place.fail(word, kPrefix);
    if ((*address & ~config::netmask(*len)) != 0) place.fail(word, kPrefix);
    return {true, *address, *len, NextHops::kMiss, place.line};
}

/// The next hop that stands in word `n`, if there is one.
std::uint16_t hop_of(const Place& place, std::size_t n, const Change& change, NextHops& hops) {
    place.no_more_than(n + 1);
    const bool named = n < place.words.size();
    const std::uint16_t hop = hops.number_of(named ? std::string(place.words[n].text) : fmt::format("/{}", change.len));
    if (hop == NextHops::kMiss) place.fail(place.words.back(), "no more than 65,535 different next hops");
    return hop;
}

}  // namespace

std::uint16_t NextHops::number_of(const std::string& name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    if (names_.size() == kMiss) return kMiss;
    const auto number = static_cast<std::uint16_t>(names_.size());
    names_.push_back(name);
    numbers_.emplace(name, number);
    return number;
}

std::vector<Change> read_table(const std::string& file, NextHops& hops) {
    std::vector<Change> table;
    for_each_line(file, [&](const Place& place) {
        Change change = change_of(place, place.words[0]);
        change.hop = hop_of(place, 1, change, hops);
        table.push_back(change);
    });
    return table;
}

std::vector<Change> read_updates(const std::string& file, NextHops& hops) {
    std::vector<Change> updates;
    for_each_line(file, [&](const Place& place) {
        const Word& verb = place.words[0];
        if (verb.text != "add" && verb.text != "replace" && verb.text != "del") {
            place.fail(verb, "add, replace or del");
        }
        Change change = change_of(place, place.word(1, kPrefix));
        change.put = verb.text != "del";
        if (change.put) {
            change.hop = hop_of(place, 2, change, hops);
        } else {
            place.no_more_than(2);
        }
        updates.push_back(change);
    });
    return updates;
}

std::vector<std::uint32_t> read_addresses(const std::string& file) {
    std::vector<std::uint32_t> addresses;
    for_each_line(file, [&](const Place& place) {
        const auto address = address_of(place.words[0].text);
        if (!address) place.fail(place.words[0], "an IPv4 address");
        place.no_more_than(1);
        addresses.push_back(*address);
    });
    return addresses;
}

}  // namespace turnpike::lpm
