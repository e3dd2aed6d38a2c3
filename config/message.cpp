// SPDX-License-Identifier: Apache-2.0
#include "config/message.h"

#include <cstddef>
#include <cstring>

namespace turnpike::config {

#define MESSAGE(number, name)                           \
    Message encode(const regs::config::name& message) { \
        using Type = regs::config::name;                \
        std::vector<std::uint8_t> bytes(sizeof(Type), 0u);
#define COPY(field) std::memcpy(bytes.data() + offsetof(Type, field), &message.field, sizeof(message.field));
#define MEMBER(type, field) COPY(field)
#define ARRAY(type, field, n) COPY(field)
#define END(name)                                  \
    return Message{Type::kType, std::move(bytes)}; \
    }
#include "regs/config.def"
#undef MESSAGE
#undef COPY
#undef MEMBER
#undef ARRAY
#undef END

}  // namespace turnpike::config
