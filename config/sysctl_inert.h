// SPDX-License-Identifier: Apache-2.0
// sysctls of Linux on which nothing here depends (sysctls_inert.def).
#pragma once
#include <string_view>

#include "config/words.h"

namespace turnpike::config {

/// False: `path` is none of them. An error at `word` for a value that Linux refuses.
bool check_inert_sysctl(const Words& words, const Word& word, std::string_view path, std::string_view value);

}  // namespace turnpike::config
