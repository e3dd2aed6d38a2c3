// SPDX-License-Identifier: Apache-2.0
// sysctl -w KEY=VALUE … (procps sysctl.c); the names are those of regs/sysctls.def.
#include "config/commands.h"
#include "config/sysctl_names.h"
#include "config/sysctl_value.h"

namespace turnpike::config {
namespace {

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<Message> parse_assignment(const Words& words, const Word& word) {
    const std::string_view text = word.text;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) words.fail(word, "key=value");
    return write_sysctl(words, word, sysctl_path(trim(text.substr(0, equals))), text.substr(equals + 1),
                        Writer::sysctl);
}

bool is_option(std::string_view text) {
    return text == "-w" || text == "-q" || text == "-qw" || text == "-wq" || text == "--write" || text == "--quiet";
}

}  // namespace

std::vector<Message> parse_sysctl(Words& words) {
    std::vector<Message> messages;
    bool assigned = false;
    while (!words.done()) {
        const Word& word = words.next("key=value");
        if (is_option(word.text)) continue;
        if (word.text.starts_with('-')) words.unsupported(word, "sysctl -w key=value");
        const std::vector<Message> more = parse_assignment(words, word);
        assigned = true;
        messages.insert(messages.end(), more.begin(), more.end());
    }
    if (!assigned) words.fail_line(found_expected("the end of the command", "sysctl -w key=value"));
    return messages;
}

}  // namespace turnpike::config
