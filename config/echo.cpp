// SPDX-License-Identifier: Apache-2.0
// echo [-n] VALUE … > /proc/sys/KEY (IEEE 1003.1, echo).
#include "config/commands.h"
#include "config/sysctl_value.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kRoot = "/proc/sys/";
constexpr std::string_view kExpected = "> /proc/sys/… behind the value";

}  // namespace

std::vector<Message> parse_echo(Words& words) {
    words.take("-n");
    std::string value;
    while (!words.done() && !words.peek().redirection) value += (value.empty() ? "" : " ") + words.next("").text;
    words.next(kExpected);
    const Word& file = words.next("a file below /proc/sys");
    if (!file.text.starts_with(kRoot)) words.fail(file, "a file below /proc/sys");
    if (!words.done()) words.fail(words.peek(), "the end of the command");
    return write_sysctl(words, file, std::string_view(file.text).substr(kRoot.size()), value, Writer::shell);
}

}  // namespace turnpike::config
