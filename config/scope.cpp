// SPDX-License-Identifier: Apache-2.0
#include "config/scope.h"

#include "regs/config.h"

namespace turnpike::config {

std::uint8_t parse_scope(Words& words) {
    constexpr std::string_view kExpected = "global, site, link, host, nowhere or a number from 0 to 255";
    constexpr std::uint8_t kSite = 200;  // RT_SCOPE_SITE, include/uapi/linux/rtnetlink.h
    const Word& word = words.next(kExpected);
    if (word.text == "global" || word.text == "universe") return regs::config::RT_SCOPE_UNIVERSE;
    if (word.text == "site") return kSite;
    if (word.text == "link") return regs::config::RT_SCOPE_LINK;
    if (word.text == "host") return regs::config::RT_SCOPE_HOST;
    if (word.text == "nowhere") return regs::config::RT_SCOPE_NOWHERE;
    const auto number = parse_number(word.text);
    if (!number || *number > 255) words.fail(word, kExpected);
    return static_cast<std::uint8_t>(*number);
}

}  // namespace turnpike::config
