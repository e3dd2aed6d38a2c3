// SPDX-License-Identifier: Apache-2.0
// Walks over the words of one command, as iproute2's parsers do, and makes errors that name the place.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/address.h"
#include "config/error.h"
#include "config/lexer.h"

namespace turnpike::config {

/// Interfaces by name, counted as Linux does: lo is 1, the ports follow.
class Interfaces {
  public:
    explicit Interfaces(std::vector<std::string> ports) : ports_(std::move(ports)) {}
    /// 0 where there is none of this name.
    std::uint32_t index(std::string_view name) const;
    /// "lo, eth0 or eth1"
    std::string names() const;

  private:
    std::vector<std::string> ports_;
};

class Words {
  public:
    Words(const std::string& file, const Line& line, const Interfaces& interfaces)
        : file_(file), line_(line), interfaces_(interfaces) {}

    bool done() const { return at_ == line_.words.size(); }
    const Word& peek() const { return line_.words[at_]; }
    /// The next word; an error that names `expected` where the line ends.
    const Word& next(std::string_view expected);
    /// Takes the next word if it is `word`.
    bool take(std::string_view word);
    /// Takes the next word if `word` begins with it, as iproute2's matches() does.
    bool take_prefix(std::string_view word);

    /// The next word as a value of a kind; an error at that word otherwise.
    std::uint64_t number(std::string_view what, std::uint64_t least, std::uint64_t most);
    std::uint32_t address(std::string_view what);
    Prefix prefix(std::string_view what);
    Mac mac();
    std::uint32_t interface();
    bool on_off();

    [[noreturn]] void fail(const Word& word, std::string_view expected) const;
    [[noreturn]] void fail_at(const Word& word, const std::string& message) const;
    /// A mistake of the command as a whole.
    [[noreturn]] void fail_line(const std::string& message) const;
    /// An error at the first `>` that is still to come.
    void refuse_redirection() const;
    [[noreturn]] void unsupported(const Word& word, std::string_view expected) const;

    const Interfaces& interfaces() const { return interfaces_; }
    /// Some word that has been taken is `word`.
    bool has_taken(std::string_view word) const;

  private:
    const std::string& file_;
    const Line& line_;
    const Interfaces& interfaces_;
    std::size_t at_ = 0;
};

}  // namespace turnpike::config
