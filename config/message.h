// SPDX-License-Identifier: Apache-2.0
// Configuration messages as the mailbox carries them: the bytes of the structures in regs/config.h.
#pragma once
#include <cstdint>
#include <vector>

#include "regs/config.h"

namespace turnpike::config {

struct Message {
    std::uint32_t type = 0;
    std::vector<std::uint8_t> bytes;
    bool operator==(const Message&) const = default;
};

/// The message's bytes, with zeros in the padding between its members so that equal messages are equal bytes.
#define MESSAGE(number, name) Message encode(const regs::config::name& message);
#define MEMBER(type, field)
#define ARRAY(type, field, n)
#define END(name)
#include "regs/config.def"
#undef MESSAGE
#undef MEMBER
#undef ARRAY
#undef END

}  // namespace turnpike::config
