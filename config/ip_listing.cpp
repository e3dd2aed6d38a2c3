// SPDX-License-Identifier: Apache-2.0
// Lines that only show something: ip [-s -d -4 …] OBJECT [ show | list | lst | get ] … They change nothing, so a run
// passes over them; a device that is named must be there, as for iproute2.
#include "config/commands.h"

namespace turnpike::config {
namespace {

bool begins(std::string_view word, std::string_view text) { return !text.empty() && word.starts_with(text); }

bool is_one_of(std::initializer_list<std::string_view> words, std::string_view text) {
    for (const std::string_view word : words) {
        if (begins(word, text)) return true;
    }
    return false;
}

}  // namespace

bool take_ip_display_option(Words& words) {
    const std::string_view option = words.peek().text;
    const bool short_one = option == "-s" || option == "-d" || option == "-o" || option == "-j" || option == "-p" ||
                           option == "-c" || option == "-r" || option == "-N" || option == "-h" || option == "-br";
    const bool long_one = option.size() > 2 && is_one_of({"-statistics", "-details", "-oneline", "-json", "-pretty",
                                                          "-color", "-resolve", "-Numeric", "-human", "-brief"},
                                                         option);
    if (short_one || long_one) words.next("an option");
    return short_one || long_one;
}

bool is_ip_listing(const Words& words, std::string_view object) {
    if (words.done()) return true;
    const std::string_view action = words.peek().text;
    if (object == "link" && begins("set", action)) return false;
    const bool gives_one = object == "route" || object == "neighbour" || object == "neighbor" || object == "nexthop";
    return is_one_of({"show", "list", "lst"}, action) || (gives_one && begins("get", action));
}

void skip_ip_listing(Words& words) {
    while (!words.done()) {
        if (words.next("a word").text == "dev") words.interface();
    }
}

}  // namespace turnpike::config
