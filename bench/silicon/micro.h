// SPDX-License-Identifier: Apache-2.0
// The microbenchmarks that come with the program (micro.S).
#pragma once
#include "bench/silicon/table.h"

namespace turnpike::silicon {

/// name, kind ("lat": a chain, "tput": independent), instances, block.
std::vector<Row> microbenchmarks();

}  // namespace turnpike::silicon
