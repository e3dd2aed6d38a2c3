// SPDX-License-Identifier: Apache-2.0
// The programs of guests.S: position-independent bytes to copy into a guest.
#pragma once
#include <cstdint>
#include <span>

#define GUEST(name)                                                                         \
    extern "C" const std::uint8_t guest_##name[], guest_##name##_end[];                     \
    inline std::span<const std::uint8_t> name##_program() {                                 \
        return {guest_##name, static_cast<std::size_t>(guest_##name##_end - guest_##name)}; \
    }
GUEST(counter)
GUEST(faults)
GUEST(stages)
GUEST(mixed)
GUEST(stride)
#undef GUEST
