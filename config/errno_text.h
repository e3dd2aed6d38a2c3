// SPDX-License-Identifier: Apache-2.0
// Linux's words for its error numbers.
#pragma once
#include <string>

namespace turnpike::config {

/// The text of an errno of either sign, as strerror(3) gives it on Linux whatever the host's language.
std::string errno_text(int error);

}  // namespace turnpike::config
