// SPDX-License-Identifier: Apache-2.0
// Tables of the words that a command's arguments begin with, in iproute2's order, since the first that fits an
// abbreviation has it.
#pragma once
#include <span>
#include <string_view>

#include "config/words.h"

namespace turnpike::config {

/// How iproute2 compares a word: strcmp() or matches().
enum class Spelling { whole, prefix };

template <typename Arguments>
struct Option {
    std::string_view word;
    Spelling spelling;
    void (*parse)(Words&, Arguments&);  ///< takes what follows the word; nullptr: iproute2 has it, this version has not
};

/// Takes one option; false where the next word begins none. `expected` stands in the error for those that are not
/// there.
template <typename Arguments>
bool parse_option(Words& words, Arguments& arguments, std::span<const Option<Arguments>> options,
                  std::string_view expected) {
    for (const Option<Arguments>& option : options) {
        const Word& word = words.peek();
        const bool taken =
            option.spelling == Spelling::whole ? words.take(option.word) : words.take_prefix(option.word);
        if (!taken) continue;
        if (option.parse == nullptr) words.unsupported(word, expected);
        option.parse(words, arguments);
        return true;
    }
    return false;
}

}  // namespace turnpike::config
