// SPDX-License-Identifier: Apache-2.0
// What becomes of a received frame, from fates.def.
#pragma once
#include <cstdint>

namespace turnpike::regs {

enum class Fate : std::uint32_t {
#define FATE(id, where, text) id,
#include "regs/fates.def"
#undef FATE
    count
};

inline constexpr unsigned kFateCount = static_cast<unsigned>(Fate::count);

struct FateInfo {
    const char* name;
    const char* where;
    const char* text;
};

inline constexpr FateInfo kFates[] = {
#define FATE(id, where, text) {#id, #where, text},
#include "regs/fates.def"
#undef FATE
};

}  // namespace turnpike::regs
