// SPDX-License-Identifier: Apache-2.0
// The same program on Unicorn, without hooks.
#pragma once
#include <cstdint>

#include "models/soc/elf_image.h"

namespace turnpike::bench {

/// Runs the program to the end of its `exit` function's first instruction; throws where Unicorn fails.
void run_on_unicorn(const ElfImage& image, std::uint64_t memory_bytes);

}  // namespace turnpike::bench
