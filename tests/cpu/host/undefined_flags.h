// SPDX-License-Identifier: Apache-2.0
// Which flags an instruction leaves undefined (Intel SDM volume 2, "Flags Affected" of each instruction).
#pragma once
#include <Zydis/Zydis.h>

#include <optional>

#include "tests/cpu/host/sample.h"

namespace turnpike::host {

/// `bits`: the operand's size; `count`: a shift's count where it is known, before masking.
u64 undefined_flags(ZydisMnemonic mnemonic, unsigned bits, std::optional<unsigned> count);

}  // namespace turnpike::host
