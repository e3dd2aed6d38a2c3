// SPDX-License-Identifier: Apache-2.0
// A piece of code with the state it starts from, and the state in which a processor left it.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/cpu/host/layout.h"

namespace turnpike::host {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

inline constexpr u64 kControl = HOST_CONTROL;
inline constexpr u64 kCode = HOST_CODE;
inline constexpr u64 kData = HOST_DATA;
inline constexpr u64 kDataBytes = HOST_DATA_BYTES;
inline constexpr u64 kStack = HOST_STACK;
inline constexpr u64 kStackBytes = HOST_STACK_BYTES;
inline constexpr u64 kStackTop = kStack + 0x800;  ///< RSP at the start
inline constexpr u64 kPage = 0x1000;

/// Rights of the pages from HOST_GUARD on, each of which shows the data.
enum Rights : u8 { kNone, kRead = 1, kWrite = 2, kExecute = 4 };
inline constexpr u8 kGuardPages[] = {
    kNone,
    kRead | kWrite,
    kNone,
    kRead | kWrite,
    kRead,
    kRead | kWrite,
    kRead | kWrite | kExecute,
    kNone,
    kRead | kWrite | kExecute,
    kRead | kWrite | kExecute,
    kRead | kWrite,
    kNone,
};
inline constexpr u64 guard_page(unsigned number) { return HOST_GUARD + number * kPage; }
/// Segment bases during a sample: a far one, and one that reaches the window by wrapping around.
inline constexpr u64 kFsBase = 0x0000'1234'5678'9000;
inline constexpr u64 kGsBase = 0xFFFF'8765'4321'0FF0;

/// An instruction with what sets it up before and puts the state right behind it.
struct Unit {
    u16 begin;
    u16 instruction;  ///< offset of the instruction that the unit is about
    u16 end;
};

struct Sample {
    static constexpr unsigned kMaxCode = 1024;
    std::array<u64, 16> registers{};
    u64 flags = 0;
    u64 at = kCode;         ///< address of the code
    u32 memory_offset = 0;  ///< the window's first contents, from this offset of the memory pool
    bool user = false;      ///< only at privilege 3 and with page tables is it what the host runs
    bool too_odd = false;   ///< for Unicorn, which ends its process over it: rewritten code, LOCK where it must not be
    std::vector<u8> code;
    std::vector<Unit> units;
};

/// Bytes of memory compared: data, then stack.
inline constexpr unsigned kWindow = HOST_DATA_BYTES + HOST_STACK_BYTES;
inline constexpr unsigned kPoolBytes = 1 << 16;
inline constexpr u64 kNoException = 0xFF;
/// Flags that programs see: the arithmetic ones and DF.
inline constexpr u64 kComparedFlags = 0xCD5;
inline constexpr u64 kFlagsAlways = 0x202;  ///< IF, and the bit that is always 1

struct Outcome {
    std::array<u64, 16> registers{};
    u64 flags = 0;
    u64 exception = kNoException;  ///< vector, or none: the code ran to its end
    u64 error_code = 0;
    u64 rip = 0;  ///< where the exception came, else 0
    u64 cr2 = 0;  ///< of a page fault, else 0
    std::array<u8, kWindow> memory{};

    bool operator==(const Outcome&) const = default;
};

/// jmp [kControl + offset]
constexpr std::array<u8, 7> jump_through(u32 offset) {
    const u32 at = HOST_CONTROL + offset;
    return {0xFF, 0x24, 0x25, static_cast<u8>(at), static_cast<u8>(at >> 8), static_cast<u8>(at >> 16), 0};
}
inline constexpr std::array<u8, 7> kJumpToExit = jump_through(HOST_EXIT);
/// Lies in the data, too: a core that comes through it has decoded code in the page of the data.
inline constexpr std::array<u8, 7> kJumpToEntry = jump_through(HOST_ENTRY);
inline constexpr u64 kJumpInData = kData + kDataBytes - 8;

/// Whether AMD made the host's processor; every other one is taken for Intel's.
bool host_is_amd();

/// Random bytes from which the window is filled.
std::vector<u8> memory_pool(u64 seed);

/// `sample` with its first `units` units only.
Sample shortened(const Sample& sample, std::size_t units);

/// What differs, in words; empty where nothing does.
std::string difference(const Outcome& expected, const Outcome& found, const char* expected_name,
                       const char* found_name);
std::string disassembly(const Sample& sample, std::size_t first_unit);
/// Mnemonic of the unit's instruction ("imul"), or "(invalid)".
std::string mnemonic(const Sample& sample, const Unit& unit);

}  // namespace turnpike::host
