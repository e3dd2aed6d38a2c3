// SPDX-License-Identifier: Apache-2.0
// Values of the sysctls of regs/sysctls.def, whoever writes them.
#pragma once
#include <string_view>
#include <vector>

#include "config/message.h"
#include "config/words.h"

namespace turnpike::config {

/// sysctl(8) passes over what is read-only with a warning and without an error; a shell's redirection fails.
enum class Writer { sysctl, shell };

/// `value` written to `path`: no message where nothing here depends on it. `word` is the place of errors.
std::vector<Message> write_sysctl(const Words& words, const Word& word, std::string_view path, std::string_view value,
                                  Writer who);

}  // namespace turnpike::config
