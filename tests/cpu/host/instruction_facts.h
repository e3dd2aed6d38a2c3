// SPDX-License-Identifier: Apache-2.0
// What machine code is, for those who make it at random.
#pragma once
#include <Zydis/Zydis.h>

#include <cstddef>
#include <optional>

#include "tests/cpu/host/sample.h"

namespace turnpike::host {

/// Prefixes with which the bytes begin.
std::size_t count_prefixes(const u8* code, std::size_t bytes);
/// False: not an instruction.
bool decode(const u8* code, std::size_t bytes, ZydisDecodedInstruction& insn);
/// False for an instruction outside the model, and for one that answers differently on each machine or each time, leads
/// anywhere or leaves the sandbox. What is no instruction at all is comparable: it raises #UD.
bool comparable(const u8* code, std::size_t bytes);
/// LOCK, or XCHG with memory: across two lines it would take a bus lock.
bool is_locked_access(const u8* code, std::size_t bytes);
/// The immediate count of a shift or rotation.
std::optional<unsigned> shift_count(const u8* code, std::size_t bytes);

}  // namespace turnpike::host
