// SPDX-License-Identifier: Apache-2.0
// Where things lie in the memory of a guest that runs wild.
#pragma once
#include <cstdint>

namespace turnpike::wild::layout {

inline constexpr std::uint64_t kMemoryBytes = 0x200000;
inline constexpr std::uint64_t kBoot = 0x700;
inline constexpr std::uint64_t kGdtr = 0x800;
inline constexpr std::uint64_t kIdtr = 0x810;
inline constexpr std::uint64_t kFrames = 0x900;  ///< one for the IRETQ of each core's boot
inline constexpr std::uint64_t kIdt = 0x4000;
inline constexpr std::uint64_t kGdt = 0x5000;
inline constexpr std::uint64_t kTss = 0x6000;  ///< a core's each 0x100
inline constexpr std::uint64_t kStacks = 0x8000;
inline constexpr std::uint64_t kStackBytes = 0x1000;
inline constexpr std::uint64_t kTables = 0x20000;  ///< PML4, PDPT, PD, then page tables
inline constexpr std::uint64_t kCode = 0x120000;   ///< where the generator's samples have theirs, and data and stack
inline constexpr std::uint64_t kCodeBytes = 0x8000;
inline constexpr std::uint64_t kData = 0x130000;
inline constexpr std::uint64_t kDevice = 0xE0000000;
inline constexpr std::uint64_t kDeviceBytes = 0x1000;

}  // namespace turnpike::wild::layout
