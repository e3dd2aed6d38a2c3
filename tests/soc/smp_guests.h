// SPDX-License-Identifier: Apache-2.0
// The programs of smp_guests.S, to be copied to 0x10000; the start-up page of the other cores is 0x11.
#pragma once
#include <cstdint>
#include <span>

#define GUEST(name)                                                                   \
    extern "C" const std::uint8_t smp_##name[], smp_##name##_end[];                   \
    inline std::span<const std::uint8_t> name##_guest() {                             \
        return {smp_##name, static_cast<std::size_t>(smp_##name##_end - smp_##name)}; \
    }
GUEST(spin_lock)
GUEST(locked_release)
GUEST(queue)
GUEST(ping_pong)
GUEST(ring)
GUEST(handler)
GUEST(nmi)
GUEST(nmi_handler)
GUEST(readers)
#undef GUEST
