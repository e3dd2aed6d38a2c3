// SPDX-License-Identifier: Apache-2.0
// A micro-op as the scheduler sees it: where its operands come from, which ports it may take, when its results are
// there. Everything that does not change between two executions of a block is resolved here, once.
#pragma once
#include <array>

#include "models/cpu/timing.h"

namespace turnpike::cpu::scheduled {

/// Whose readiness is tracked: the general registers by number, two flag groups (INC keeps CF), and the values that
/// pass between the micro-ops of one instruction.
inline constexpr u8 kCarry = 16, kFlags = 17, kLoaded = 18, kResult = 19, kLock = 20;
inline constexpr u8 kSink = 21;    ///< results that nobody asks for
inline constexpr u8 kAlways = 22;  ///< ready from the start
inline constexpr u8 kPlaces = 24;

/// 16 ports, a bit each, in each quarter of the word: so the calendar of the ports looks at four cycles at once.
using PortSet = u64;
inline constexpr PortSet kEachCycle = 0x0001'0001'0001'0001;

enum class Kind : u8 {
    nothing,  ///< takes dispatch slots only
    move,     ///< eliminated: dst[0] is where src[0] is
    swap,     ///< eliminated exchange of src[0] and src[1]
    compute,  ///< from up to three operands to one result and flags
    wide,     ///< a computation with more of either
    sync,     ///< a computation only if the stack engine holds a difference to RSP
    load,
    store,
    divide,     ///< a computation that holds its port longer or whose time depends on its data
    lock,       ///< opens a locked read-modify-write
    serialise,  ///< everything before retires first
    string,
};

/// What is known of a place beside when it is ready: how its writer stands in a chain of single-cycle operations, and
/// the writer's number. Micro-ops so far apart that they share a number are never ready at the same time, since far
/// fewer are in flight.
inline constexpr unsigned kVersionBits = 16;
inline constexpr unsigned kNumberBits = 14;
inline constexpr u16 kNoLink = 0, kFirstLink = 1U << kNumberBits, kLaterLink = 2U << kNumberBits;
inline constexpr u16 kNotWaited = 3U << kNumberBits;

/// Results by role: two registers with a latency each, then the flag groups with the first one's.
enum ResultRole : u8 { kFirst, kSecond, kToCarry, kToFlags, kRoles };

/// Where a micro-op's operands come from. Loads and stores: the address in src[0] and src[1], a store's data in src[2].
struct Operands {
    u16 expression = 0;  ///< how the address is written
    std::array<u8, 6> src{kAlways, kAlways, kAlways, kAlways, kAlways, kAlways};

    u8 base() const { return src[0]; }
    u8 index() const { return src[1]; }
};
static_assert(sizeof(Operands) == 8);

struct alignas(16) MicroOp : Operands {
    Kind kind = Kind::nothing;
    u8 slots = 0;
    bool new_line = false;   ///< the first of its code line in this block
    bool rmw = false;        ///< the load of a read-modify-write
    bool renamable = false;  ///< a load that memory renaming can serve
    u8 latency = 0;
    u8 second_latency = 0;
    u8 busy = 1;
    u8 access = 0;
    u8 bytes = 0;
    u8 bits_per_cycle = 0;
    u8 bits_per_busy = 0;
    u16 link = kNoLink;  ///< of its result; kFirstLink: a later one if it waited for a link
    PortSet ports = 0;
    PortSet data_ports = 0;  ///< of a store's data; of an operation's issue in vain
    std::array<u8, kRoles> dst{kSink, kSink, kSink, kSink};
    u32 advance = 0;  ///< of dispatch, fractions of a cycle; for the way in which the block was entered last
};
static_assert(sizeof(MicroOp) == 48);

/// What the stack engine holds at the end of a block.
enum class StackState : u8 { as_before, clean, dirty };

}  // namespace turnpike::cpu::scheduled
