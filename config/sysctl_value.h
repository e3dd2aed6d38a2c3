// SPDX-License-Identifier: Apache-2.0
// Values of the sysctls of regs/sysctls.def, whoever writes them.
#pragma once
#include <string_view>
#include <vector>

#include "config/message.h"
#include "config/words.h"

namespace turnpike::config {

/// The path below /proc/sys of a key with . or / between its parts: whichever comes first separates, the other is then
/// part of a name, written as its opposite.
std::string sysctl_path(std::string_view key);
/// `value` written to `path`; `word` is the place of errors.
std::vector<Message> write_sysctl(const Words& words, const Word& word, std::string_view path, std::string_view value);

}  // namespace turnpike::config
