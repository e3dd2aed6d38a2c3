// SPDX-License-Identifier: Apache-2.0
// Scopes of addresses and routes by name (iproute2 lib/rt_names.c).
#pragma once
#include "config/words.h"

namespace turnpike::config {

std::uint8_t parse_scope(Words& words);

}  // namespace turnpike::config
