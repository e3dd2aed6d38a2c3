// SPDX-License-Identifier: Apache-2.0
// What the measuring process is asked for and what it answers, in memory that both processes see.
#pragma once
#include <array>

#include "bench/silicon/program.h"

namespace turnpike::silicon {

constexpr unsigned kMostPasses = 64;
constexpr unsigned kMostSamples = 32;
constexpr u64 kChainAdditions = 512;  ///< of the shorter chain; the longer has three times as many

enum class Failure : u8 {
    none,
    illegal_instruction,
    division,
    protection,      ///< a general-protection fault: not canonical, or privileged
    no_such_page,    ///< an address where no page can be put
    jumps_away,      ///< to where no code is
    writes_code,     ///< into the pages of its own code
    too_many_pages,  ///< more than L1 holds
    system_call,     ///< SYSCALL, SYSENTER or INT 80
    trap,            ///< a debug or alignment exception
    endless,         ///< does not come to its end
    counter_lost,    ///< the performance counter was taken away
};

struct Job {
    u32 bytes;
    std::array<u8, kCodeBytes> program;  ///< of the longer run
    u64 leave;
    u64 shorter_end;  ///< where `way_out` makes it the shorter run
    Jump way_out;
    u32 passes, samples;  ///< an even number of samples
    u32 most_pages;
};

struct Ticks {
    std::array<u64, kMostSamples> shorter, longer, shorter_chain, longer_chain;
};

struct Answer {
    Failure failure;
    u64 address;  ///< of the access or the instruction that failed
    u32 pages;    ///< that the longer run touched
    std::array<Ticks, kMostPasses> passes;
};

struct ClockReport {
    bool counter;  ///< a performance counter, else the time-stamp counter
    u32 number;    ///< for RDPMC
    u64 mask;      ///< of the clock's bits
    int error;     ///< errno of perf_event_open where there is no counter; 0: it was not tried
};

struct Shared {
    ClockReport clock;
    Job job;
    Answer answer;
};

}  // namespace turnpike::silicon
